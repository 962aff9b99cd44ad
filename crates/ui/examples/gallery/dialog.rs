//! The large dialog as the server sends it, and the sign-in page.

use leptos::prelude::*;
use ui::*;

pub fn view() -> AnyView {
    let footer = || {
        view! {
            <Button kind=ButtonKind::Link>"Cancel"</Button>
            <Button kind=ButtonKind::Primary submit=true form="vm">"Create"</Button>
        }
    };
    let nothing = Signal::derive(|| None::<String>);
    let tabs = vec![
        SideTab::new("general", "General", general()),
        SideTab::new(
            "system",
            "System",
            view! { <NumberField name="memory" label="Memory size" unit="MiB" value="0"/> }.into_any(),
        )
        .invalid(true),
        SideTab::new("console", "Console", ().into_any()),
    ];
    view! {
        {super::page::view()}
        <Modal id="new-vm" title="New Virtual Machine" close_label="Close" close_href="/vms" size=ModalSize::Large bare=true footer=footer>
            <Form id="vm" action="/vms/new" attempt=0 submit_error=nothing error_label="Danger alert:" bare=true>
                <SideTabs label="Parts of the form" invalid_label="has an error" attempt=0 tabs=tabs/>
            </Form>
        </Modal>
    }
    .into_any()
}

fn general() -> AnyView {
    let choices = vec![Choice::new("1", "Tiny Linux"), Choice::new("", "Blank")];
    let error = Signal::derive(|| Some("Enter a value.".to_owned()));
    view! {
        <TextField name="name" label="Name" value="" required=true error=error/>
        <TextField name="description" label="Description" value="The first web server"/>
        <FormRow>
            <Select name="cluster" label="Cluster" choices=vec![Choice::new("lab", "Lab")] value="lab"/>
            <Select name="template" label="Template" choices=choices value="1" help="The template brings its own disk."/>
        </FormRow>
        <FormSection title="Network interface">
            <FormRow>
                <Select name="network" label="Network" choices=vec![Choice::new("mgmt", "mgmt")] value="mgmt"/>
                <TextField name="mac" label="MAC address" value="" placeholder="Chosen for you"/>
            </FormRow>
        </FormSection>
        <Checkbox name="start" label="Start when created" checked=true/>
    }
    .into_any()
}

pub fn login() -> AnyView {
    let brand = super::page::brand;
    view! {
        <LoginPage brand=brand title="Sign in" subtitle="Administration portal" footer=|| "Drover 0.1.0">
            <Form id="sign-in" action="/sign-in" attempt=0 submit_error=Signal::derive(|| Some("The user name or the password is wrong.".to_owned())) error_label="Danger alert:">
                <TextField name="user" label="User name" value="admin@internal" autofocus=true/>
                <PasswordField name="password" label="Password" value="" show_label="Show" hide_label="Hide"/>
                <Button kind=ButtonKind::Primary submit=true>"Sign in"</Button>
            </Form>
        </LoginPage>
    }
    .into_any()
}
