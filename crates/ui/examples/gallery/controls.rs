//! The small primitives, each in its states.

use leptos::prelude::*;
use ui::*;

pub fn view() -> AnyView {
    view! {
        <main>
            <Section>
                <PageHead title="Controls"/>
                <Cards>
                    <Card title="Buttons">{buttons()}</Card>
                    <Card title="States">{states()}</Card>
                    <Card title="Messages">{messages()}</Card>
                    <Card title="Progress">{progress()}</Card>
                    <Card title="Fullness">{fullness()}</Card>
                    <Card title="Fields">{fields()}</Card>
                    <Card title="Choices">{choices()}</Card>
                    <Card title="Menus">{menus()}</Card>
                    <Card title="Icons">{icons()}</Card>
                    <Card title="Nothing here">{nothing()}</Card>
                </Cards>
            </Section>
        </main>
    }
    .into_any()
}

fn buttons() -> AnyView {
    let refused =
        Signal::derive(|| Some("\"Run\" is not possible while the virtual machine is Up.".to_owned()));
    view! {
        <div class="dr-head__actions">
            <Button kind=ButtonKind::Primary>"Create"</Button>
            <Button icon=Icon::Edit>"Edit"</Button>
            <Button kind=ButtonKind::Tertiary>"Tertiary"</Button>
            <Button kind=ButtonKind::Danger icon=Icon::Remove>"Remove"</Button>
            <Button kind=ButtonKind::Link>"Cancel"</Button>
            <Button kind=ButtonKind::Plain icon=Icon::Refresh label="Refresh"/>
            <Button icon=Icon::Play refused=refused>"Run"</Button>
            <Button kind=ButtonKind::Primary busy=true>"Saving"</Button>
            <Button small=true>"Small"</Button>
            <ButtonLink href="/vms/new" icon=Icon::Plus>"New VM"</ButtonLink>
            <ButtonLink href="/vms/new" refused=refused>"Refused link"</ButtonLink>
            <NotificationBadge href="/events" label="3 alerts" count=3/>
            <NotificationBadge href="/events" label="No alerts" count=0/>
        </div>
    }
    .into_any()
}

fn states() -> AnyView {
    view! {
        <DescriptionList>
            <Detail term="Up"><Status text="Up" tone=Tone::Success icon=Icon::Up/></Detail>
            <Detail term="Down"><Status text="Down"/></Detail>
            <Detail term="Powering up"><Status text="Powering Up" tone=Tone::Info turning=true/></Detail>
            <Detail term="Paused"><Status text="Paused" tone=Tone::Warning icon=Icon::PausedDisc/></Detail>
            <Detail term="Failed"><Status text="Not Responding" tone=Tone::Danger/></Detail>
            <Detail term="Labels">
                <Label text="thin"/>" "<Label text="bootable" tone=Tone::Info/>" "<Label text="ok" tone=Tone::Success/>" "
                <Label text="next start" tone=Tone::Warning icon=Icon::Clock/>" "<Label text="error" tone=Tone::Danger/>" "
                <Badge count=12/>
            </Detail>
        </DescriptionList>
    }
    .into_any()
}

fn messages() -> AnyView {
    view! {
        <div class="dr-form">
            <Banner tone=Tone::Warning>"The connection is lost. Trying again\u{2026}"</Banner>
            <Alert tone=Tone::Danger tone_label="Danger alert:" title="No host of the cluster Lab can run web1 now.">
                <p>"kvm1: has 1.2 GiB of memory free, 8 GiB are needed"</p>
            </Alert>
            <Alert tone=Tone::Warning tone_label="Warning alert:" title="kvm2: the lock manager is off."/>
            <Alert tone=Tone::Success tone_label="Success alert:" title="The host answers." close_label="Close" on_close=|()| ()/>
            <Alert tone=Tone::Info tone_label="Info alert:" plain=true title="What cannot change now is applied at the next start."/>
        </div>
    }
    .into_any()
}

fn progress() -> AnyView {
    let curve: Vec<f32> = (0..60).map(|n| 40.0 + 35.0 * (n as f32 / 6.0).sin()).collect();
    view! {
        <div class="dr-form">
            <Progress label="Copying the template's disk" value=Signal::derive(|| Some(42.0))/>
            <Progress label="Waiting for the host" value=Signal::derive(|| None)/>
            <Progress label="Storage" value=Signal::derive(|| Some(93.0)) tone=Tone::Danger/>
            <div><UseBar label="Memory" percent=Signal::derive(|| Some(37.0))/>" "<UseBar label="CPU" percent=Signal::derive(|| Some(96.0))/></div>
            <Sparkline label="CPU use of the last hour" values=curve/>
            <Skeleton lines=3 label="Loading"/>
            <div><Spinner label="Loading"/></div>
        </div>
    }
    .into_any()
}

