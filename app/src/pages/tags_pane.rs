//! The tags in the left pane: a tree whose links narrow the list that is shown down to what carries the tag, and let it
//! wide again; above it, what is done with the one that is chosen.

use std::collections::BTreeSet;

use leptos::prelude::*;
use leptos_router::hooks::{use_location, use_query_map};
use model::id::Kind;
use model::list::ListQuery;
use model::tag::TagRow;
use model::tag_filter::TagFilter;
use model::text::t;
use ui::{Button, ButtonKind, ButtonLink, Icon, Tone, TreeRow, TreeView};

use super::tags::{TAGGED, all};
use crate::api::{self, Data};
use crate::frame::ListTab;
use crate::live::{Heard, Live, Soon};
use crate::parts::waiting::Waiting;
use crate::paths;

/// The list that is shown, or else that of VMs, and what is asked of it.
fn use_list() -> Signal<(ListTab, ListQuery)> {
    let (path, query) = (use_location().pathname, use_query_map());
    Signal::derive(move || {
        let path = path.get();
        let tab = paths::tab_of(&path).filter(|tab| TAGGED.contains(tab)).unwrap_or(ListTab::Vms);
        let asked = query.with(|map| paths::query_of(|name| map.get(name)));
        (tab, if path == paths::list(tab) { asked } else { ListQuery::default() })
    })
}

/// Asks again when something of this kind has changed.
pub fn follow(kind: Kind, again: impl Fn() + Send + Sync + 'static) {
    let Some(live) = use_context::<Live>() else { return };
    let again = Soon::new(again);
    live.on(move |heard| match heard {
        Heard::Change(change) if change.kind == kind => again.ask(),
        Heard::Lagged => again.ask(),
        _ => {}
    });
}

/// The address as it is, to come back to.
pub fn use_here() -> Signal<String> {
    let place = use_location();
    Signal::derive(move || {
        let search = place.search.get();
        let mark = if search.is_empty() || search.starts_with('?') { "" } else { "?" };
        format!("{}{mark}{search}", place.pathname.get())
    })
}

pub fn pane() -> AnyView {
    let data = Data::new(|| api::tags::list(all()));
    follow(Kind::Tag, move || data.refetch());
    let tags =
        Signal::derive(move || data.get().and_then(Result::ok).map(|page| page.rows).unwrap_or_default());
    let closed = RwSignal::new(BTreeSet::<String>::new());
    let list = use_list();
    let rows = Signal::derive(move || {
        tags.with(|tags| list.with(|(tab, query)| closed.with(|closed| rows(tags, closed, *tab, query))))
    });
    let toggle = move |(id, open): (String, bool)| {
        closed.update(|closed| {
            if open {
                closed.remove(&id);
            } else {
                closed.insert(id);
            }
        });
    };
    let collapse =
        move |_| closed.set(tags.with_untracked(|tags| tags.iter().map(|t| t.id.to_string()).collect()));
    let none = move || {
        tags.with(Vec::is_empty).then(|| view! { <p class="dr-pane__hint">{t("tags-none-hint")}</p> })
    };
    view! {
        <div class="dr-pane__head">
            <h2 class="dr-pane__title">{t("tab-tags")}</h2>
            {buttons(tags, list)}
            <Button kind=ButtonKind::Plain small=true icon=Icon::ExpandAll label=t("frame-tree-expand") on_press=move |_| closed.set(BTreeSet::new())/>
            <Button kind=ButtonKind::Plain small=true icon=Icon::CollapseAll label=t("frame-tree-collapse") on_press=collapse/>
        </div>
        <div class="dr-pane__body">
            <Waiting lines=3>
                // The boundary waits for what is read right here.
                {move || { data.get(); }}
                {none}
                <TreeView label=t("tab-tags") rows=rows on_toggle=toggle/>
            </Waiting>
        </div>
    }
    .into_any()
}

