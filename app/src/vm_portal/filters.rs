//! What the first page is narrowed down to: in its address, changed by a form that needs no JavaScript, and taken
//! back one by one.

use leptos::prelude::*;
use model::portal::{By, Doing, Layout, Wanted};
use model::text::{t, ta};
use ui::{Button, ButtonKind, ButtonLink, Icon};

use crate::asked::Asked;
use crate::paths;

/// What an address asks for.
pub fn wanted(asked: &Asked) -> Wanted {
    let text = |name: &str| asked.get(name).unwrap_or_default();
    Wanted {
        name: text("name"),
        os: text("os"),
        doing: asked.all("doing").iter().filter_map(|word| word.parse().ok()).collect(),
        by: text("sort").parse().unwrap_or_default(),
        descending: text("order") == "desc",
        page: text("page").parse().unwrap_or(1).max(1),
    }
}

/// How the machines are shown: as the address says, else as this person likes it.
pub fn layout(asked: &Asked, usual: Layout) -> Layout {
    asked.get("view").and_then(|word| word.parse().ok()).unwrap_or(usual)
}

/// The address of what is wanted; what is as usual is left out.
pub fn href(wanted: &Wanted, view: Option<Layout>) -> String {
    let mut out = form_urlencoded::Serializer::new(String::new());
    for (name, text) in [("name", wanted.name.trim()), ("os", wanted.os.trim())] {
        if !text.is_empty() {
            out.append_pair(name, text);
        }
    }
    for doing in &wanted.doing {
        out.append_pair("doing", doing.as_str());
    }
    if wanted.by != By::default() {
        out.append_pair("sort", wanted.by.as_str());
    }
    if wanted.descending {
        out.append_pair("order", "desc");
    }
    if wanted.page > 1 {
        out.append_pair("page", &wanted.page.to_string());
    }
    if let Some(view) = view {
        out.append_pair("view", view.as_str());
    }
    let query = out.finish();
    if query.is_empty() { paths::PORTAL.to_owned() } else { format!("{}?{query}", paths::PORTAL) }
}

/// The form above the machines.
pub fn bar(wanted: Wanted, view: Option<Layout>, shown: Layout) -> AnyView {
    let other = if shown == Layout::Cards { Layout::Table } else { Layout::Cards };
    let (icon, label) = match other {
        Layout::Cards => (Icon::Boxes, "portal-as-cards"),
        Layout::Table => (Icon::Menu, "portal-as-table"),
    };
    let switch = href(&wanted, Some(other));
    let turned = href(&Wanted { descending: !wanted.descending, page: 1, ..wanted.clone() }, view);
    let turn = if wanted.descending {
        (Icon::SortDown, "portal-descending")
    } else {
        (Icon::SortUp, "portal-ascending")
    };
    let doing = Doing::ALL.iter().map(|one| mark(*one, wanted.doing.contains(one))).collect_view();
    let sorts = By::ALL.iter().map(|by| {
        let own = *by == wanted.by;
        view! { <option value=by.as_str() selected=own>{by.label()}</option> }
    });
    let kept = view.map(|view| view! { <input type="hidden" name="view" value=view.as_str()/> });
    let order = wanted.descending.then(|| view! { <input type="hidden" name="order" value="desc"/> });
    view! {
        <form class="dr-filters" method="get" action=paths::PORTAL role="search" aria-label=t("portal-filters")>
            {kept}
            {order}
            {field("name", "field-name", wanted.name.clone())}
            {field("os", "field-os", wanted.os.clone())}
            <details class="dr-filters__more">
                <summary class="pf-v6-c-menu-toggle">
                    {t("field-status")}
                    <span class="pf-v6-c-menu-toggle__controls">
                        <span class="pf-v6-c-menu-toggle__toggle-icon"><ui::IconView icon=Icon::ChevronDown/></span>
                    </span>
                </summary>
                <fieldset class="dr-filters__doing" aria-label=t("field-status")>{doing}</fieldset>
            </details>
            <label class="dr-filters__field">
                <span>{t("portal-sort")}</span>
                <span class="pf-v6-c-form-control dr-select">
                    <select name="sort">{sorts.collect_view()}</select>
                    <span class="pf-v6-c-form-control__utilities">
                        <span class="pf-v6-c-form-control__toggle-icon"><ui::IconView icon=Icon::ChevronDown/></span>
                    </span>
                </span>
            </label>
            <Button kind=ButtonKind::Secondary submit=true icon=Icon::Search>{t("portal-apply")}</Button>
            <span class="dr-filters__ways">
                <ButtonLink kind=ButtonKind::Plain icon=turn.0 label=t(turn.1) href=turned/>
                <ButtonLink kind=ButtonKind::Plain icon=icon label=t(label) href=switch/>
            </span>
        </form>
        {chips(&wanted, view)}
    }
    .into_any()
}

