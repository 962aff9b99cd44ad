//! The table of a list. Rows are keyed by id and each has a signal of its own, so a change repaints its cells and
//! nothing else, and a refetch keeps what is there.

use std::collections::{BTreeSet, HashMap};

use leptos::ev::MouseEvent;
use leptos::prelude::*;
use leptos::tachys::view::Position;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate};
use model::list::ListQuery;
use model::text::{t, ta};
use ui::{
    Cell, ContextMenu, Icon, MenuItem, MenuLink, MenuSeparator, Row, SelectAll, SelectCell, Skeleton, Split,
    Table,
};
use uuid::Uuid;

use super::Head;
use super::columns;
use super::empty::empty;
use super::head::{Bar, heads};
use super::kind::{Line, ListKind, Rows};
use super::many::{MANY_FORM, entries_of_many};
use super::picked::{Picked, SELECTED};
use crate::frame::is_wide;
use crate::later::{Entity, entity};
use crate::parts::action::{Act, entry};
use crate::parts::details::Place;
use crate::parts::fault::fault_view;
use crate::parts::finished::{Made, finished_html};
use crate::parts::waiting::Waiting;
use crate::paths::{self, Chosen};

/// What a list is in the middle of.
#[derive(Clone, Copy)]
pub struct Desk {
    pub kind: &'static ListKind,
    /// The columns that are shown, each with its number.
    pub columns: StoredValue<Vec<(usize, Head)>>,
    pub selected: Picked,
    /// Every row that is shown, as it is now.
    pub shown: StoredValue<HashMap<Uuid, RwSignal<Line>>>,
    /// Counts changes of `shown`.
    pub turn: RwSignal<u32>,
    /// Where the menu of the chosen row is open: at the pointer, or at the row's button.
    pub menu: RwSignal<Option<(i32, i32)>>,
    /// The address to come back to after a dialog.
    pub here: Signal<String>,
    pub query: Signal<ListQuery>,
    /// What the lower pane shows.
    pub below: Signal<Option<Chosen>>,
    /// The lines as HTML, once the server has made them.
    finished: Made,
}

impl Desk {
    /// The columns that stand there: in the basic view only those that it has.
    pub fn columns(self, advanced: bool) -> Vec<(usize, Head)> {
        let first = self.kind.basic.filter(|_| !advanced).unwrap_or(usize::MAX);
        self.columns.with_value(|all| all.iter().copied().filter(|(n, _)| *n < first).collect())
    }

    /// The one row that is chosen.
    pub fn chosen(self) -> Option<Line> {
        self.turn.track();
        let only = self.selected.only()?;
        let shown = self.shown.with_value(|rows| rows.get(&only).copied()).map(|row| row.get());
        shown.or_else(|| self.selected.rows().into_iter().next().flatten())
    }

    /// The row as it is shown now.
    fn row(self, id: Uuid) -> Option<Line> {
        self.shown.with_value(|rows| rows.get(&id).copied()).map(|row| row.get_untracked())
    }

    fn choose(self, id: Uuid) {
        self.selected.choose(id, self.row(id));
    }

    fn put(self, id: Uuid, on: bool) {
        self.selected.put(id, self.row(id), on);
    }

    /// The address of this list with a part of one object in the lower pane.
    fn showing(self, id: Uuid, part: &str) -> String {
        let chosen = Chosen { id, part: part.to_owned() };
        self.query.with(|query| paths::list_showing(self.kind.tab, query, Some(&chosen)))
    }

    /// The same with the part that is shown now, of whatever object.
    fn showing_same(self, id: Uuid) -> String {
        let part = self.below.with(|below| below.as_ref().map(|b| b.part.clone()));
        self.showing(id, &part.unwrap_or_default())
    }
}

/// What stands under the bar.
#[derive(Clone, PartialEq)]
enum Shape {
    Loading,
    Failed(crate::api::ApiError),
    Empty,
    /// With all columns or with those of the basic view.
    Rows(bool),
}

#[component]
pub fn ListBody(
    kind: &'static ListKind,
    rows: Rows,
    query: Signal<ListQuery>,
    chosen: Signal<Option<Chosen>>,
    patched: RwSignal<Option<Line>>,
    picked: Picked,
    main: bool,
) -> impl IntoView {
    let location = use_location();
    picked.add(chosen.with_untracked(|c| c.iter().map(|c| c.id).collect()));
    let desk = Desk {
        kind,
        columns: StoredValue::new(columns::of_list(kind)),
        selected: picked,
        shown: StoredValue::new(HashMap::new()),
        turn: RwSignal::new(0),
        menu: RwSignal::new(None),
        here: Signal::derive(move || {
            format!("{}{}", location.pathname.get(), with_mark(&location.search.get()))
        }),
        query,
        below: chosen,
        finished: StoredValue::new(None),
    };
    keep_rows(rows, patched, desk);
    let list = move || {
        view! {
            <Waiting lines=6>
                // The boundary waits for what is read right here.
                {move || { rows.page.track(); }}
                {content(rows, query, desk, main)}
            </Waiting>
        }
        .into_any()
    };
    if !main {
        return list();
    }
    let open = Signal::derive(move || kind.below && desk.below.with(Option::is_some));
    view! {
        <Bar rows=rows query=query desk=desk/>
        <Split label=t("list-below-height") open=open below=move || below(desk) share=kept_share()>{list()}</Split>
        {menu(desk)}
    }
    .into_any()
}

