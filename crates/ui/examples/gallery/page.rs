//! A whole page: the frame with its tree, the list tabs, a list and the details below.

use leptos::prelude::*;
use ui::*;

pub fn view() -> AnyView {
    view! {
        <PageFrame skip_label="Skip to the content" side_label="Tree" masthead=masthead side=side footer=footer>
            {main()}
        </PageFrame>
    }
    .into_any()
}

pub fn brand() -> impl IntoView {
    view! {
        <span class="dr-brand">
            <svg class="dr-brand__mark" viewBox="0 0 32 32" aria-hidden="true"><rect class="dr-brand__body" x="1" y="1" width="30" height="30" rx="8"></rect></svg>
            <span class="dr-brand__name">"Drover"</span>
        </span>
    }
}

fn masthead() -> impl IntoView {
    let toggle = || view! { <SideToggle label="Show or hide the tree" on_press=|()| ()/> };
    view! {
        <Masthead brand=brand home="/" home_label="Drover, home" toggle=toggle>
            <div class="dr-masthead__end">
                <Dropdown label="Jobs" kind=ToggleKind::Plain icon=Icon::Jobs hide_label=true count=1 end=true><MenuItem text="One"/></Dropdown>
                <NotificationBadge href="/events" label="2 alerts" count=2/>
                <Dropdown label="admin@internal" kind=ToggleKind::Plain icon=Icon::User end=true><MenuItem text="Sign out"/></Dropdown>
            </div>
        </Masthead>
    }
}

fn node(level: u32, text: &str, icon: Icon, open: Option<bool>, count: Option<u32>) -> TreeRow {
    TreeRow {
        id: format!("{level}-{text}"),
        level,
        position: (1, 1),
        text: text.into(),
        href: "#".into(),
        icon,
        tone: Tone::Neutral,
        state: None,
        count,
        open,
        current: text == "VMs",
        presses: false,
    }
}

fn side() -> impl IntoView {
    let mut rows = vec![
        node(1, "System", Icon::System, Some(true), None),
        node(2, "Default", Icon::Building, Some(true), None),
        node(3, "Storage", Icon::StorageDomain, Some(false), Some(1)),
        node(3, "Networks", Icon::Network, Some(false), Some(2)),
        node(3, "Templates", Icon::Template, Some(false), Some(1)),
        node(3, "Clusters", Icon::Layers, Some(true), Some(1)),
        node(4, "Lab", Icon::Layers, Some(true), None),
        node(5, "Hosts", Icon::Server, Some(true), Some(3)),
        node(6, "kvm1.lab.example.org", Icon::Server, None, None),
        node(6, "kvm2", Icon::Server, None, None),
        node(5, "VMs", Icon::Monitor, Some(true), Some(2)),
        node(6, "web1", Icon::Up, None, None),
        node(6, "db1", Icon::Off, None, None),
    ];
    rows[11].tone = Tone::Success;
    rows[9].tone = Tone::Danger;
    view! {
        <div class="dr-pane__head">
            <h2 class="dr-pane__title">"Tree"</h2>
            <Button kind=ButtonKind::Plain small=true icon=Icon::ExpandAll label="Expand all"/>
            <Button kind=ButtonKind::Plain small=true icon=Icon::CollapseAll label="Collapse all"/>
        </div>
        <div class="dr-pane__body"><TreeView label="Tree" rows=rows on_toggle=|_| ()/></div>
    }
}

fn footer() -> impl IntoView {
    view! {
        <div class="dr-last">
            <span class="dr-is-success"><IconView icon=Icon::Success/></span>
            <span class="dr-last__text">"The VM web1 runs on the host kvm1. "<time>"2 minutes ago"</time></span>
            <a href="/events">"Events"</a>
        </div>
    }
}

fn main() -> AnyView {
    let tabs = [
        ("Data Centers", Icon::Building),
        ("Clusters", Icon::Layers),
        ("Hosts", Icon::Server),
        ("Networks", Icon::Network),
        ("Storage", Icon::StorageDomain),
        ("Disks", Icon::HardDrive),
        ("Virtual Machines", Icon::Monitor),
        ("Templates", Icon::Template),
        ("Events", Icon::Events),
        ("Jobs", Icon::Jobs),
    ];
    let tabs = tabs.map(
        |(text, icon)| view! { <Tab href="#" current=text == "Virtual Machines" icon=icon>{text}</Tab> },
    );
    let path = vec![
        ("System".to_owned(), Some("/".to_owned())),
        ("Default".into(), Some("/".into())),
        ("Lab".into(), None),
    ];
    view! {
        <div class="dr-page">
            <Tabs label="Lists">{tabs.into_iter().collect_view()}</Tabs>
            <Section><Breadcrumb label="Where you are" path=path/></Section>
            {toolbar()}
            <Split label="Height of the details" open=true below=details>{list()}</Split>
        </div>
    }
    .into_any()
}