fn field(name: &'static str, label: &str, value: String) -> AnyView {
    view! {
        <label class="dr-filters__field">
            <span>{t(label)}</span>
            <span class="pf-v6-c-form-control"><input type="search" name=name value=value autocomplete="off" spellcheck="false"/></span>
        </label>
    }
    .into_any()
}

fn mark(doing: Doing, on: bool) -> AnyView {
    view! {
        <label class="dr-filters__mark">
            <input type="checkbox" name="doing" value=doing.as_str() checked=on/>
            {doing.label()}
        </label>
    }
    .into_any()
}

/// What it is narrowed down to, each with the way back.
fn chips(wanted: &Wanted, view: Option<Layout>) -> AnyView {
    if !wanted.filters() {
        return ().into_any();
    }
    let first = || Wanted { page: 1, ..wanted.clone() };
    let mut all: Vec<(String, Wanted)> = Vec::new();
    for (label, text, without) in [
        ("field-name", &wanted.name, Wanted { name: String::new(), ..first() }),
        ("field-os", &wanted.os, Wanted { os: String::new(), ..first() }),
    ] {
        if !text.trim().is_empty() {
            all.push((format!("{}: {}", t(label), text.trim()), without));
        }
    }
    for own in &wanted.doing {
        let doing = wanted.doing.iter().copied().filter(|doing| doing != own).collect();
        all.push((own.label(), Wanted { doing, ..first() }));
    }
    let one = |(text, without): (String, Wanted)| {
        let label = ta("portal-without", &[("filter", &text)]);
        view! {
            <li>
                <a class="dr-chip" href=href(&without, view) aria-label=label.clone() title=label>
                    {text}
                    <ui::IconView icon=Icon::Close/>
                </a>
            </li>
        }
    };
    let none = Wanted { by: wanted.by, descending: wanted.descending, ..Wanted::default() };
    view! {
        <ul class="dr-chips" aria-label=t("portal-filters-set")>
            {all.into_iter().map(one).collect_view()}
            <li><a href=href(&none, view)>{t("portal-filters-clear")}</a></li>
        </ul>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wanted_comes_back_from_its_address() {
        let all = Wanted {
            name: "a b&c".into(),
            os: "debian".into(),
            doing: vec![Doing::Running, Doing::Off],
            by: By::Memory,
            descending: true,
            page: 3,
        };
        for wanted in [Wanted { page: 1, ..Wanted::default() }, all] {
            let href = href(&wanted, Some(Layout::Table));
            let asked = Asked::of(&href);
            assert_eq!(super::wanted(&asked), wanted, "{href}");
            assert_eq!(layout(&asked, Layout::Cards), Layout::Table);
        }
        assert_eq!(href(&Wanted::default(), None), "/portal");
        let odd = Asked::of("/portal?doing=x&sort=y&page=z&view=w");
        assert_eq!(wanted(&odd), Wanted { page: 1, ..Wanted::default() });
        assert_eq!(layout(&odd, Layout::Table), Layout::Table);
    }
}