/// The details of the chosen object. Only another object makes them anew; another part of it does not.
fn below(desk: Desk) -> AnyView {
    let id = Memo::new(move |_| desk.below.with(|b| b.as_ref().map(|b| b.id)));
    let part =
        Memo::new(move |_| desk.below.with(|b| b.as_ref().map(|b| b.part.clone())).unwrap_or_default());
    let one = move |id: Uuid| {
        let href = Callback::new(move |part: &'static str| desk.showing(id, part));
        let close = Signal::derive(move || desk.query.with(|query| paths::list_with(desk.kind.tab, query)));
        entity(Entity::Below(desk.kind.tab, id, Place { part, href, close: Some(close) }))
    };
    (move || id.get().filter(|_| desk.kind.below).map(one)).into_any()
}

/// The lower pane's share of the height, as it was left in this browser.
fn kept_share() -> RwSignal<f64> {
    const KEPT: &str = "drover-details-share";
    let share = RwSignal::new(ui::DEFAULT_SHARE);
    Effect::new(move |before: Option<()>| {
        let now = share.get();
        let Some(storage) = window().local_storage().ok().flatten() else { return };
        if before.is_some() {
            // Full or forbidden: then it is forgotten.
            let _ = storage.set_item(KEPT, &now.to_string());
        } else if let Some(kept) = storage.get_item(KEPT).ok().flatten().and_then(|kept| kept.parse().ok()) {
            share.set(kept);
        }
    });
    share
}

/// The query of an address as it stands in one.
pub fn with_mark(search: &str) -> String {
    match search {
        "" => String::new(),
        s if s.starts_with('?') => s.to_owned(),
        s => format!("?{s}"),
    }
}

fn content(rows: Rows, query: Signal<ListQuery>, desk: Desk, main: bool) -> AnyView {
    let shape = Memo::new(move |_| match rows.page.get() {
        None => Shape::Loading,
        Some(Err(error)) => Shape::Failed(error),
        Some(Ok(page)) if page.rows.is_empty() => Shape::Empty,
        Some(Ok(_)) => Shape::Rows(query.with(|q| q.advanced)),
    });
    (move || match shape.get() {
        Shape::Loading => view! { <Skeleton lines=6 label=t("page-loading")/> }.into_any(),
        Shape::Failed(error) => fault_view(error),
        Shape::Empty => empty(desk.kind, query, main),
        Shape::Rows(advanced) => table(rows, query, desk, (main, advanced)),
    })
    .into_any()
}

fn table(rows: Rows, query: Signal<ListQuery>, desk: Desk, (main, advanced): (bool, bool)) -> AnyView {
    let page = move || rows.get().map(|page| page.rows).unwrap_or_default();
    let all = move || {
        let ids: BTreeSet<Uuid> = page().iter().map(|row| row.id()).collect();
        !ids.is_empty() && ids.iter().all(|id| desk.selected.has(*id))
    };
    let select_all = SelectAll {
        label: t("list-select-all"),
        checked: Signal::derive(all),
        on_change: Callback::new(move |on: bool| {
            // As they are now: the stream may have brought news of them.
            let now = |row: Line| desk.row(row.id()).unwrap_or(row);
            desk.selected.page(page().into_iter().map(now).collect(), on);
        }),
    };
    let heads = heads(query, desk, main);
    let body = if cfg!(target_arch = "wasm32") {
        view! { <For each=page key=|row| row.id() let:row>{line(row, desk, (main, advanced))}</For> }
            .into_any()
    } else {
        finished_html(desk.finished, || lines(page(), desk, (main, advanced)))
    };
    let label = desk.kind.tab.label();
    if main && desk.kind.has_deeds() {
        view! { <Table label=label columns=heads select_all=select_all>{body}</Table> }.into_any()
    } else {
        view! { <Table label=label columns=heads>{body}</Table> }.into_any()
    }
}

/// What a line comes to, about.
const LINE: usize = 4096;

/// All lines, as the server has them.
fn lines(rows: Vec<Line>, desk: Desk, shape: (bool, bool)) -> String {
    let mut html = String::with_capacity(rows.len() * LINE);
    for row in rows {
        let position = &mut Position::FirstChild;
        line(row, desk, shape).to_html_with_buf(&mut html, position, true, false, Vec::new());
    }
    // The end of a `For`.
    html.push_str("<!>");
    html
}

fn line(row: Line, desk: Desk, (main, advanced): (bool, bool)) -> AnyView {
    let (id, name) = (row.id(), row.name());
    let row = RwSignal::new(row);
    desk.shown.update_value(|rows| {
        rows.insert(id, row);
    });
    on_cleanup(move || {
        // The whole list may be gone already.
        let _ = desk.shown.try_update_value(|rows| rows.remove(&id));
    });
    let cell = |(n, head)| cell(n, head, row);
    let cells = desk.columns(advanced).into_iter().map(cell).collect_view();
    if !main || !(desk.kind.has_deeds() || desk.kind.below) {
        return view! { <Row>{cells}</Row> }.into_any();
    }
    let selected = Signal::derive(move || desk.selected.has(id));
    let current = Signal::derive(move || desk.below.with(|b| b.as_ref().is_some_and(|b| b.id == id)));
    let navigate = use_navigate();
    let toggle = move |on: bool| desk.put(id, on);
    let press = move |ev: MouseEvent| {
        if on_control(&ev) {
            return;
        }
        if ev.ctrl_key() || ev.meta_key() {
            return desk.put(id, !untrack(|| desk.selected.has(id)));
        }
        desk.choose(id);
        // On a narrow screen the details would be out of sight below the list; there they have a page.
        if desk.kind.below && is_wide() {
            let stay = NavigateOptions { replace: true, scroll: false, ..Default::default() };
            navigate(&untrack(|| desk.showing_same(id)), stay);
        }
    };
    let open_menu = move |ev: MouseEvent| {
        // On one of the selected it is about all of them.
        if !untrack(|| desk.selected.has(id)) {
            desk.choose(id);
        }
        desk.menu.set(Some((ev.client_x(), ev.client_y())));
    };
    if !desk.kind.has_deeds() {
        return view! { <Row current=current on_press=press>{cells}</Row> }.into_any();
    }
    view! {
        <Row selected=selected current=current on_press=press on_menu=open_menu>
            <SelectCell
                label=ta("list-select", &[("name", &name)])
                name=SELECTED
                value=id.to_string()
                form=MANY_FORM
                checked=selected
                on_change=toggle
            />
            {cells}
            <Cell>{row_menu(id, desk, &name)}</Cell>
        </Row>
    }
    .into_any()
}

fn cell(n: usize, head: Head, row: RwSignal<Line>) -> AnyView {
    let content = move || row.with(|row| row.cell(n));
    // On the server nothing changes any more.
    let content = if cfg!(target_arch = "wasm32") { content.into_any() } else { content() };
    view! { <Cell title=t(head.title) end=head.end>{content}</Cell> }.into_any()
}

/// A press on a link, a button or a menu is meant for that, not for the row.
fn on_control(ev: &MouseEvent) -> bool {
    use leptos::wasm_bindgen::JsCast;
    let target = ev.target().and_then(|t| t.dyn_into::<leptos::web_sys::Element>().ok());
    target.is_some_and(|el| el.closest("a, button, summary, input, label").ok().flatten().is_some())
}

/// Opens the menu of a row; where no JavaScript runs, the row's page has the same deeds. A menu of its own in each row
/// would be most of the page.
fn row_menu(id: Uuid, desk: Desk, name: &str) -> AnyView {
    let open = move |at: (i32, i32)| {
        desk.choose(id);
        desk.menu.set(Some(at));
    };
    let href = paths::object(desk.kind.tab, id);
    view! { <MenuLink label=ta("list-deeds", &[("name", name)]) href=href icon=Icon::More on_open=open/> }
        .into_any()
}

fn entries(row: &Line, desk: Desk) -> AnyView {
    let next = desk.here.get();
    let one = |(n, deed): (usize, Act)| {
        entry(deed, deed.href(desk.kind.tab, row.id(), Some(&next)), row.refusal(n))
    };
    let show = desk.kind.below.then(|| {
        let href = desk.showing_same(row.id());
        view! { <MenuItem text=t("list-below") icon=Icon::Pane href=href/> <MenuSeparator/> }
    });
    view! { {show} {(desk.kind.deeds)().into_iter().enumerate().map(one).collect_view()} }.into_any()
}

/// The menu of the chosen row.
fn menu(desk: Desk) -> AnyView {
    view! {
        <ContextMenu label=t("list-deeds-here") at=desk.menu on_close=move |()| desk.menu.set(None)>
            {move || match desk.chosen() {
                Some(row) => entries(&row, desk),
                None => entries_of_many(desk),
            }}
        </ContextMenu>
    }
    .into_any()
}

/// New data and single changes go to the signals of the rows that are there already.
fn keep_rows(rows: Rows, patched: RwSignal<Option<Line>>, desk: Desk) {
    let put = move |row: Line| {
        desk.selected.renew(&row);
        if let Some(signal) = desk.shown.with_value(|rows| rows.get(&row.id()).copied())
            && !signal.with_untracked(|now| now.same(&*row))
        {
            signal.set(row);
        }
    };
    Effect::new(move |_| {
        if let Some(page) = rows.get() {
            page.rows.into_iter().for_each(put);
            desk.turn.update(|n| *n += 1);
        }
    });
    Effect::new(move |_| {
        if let Some(row) = patched.get() {
            put(row);
        }
    });
}
