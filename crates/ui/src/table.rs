//! Lists as compact tables. A header that sorts is a link, so that sorting works without JavaScript and the
//! order is in the URL. Rows stay the page's own, because it patches them one by one from the live stream.

use leptos::ev::MouseEvent;
use leptos::prelude::*;

use crate::{Icon, IconView};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    Ascending,
    Descending,
}

/// The head of a column.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    pub title: String,
    /// Where a click on the head leads, and the order that holds now.
    pub sort: Option<(String, Option<Order>)>,
    pub end: bool,
    pub narrow: bool,
    pub hidden_title: bool,
}

impl Column {
    pub fn new(title: impl Into<String>) -> Self {
        Column { title: title.into(), sort: None, end: false, narrow: false, hidden_title: false }
    }

    pub fn sorted(mut self, href: impl Into<String>, order: Option<Order>) -> Self {
        self.sort = Some((href.into(), order));
        self
    }

    /// Numbers: to the right, in tabular figures.
    pub fn end(mut self) -> Self {
        self.end = true;
        self
    }

    /// As narrow as its content.
    pub fn narrow(mut self) -> Self {
        self.narrow = true;
        self
    }

    /// A column of icons or boxes: the title is only read aloud.
    pub fn hidden_title(mut self) -> Self {
        self.hidden_title = true;
        self
    }
}

/// A table. The children are `Row`s; `select_all` is the box in the head of a list with boxes.
#[component]
pub fn Table(
    #[prop(into)] label: String,
    #[prop(into)] columns: Signal<Vec<Column>>,
    #[prop(optional, into)] select_all: Option<SelectAll>,
    children: Children,
) -> impl IntoView {
    let region = label.clone();
    view! {
        <div class="dr-table" tabindex="0" role="region" aria-label=region>
            <table class="pf-v6-c-table pf-m-compact" aria-label=label>
                <thead class="pf-v6-c-table__thead">
                    <tr class="pf-v6-c-table__tr">
                        {select_all.map(all_box)}
                        {move || columns.get().into_iter().map(head).collect_view()}
                    </tr>
                </thead>
                <tbody class="pf-v6-c-table__tbody">{children()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn head(column: Column) -> AnyView {
    let sorted = column.sort.as_ref().and_then(|(_, order)| *order);
    let mut class = "pf-v6-c-table__th".to_owned();
    class.push_str(if column.sort.is_some() { " pf-v6-c-table__sort" } else { "" });
    class.push_str(if sorted.is_some() { " pf-m-selected" } else { "" });
    class.push_str(if column.end { " dr-end" } else { "" });
    class.push_str(if column.narrow { " pf-m-fit-content" } else { "" });
    let aria = sorted.map(|order| if order == Order::Ascending { "ascending" } else { "descending" });
    let title = column.title;
    let content = match column.sort {
        Some((href, order)) => sort_link(title, href, order),
        None if column.hidden_title => view! { <span class="pf-v6-screen-reader">{title}</span> }.into_any(),
        None => view! { {title} }.into_any(),
    };
    view! { <th class=class scope="col" aria-sort=aria>{content}</th> }.into_any()
}

fn sort_link(title: String, href: String, order: Option<Order>) -> AnyView {
    let icon = match order {
        Some(Order::Ascending) => Icon::SortUp,
        Some(Order::Descending) => Icon::SortDown,
        None => Icon::SortNone,
    };
    view! {
        <a class="pf-v6-c-table__button" href=href>
            <span class="pf-v6-c-table__button-content">
                <span class="pf-v6-c-table__text">{title}</span>
                <span class="pf-v6-c-table__sort-indicator"><IconView icon=icon/></span>
            </span>
        </a>
    }
    .into_any()
}

/// The box that selects all rows of the page.
#[derive(Clone)]
pub struct SelectAll {
    pub label: String,
    pub checked: Signal<bool>,
    pub on_change: Callback<bool>,
}

fn all_box(all: SelectAll) -> AnyView {
    let SelectAll { label, checked, on_change } = all;
    view! {
        <th class="pf-v6-c-table__th pf-v6-c-table__check dr-check" scope="col">
            <BareCheck label=label checked=checked on_change=on_change/>
        </th>
    }
    .into_any()
}

/// A row. `selected` is its box, `current` the one whose details are shown.
#[component]
pub fn Row(
    #[prop(optional, into)] selected: Signal<bool>,
    #[prop(optional, into)] current: Signal<bool>,
    #[prop(optional, into)] on_press: Option<Callback<MouseEvent>>,
    #[prop(optional, into)] on_menu: Option<Callback<MouseEvent>>,
    children: Children,
) -> impl IntoView {
    let class = move || match (selected.get() || current.get(), on_press.is_some()) {
        (true, true) => "pf-v6-c-table__tr pf-m-clickable pf-m-selected",
        (true, false) => "pf-v6-c-table__tr pf-m-selected",
        (false, true) => "pf-v6-c-table__tr pf-m-clickable",
        (false, false) => "pf-v6-c-table__tr",
    };
    view! {
        <tr
            class=class
            aria-current=move || current.get().then_some("true")
            on:click=move |ev| {
                if let Some(on_press) = on_press { on_press.run(ev) }
            }
            on:contextmenu=move |ev| {
                if let Some(on_menu) = on_menu { ev.prevent_default(); on_menu.run(ev) }
            }
        >
            {children()}
        </tr>
    }
    .into_any()
}

/// The cell with the row's box.
#[component]
pub fn SelectCell(
    #[prop(into)] label: String,
    #[prop(into)] name: String,
    #[prop(into)] value: String,
    /// The id of the form that it belongs to, elsewhere on the page.
    #[prop(optional, into)]
    form: Option<String>,
    #[prop(into)] checked: Signal<bool>,
    #[prop(into)] on_change: Callback<bool>,
) -> impl IntoView {
    view! {
        <td class="pf-v6-c-table__td pf-v6-c-table__check dr-check" on:click=|ev| ev.stop_propagation()>
            <BareCheck label=label name=name value=value form=form checked=checked on_change=on_change/>
        </td>
    }
    .into_any()
}

#[component]
fn BareCheck(
    label: String,
    #[prop(optional)] name: Option<String>,
    #[prop(optional)] value: Option<String>,
    #[prop(optional_no_strip)] form: Option<String>,
    checked: Signal<bool>,
    on_change: Callback<bool>,
) -> impl IntoView {
    view! {
        <label class="dr-check__hit">
            <input
                type="checkbox"
                class="pf-v6-c-check__input"
                aria-label=label
                name=name
                value=value
                form=form
                checked=checked.get_untracked()
                prop:checked=move || checked.get()
                on:change:target=move |ev| on_change.run(ev.target().checked())
            />
        </label>
    }
    .into_any()
}

/// A cell. `title` is its column's, for the card form on a narrow screen.
#[component]
pub fn Cell(
    #[prop(optional, into)] title: Option<String>,
    #[prop(optional)] end: bool,
    #[prop(optional)] truncate: bool,
    #[prop(optional)] mono: bool,
    children: Children,
) -> impl IntoView {
    let mut class = "pf-v6-c-table__td".to_owned();
    class.push_str(if end { " dr-end" } else { "" });
    class.push_str(if truncate { " pf-m-truncate" } else { "" });
    class.push_str(if mono { " dr-mono" } else { "" });
    view! { <td class=class data-label=title>{children()}</td> }.into_any()
}