fn fields() -> AnyView {
    let error = Signal::derive(|| Some("Use letters, digits and the characters - _ . only.".to_owned()));
    let locked = Signal::derive(|| Some("Cannot change while the virtual machine runs.".to_owned()));
    view! {
        <Form id="gallery" action="/none" attempt=0 error_label="Danger alert:"
            submit_error=Signal::derive(|| Some("A virtual machine named web1 exists already.".to_owned()))>
            <TextField name="name" label="Name" required=true value="web 1" error=error/>
            <FormRow>
                <NumberField name="memory" label="Memory size" unit="MiB" value="2048" help="At least 256 MiB."/>
                <NumberField name="cpus" label="Virtual CPUs" value="2" locked=locked/>
            </FormRow>
            <PasswordField name="password" label="Password" value="" show_label="Show" hide_label="Hide"/>
            <TextArea name="description" label="Description" value="The first web server."/>
            <FormActions><Button kind=ButtonKind::Primary submit=true>"Save"</Button><Button kind=ButtonKind::Link>"Cancel"</Button></FormActions>
        </Form>
    }
    .into_any()
}

fn choices() -> AnyView {
    let clusters = vec![
        Choice::new("a", "Lab").group("Default"),
        Choice::new("b", "Production").group("Default"),
        Choice::new("c", "Edge").group("Branch"),
    ];
    let kinds = vec![
        Choice::new("thin", "Thin").help("Takes space when it is written."),
        Choice::new("preallocated", "Preallocated").help("Takes all its space now."),
    ];
    let error = Signal::derive(|| Some("Choose one of the list.".to_owned()));
    view! {
        <div class="pf-v6-c-form dr-form">
            <Select name="cluster" label="Cluster" choices=clusters.clone() value="b" help="Where the virtual machine runs."/>
            <Select name="template" label="Template" choices=clusters value="a" error=error required=true/>
            <RadioGroup name="allocation" label="Allocation" choices=kinds value="thin"/>
            <Checkbox name="protected" label="Delete protection" checked=true help="Nobody removes it by accident."/>
            <FormSection title="Advanced"><Checkbox name="headless" label="Headless" checked=false/></FormSection>
        </div>
    }
    .into_any()
}

fn menus() -> AnyView {
    let refused = Signal::derive(|| Some("Only while it is Down.".to_owned()));
    view! {
        <div class="dr-head__actions">
            <Dropdown label="More" end=true>
                <MenuItem text="Make Template" icon=Icon::Template/>
                <MenuItem text="Clone" refused=refused/>
                <MenuSeparator/>
                <MenuItem text="Remove" danger=true icon=Icon::Remove/>
            </Dropdown>
            <Dropdown label="Jobs" kind=ToggleKind::Plain icon=Icon::Jobs hide_label=true count=2><MenuItem text="One"/></Dropdown>
        </div>
        <Menu label="Theme">
            <MenuTitle><strong>"admin@internal"</strong>"Administrator"</MenuTitle>
            <MenuSeparator/>
            <MenuItem text="Light" icon=Icon::Sun chosen=true/>
            <MenuItem text="Dark" icon=Icon::Moon/>
            <MenuItem text="Clone" icon=Icon::Copy refused=refused/>
            <MenuSeparator/>
            <MenuItem text="Sign out" icon=Icon::LogOut href="/sign-out"/>
        </Menu>
    }
    .into_any()
}

fn icons() -> AnyView {
    let all = Icon::ALL
        .iter()
        .map(|icon| view! { <span title=format!("{icon:?}")><IconView icon=*icon/>" "</span> }.into_any());
    all.collect_view().into_any()
}

fn fullness() -> AnyView {
    let percents = [None, Some(12.0), Some(66.0), Some(82.0), Some(97.0)];
    let field = |percent: Option<f32>| Heat { name: "cluster-of-a-branch".into(), href: "#".into(), percent };
    view! {
        <div class="dr-share"><Donut label="CPU" percent=Some(42.0) caption="used"/><Donut label="Memory" percent=Some(93.0) caption="used"/></div>
        <HeatMap label="Clusters" fields=percents.map(field).to_vec()/>
    }
    .into_any()
}

fn nothing() -> AnyView {
    view! {
        <EmptyState icon=Icon::Monitor title="No virtual machines yet" small=true
            actions=|| view! { <ButtonLink kind=ButtonKind::Primary href="/vms/new">"New VM"</ButtonLink> }>
            "Create the first one from a template, or from an empty disk."
        </EmptyState>
    }
    .into_any()
}