fn toolbar() -> AnyView {
    let paging = Paging { page: 1, size: 100, total: 240, more: false };
    let texts = PagingTexts {
        label: "Pages".into(),
        range: "1 \u{2013} 100 of 240".into(),
        first: "First".into(),
        previous: "Previous".into(),
        next: "Next".into(),
        last: "Last".into(),
        sizes: vec![(25, "25 per page".into()), (100, "100 per page".into())],
    };
    let refused = Signal::derive(|| Some("Choose one virtual machine.".to_owned()));
    view! {
        <Toolbar label="Actions">
            <ToolbarGroup>
                <ButtonLink kind=ButtonKind::Primary href="/vms/new" icon=Icon::Plus>"New"</ButtonLink>
                <Button icon=Icon::Edit>"Edit"</Button>
                <Button icon=Icon::Play refused=refused>"Run"</Button>
                <Button icon=Icon::Power>"Shutdown"</Button>
                <Button icon=Icon::Restart>"Reboot"</Button>
                <Button icon=Icon::Terminal>"Console"</Button>
                <Dropdown label="More" kind=ToggleKind::Secondary><MenuItem text="Remove" danger=true/></Dropdown>
            </ToolbarGroup>
            <ToolbarEnd><Pagination paging=paging texts=texts href=|(page, size): (u32, u32)| format!("?page={page}&size={size}")/></ToolbarEnd>
        </Toolbar>
    }
    .into_any()
}

fn list() -> AnyView {
    let columns = vec![
        Column::new("Status").sorted("?sort=status", None),
        Column::new("Name").sorted("?sort=name", Some(Order::Ascending)),
        Column::new("Host").sorted("?sort=host", None),
        Column::new("IP Addresses"),
        Column::new("Cluster").sorted("?sort=cluster", None),
        Column::new("Memory").end(),
        Column::new("CPU").end(),
        Column::new("Uptime").end(),
        Column::new("Description"),
    ];
    let all =
        SelectAll { label: "Select all".into(), checked: false.into(), on_change: Callback::new(|_| ()) };
    let rows = (1..=30).map(|n| row(n, n == 2));
    view! { <Table label="Virtual machines" columns=columns select_all=all>{rows.collect_view()}</Table> }
        .into_any()
}

fn row(n: u32, current: bool) -> AnyView {
    let (tone, icon, text) = match n % 4 {
        0 => (Tone::Neutral, Icon::Off, "Down"),
        1 => (Tone::Success, Icon::Up, "Up"),
        2 => (Tone::Info, Icon::Hourglass, "Powering Up"),
        _ => (Tone::Danger, Icon::Danger, "Not Responding"),
    };
    let percent = Signal::derive(move || (!n.is_multiple_of(4)).then_some(n as f32 * 11.0));
    view! {
        <Row current=current on_press=|_| ()>
            <SelectCell label=format!("Select web{n}") name="id" value=n.to_string() checked=current on_change=|_| ()/>
            <Cell title="Status"><Status text=text tone=tone icon=icon turning=n % 4 == 2/></Cell>
            <Cell title="Name"><a class="dr-name" href="#">{format!("web{n}")}</a></Cell>
            <Cell title="Host"><a href="#">"kvm1"</a></Cell>
            <Cell title="IP Addresses">{format!("10.30.0.{n}")}</Cell>
            <Cell title="Cluster"><a href="#">"Lab"</a></Cell>
            <Cell title="Memory" end=true><UseBar label="Memory" percent=percent/></Cell>
            <Cell title="CPU" end=true><UseBar label="CPU" percent=percent/></Cell>
            <Cell title="Uptime" end=true>"3 h 12 min"</Cell>
            <Cell title="Description" truncate=true>"The first web server of the example"</Cell>
        </Row>
    }
    .into_any()
}

fn details() -> AnyView {
    let curve: Vec<f32> = (0..60).map(|n| 30.0 + 25.0 * (n as f32 / 5.0).sin()).collect();
    let tabs = ["General", "Disks", "Network Interfaces", "Guest", "Events"];
    let tabs = tabs.map(|text| view! { <Tab href="#" current=text == "General">{text}</Tab> });
    let beside = || view! { <Status text="Powering Up" tone=Tone::Info turning=true/> };
    let actions =
        || view! { <Button icon=Icon::Edit>"Edit"</Button><Button icon=Icon::Terminal>"Console"</Button> };
    view! {
        <PageHead title="web2" beside=beside actions=actions/>
        <Tabs label="Details" secondary=true>{tabs.into_iter().collect_view()}</Tabs>
        <Section>
            <Cards>
                <Card title="General">
                    <DescriptionList>
                        <Detail term="Template">"Tiny Linux"</Detail>
                        <Detail term="Memory">"2 GiB"</Detail>
                        <Detail term="Virtual CPUs">"2 (1 socket, 2 cores)"</Detail>
                        <Detail term="FQDN">"web2.example.org"</Detail>
                    </DescriptionList>
                </Card>
                <Card title="Use"><Sparkline label="CPU" values=curve/></Card>
            </Cards>
        </Section>
    }
    .into_any()
}