/// New below the chosen one, and what is done with it.
fn buttons(tags: Signal<Vec<TagRow>>, list: Signal<(ListTab, ListQuery)>) -> AnyView {
    let here = use_here();
    let filter = move || list.with(|(_, q)| TagFilter::read(q.search.as_deref().unwrap_or_default()));
    let chosen = Signal::derive(move || {
        let filter = filter();
        let [only] = filter.tags.as_slice() else { return None };
        tags.with(|tags| tags.iter().find(|tag| filter.has(&tag.name)).map(|tag| (tag.id.0, only.clone())))
    });
    let id = move || chosen.get().map(|(id, _)| id);
    // Nothing is found by the name of a tag that is gone.
    let without = move || {
        let search = chosen.get().and_then(|(_, name)| filter().toggled(&name).write());
        list.with(|(tab, query)| paths::list_with(*tab, &ListQuery { search, page: 1, ..query.clone() }))
    };
    let new = move || paths::returning(&paths::new(ListTab::Tags, id()), &here.get());
    let refused = Signal::derive(move || id().is_none().then(|| t("tags-choose")));
    let part = move |part: &str| paths::part(ListTab::Tags, id().unwrap_or_default(), part);
    let edit = Signal::derive(move || paths::returning(&part("edit"), &here.get()));
    let remove = Signal::derive(move || paths::returning(&part("remove"), &without()));
    let deed = move |href: Signal<String>, label: &str, icon: Icon| {
        view! { <ButtonLink kind=ButtonKind::Plain small=true icon=icon label=t(label) href=href refused=refused/> }
    };
    view! {
        <ButtonLink kind=ButtonKind::Plain small=true icon=Icon::Plus label=t("action-create-tag") href=Signal::derive(new)/>
        {deed(edit, "action-edit-tag", Icon::Edit)}
        {deed(remove, "action-remove-tag", Icon::Remove)}
        <ButtonLink kind=ButtonKind::Plain small=true icon=Icon::Settings label=t("tags-manage") href=paths::TAGS/>
    }
    .into_any()
}

/// The rows in sight: not those below a closed one.
fn rows(tags: &[TagRow], closed: &BTreeSet<String>, tab: ListTab, query: &ListQuery) -> Vec<TreeRow> {
    let filter = TagFilter::read(query.search.as_deref().unwrap_or_default());
    let mut hidden_below = u32::MAX;
    let mut rows = Vec::new();
    for (n, tag) in tags.iter().enumerate() {
        if tag.level > hidden_below {
            continue;
        }
        let id = tag.id.to_string();
        let open = (tag.below > 0).then(|| !closed.contains(&id));
        hidden_below = if open == Some(false) { tag.level } else { u32::MAX };
        let search = filter.clone().toggled(&tag.name).write();
        rows.push(TreeRow {
            id,
            level: tag.level,
            position: position(tags, n),
            text: tag.name.clone(),
            href: paths::list_with(tab, &ListQuery { search, page: 1, ..query.clone() }),
            icon: Icon::Tag,
            tone: Tone::Neutral,
            state: None,
            count: Some(tag.objects),
            open,
            current: filter.has(&tag.name),
            presses: false,
        });
    }
    rows
}

/// Its place among those with the same tag above, and their number.
fn position(tags: &[TagRow], n: usize) -> (u32, u32) {
    let parent = |tag: &TagRow| tag.parent.as_ref().map(|(id, _)| *id);
    let siblings = |tags: &[TagRow], of: &TagRow| {
        u32::try_from(tags.iter().filter(|tag| parent(tag) == parent(of)).count()).unwrap_or(u32::MAX)
    };
    (siblings(&tags[..=n], &tags[n]), siblings(tags, &tags[n]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::TagId;
    use uuid::Uuid;

    fn tag(n: u128, level: u32, parent: Option<u128>, below: u32) -> TagRow {
        TagRow {
            id: TagId(Uuid::from_u128(n)),
            version: 1,
            name: format!("t{n}"),
            description: String::new(),
            parent: parent.map(|n| (TagId(Uuid::from_u128(n)), format!("t{n}"))),
            level,
            below,
            objects: 0,
        }
    }

    #[test]
    fn a_closed_tag_hides_what_is_below_it() {
        let tags = [tag(1, 1, None, 2), tag(2, 2, Some(1), 1), tag(3, 3, Some(2), 0), tag(4, 1, None, 0)];
        let shown = |closed: &[u128]| {
            let closed = closed.iter().map(|n| Uuid::from_u128(*n).to_string()).collect();
            let rows = rows(&tags, &closed, ListTab::Vms, &ListQuery::default());
            rows.iter().map(|r| (r.text.clone(), r.position, r.open)).collect::<Vec<_>>()
        };
        let row = |name: &str, position, open| (name.to_owned(), position, open);
        assert_eq!(
            shown(&[]),
            [
                row("t1", (1, 2), Some(true)),
                row("t2", (1, 1), Some(true)),
                row("t3", (1, 1), None),
                row("t4", (2, 2), None),
            ]
        );
        assert_eq!(shown(&[1, 2]), [row("t1", (1, 2), Some(false)), row("t4", (2, 2), None)]);
        assert_eq!(shown(&[2]).len(), 3);
    }

    #[test]
    fn a_press_keeps_what_is_searched_for() {
        let query = ListQuery { search: Some("name=x".into()), page: 3, ..ListQuery::default() };
        let rows = rows(&[tag(1, 1, None, 0)], &BTreeSet::new(), ListTab::Hosts, &query);
        assert_eq!(rows[0].href, "/hosts?search=%28name%3Dx%29+and+tag%3Dt1");
        assert!(!rows[0].current);
    }
}
