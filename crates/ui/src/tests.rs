//! What the server sends: each promise about markup that people without JavaScript, assistive technology or the
//! content security policy rely on.

use leptos::prelude::*;

use crate::*;

fn html(view: impl FnOnce() -> AnyView) -> String {
    Owner::new().with(|| view().to_html())
}

fn some(text: &str) -> Signal<Option<String>> {
    Signal::stored(Some(text.to_owned()))
}

#[test]
fn a_refused_button_stays_reachable_and_says_why() {
    let html = html(|| view! { <Button refused=some("It is Up.")>"Run"</Button> }.into_any());
    assert!(
        html.contains(r#"aria-disabled="true""#) && html.contains(r#"aria-description="It is Up.""#),
        "{html}"
    );
    assert!(!html.contains(" disabled"), "{html}");
}

#[test]
fn a_usable_button_has_no_trace_of_a_refusal() {
    let html = html(|| {
        let refused: Refused = Signal::stored(None);
        view! { <Button refused=refused>"Run"</Button> }.into_any()
    });
    assert!(!html.contains("aria-disabled") && !html.contains("dr-tip__bubble"), "{html}");
}

#[test]
fn a_refused_link_leads_nowhere() {
    let html =
        html(|| view! { <ButtonLink href="/vms/new" refused=some("No.")>"New"</ButtonLink> }.into_any());
    assert!(!html.contains("href") && html.contains(r#"role="link""#), "{html}");
}

#[test]
fn a_field_points_at_its_message_and_its_help() {
    let field = || {
        view! { <TextField name="name" label="Name" value="web 1" error=some("No blanks.") help="Unique."/> }
            .into_any()
    };
    let html = html(field);
    assert!(html.contains(r#"for="field-name""#) && html.contains(r#"id="field-name""#), "{html}");
    assert!(html.contains(r#"aria-invalid="true""#), "{html}");
    assert!(html.contains(r#"aria-describedby="field-name-error field-name-help""#), "{html}");
    assert!(html.contains(r#"value="web 1""#) && html.contains("No blanks."), "{html}");
}

#[test]
fn typed_text_is_text_and_no_markup() {
    let field = || view! { <TextArea name="d" label="D" value="</textarea><script>"/> }.into_any();
    let html = html(field);
    assert!(!html.contains("<script>") && html.contains("&lt;/textarea&gt;&lt;script&gt;"), "{html}");
}

#[test]
fn a_password_is_never_sent_back() {
    let field = || {
        view! { <PasswordField name="p" label="P" value="s3cret" show_label="Show" hide_label="Hide"/> }
            .into_any()
    };
    assert!(!html(field).contains("s3cret"));
}

#[test]
fn a_locked_choice_is_still_submitted() {
    let choices = vec![Choice::new("a", "A"), Choice::new("b", "B").group("G")];
    let field = || {
        view! { <Select name="c" label="C" choices=choices value="b" locked=some("Not while it runs.")/> }
            .into_any()
    };
    let html = html(field);
    assert!(html.contains(r#"type="hidden" name="c" value="b""#), "{html}");
    assert!(html.contains("<optgroup") && html.contains("Not while it runs."), "{html}");
    assert_eq!(html.matches(" selected").count(), 1, "{html}");
}

#[test]
fn a_dialog_arrives_open_and_closes_by_a_link() {
    let dialog = || {
        view! { <Modal id="new" title="New" close_label="Close" close_href="/vms">"body"</Modal> }.into_any()
    };
    let html = html(dialog);
    assert!(html.contains("<dialog") && html.contains(" open"), "{html}");
    assert!(html.contains(r#"href="/vms""#) && html.contains(r#"aria-labelledby="new-title""#), "{html}");
}

#[test]
fn all_side_tabs_are_in_the_page_and_the_invalid_one_is_up() {
    let tabs = || {
        let tabs = vec![
            SideTab::new("general", "General", "one".into_any()),
            SideTab::new("system", "System", "two".into_any()).invalid(true),
        ];
        view! { <SideTabs label="Parts" invalid_label="has an error" attempt=0 tabs=tabs/> }.into_any()
    };
    let html = html(tabs);
    assert!(html.contains("one") && html.contains("two") && html.contains("has an error"), "{html}");
    let active = r#"id="panel-system" aria-labelledby="tab-system" class="dr-side-tabs__panel dr-is-active""#;
    assert!(html.contains(active), "{html}");
}

#[test]
fn the_tabs_of_a_pane_lead_to_pages_until_a_script_runs() {
    let pane = || {
        let tab = |id: &'static str, href: Option<&str>, body: &'static str| PaneTab {
            id,
            title: id.to_owned(),
            href: href.map(str::to_owned),
            body: (move || body).into(),
        };
        let tabs = vec![tab("tree", None, "the tree"), tab("tags", Some("/tags"), "the tags")];
        view! { <PaneTabs label="Left" shown=RwSignal::new("tree") tabs=tabs/> }.into_any()
    };
    let html = html(pane);
    assert!(html.contains("the tree") && !html.contains("the tags"), "{html}");
    assert!(html.contains(r##"href="#pane-tree""##) && html.contains(r#"href="/tags""#), "{html}");
    assert_eq!(html.matches(r#"role="tabpanel""#).count(), 2, "{html}");
}

#[test]
fn a_list_has_a_body_and_its_head_sorts_by_links() {
    let list = || {
        let columns =
            vec![Column::new("Name").sorted("?sort=name", Some(Order::Descending)), Column::new("Host")];
        view! { <Table label="VMs" columns=columns><Row><Cell>"web1"</Cell><Cell>"kvm1"</Cell></Row></Table> }
            .into_any()
    };
    let html = html(list);
    assert!(html.contains("<tbody") && html.contains(r#"aria-sort="descending""#), "{html}");
    assert!(html.contains(r#"href="?sort=name""#), "{html}");
}

#[test]
fn a_page_at_the_end_leads_no_further() {
    let paging = || {
        let texts = PagingTexts {
            label: "Pages".into(),
            range: "101 – 101 of 101".into(),
            first: "First".into(),
            previous: "Previous".into(),
            next: "Next".into(),
            last: "Last".into(),
            sizes: vec![(100, "100 per page".into())],
        };
        let href = |(page, size): (u32, u32)| format!("?page={page}&size={size}");
        view! { <Pagination paging=Paging { page: 2, size: 100, total: 101, more: false } texts=texts href=href/> }
            .into_any()
    };
    let html = html(paging);
    assert_eq!(html.matches("href=\"?page=1&amp;size=100\"").count(), 3, "{html}");
    assert_eq!(html.matches(r#"aria-disabled="true""#).count(), 2, "{html}");
}

fn heat(percent: Option<f32>) -> Heat {
    Heat { name: "lab".into(), href: "/clusters/1".into(), percent }
}

#[test]
fn a_ring_says_in_words_what_it_shows() {
    let ring =
        |percent| html(move || view! { <Donut label="CPU" percent=percent caption="used"/> }.into_any());
    let full = ring(Some(93.2));
    assert!(full.contains(r#"role="img""#) && full.contains(r#"aria-label="CPU: 93 % used""#), "{full}");
    assert!(full.contains("dr-is-danger") && full.contains(r#"stroke-dasharray="93.2 100""#), "{full}");
    let unknown = ring(None);
    assert!(unknown.contains("CPU: \u{2013} used") && !unknown.contains("dr-donut__arc"), "{unknown}");
}

#[test]
fn a_heat_map_is_a_list_of_links_with_their_numbers() {
    let map = || {
        let fields = [None, Some(10.0), Some(60.0), Some(80.0), Some(99.0)].map(heat).to_vec();
        view! { <HeatMap label="Clusters by CPU" fields=fields/> }.into_any()
    };
    let html = html(map);
    assert!(
        html.contains(r#"class="dr-heat""#) && html.contains(r#"aria-label="Clusters by CPU""#),
        "{html}"
    );
    assert_eq!(html.matches(r#"href="/clusters/1""#).count(), 5, "{html}");
    for part in ["low", "half", "high", "full"] {
        assert_eq!(html.matches(&format!("dr-heat--{part}")).count(), 1, "{part}: {html}");
    }
    assert!(html.contains("99 %") && html.contains('\u{2013}'), "{html}");
}

#[test]
fn nothing_styles_itself() {
    let all = || {
        view! {
            <Progress label="p" value=Signal::stored(Some(4.0))/>
            <UseBar label="u" percent=Signal::stored(Some(95.0_f32))/>
            <Sparkline label="s" values=vec![1.0_f32, 2.0]/>
            <Donut label="d" percent=Some(42.0) caption="used"/>
            <HeatMap label="h" fields=vec![heat(Some(95.0))]/>
            <Skeleton lines=3 label="l"/>
            <Split label="s" open=true below=|| "below">"above"</Split>
            <Dropdown label="Menu"><MenuItem text="One"/></Dropdown>
        }
        .into_any()
    };
    assert!(!html(all).contains("style="));
}
