//! The search bar: the list's word, the rest of the search, and what clears, keeps and runs it. A form that works by
//! itself; what proposes while somebody types comes when it is first needed (`later::proposals`).

use leptos::ev::{FocusEvent, KeyboardEvent, SubmitEvent};
use leptos::html;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos_router::hooks::use_navigate;
use model::list::ListQuery;
use model::text::{t, ta};
use search::Entity;
use ui::{Icon, IconView};
use uuid::Uuid;

use super::ListTab;
use crate::asked::address;
use crate::later::proposals;
use crate::paths;

/// The list of proposals, for the input that it belongs to.
pub const PROPOSALS: &str = "search-proposals";

/// The element of one proposal.
pub fn proposal_id(n: usize) -> String {
    format!("{PROPOSALS}-{n}")
}

/// What the bar and its proposals know of each other.
#[derive(Clone, Copy)]
pub struct Typing {
    pub entity: Signal<Entity>,
    pub text: RwSignal<String>,
    pub open: RwSignal<bool>,
    /// The proposal that the keyboard is at.
    pub active: RwSignal<Option<usize>>,
    /// What the proposals do with a key; says whether they did.
    pub key: StoredValue<Option<Callback<String, bool>>>,
}

#[component]
pub fn SearchBar(#[prop(into)] current: Signal<Option<ListTab>>) -> impl IntoView {
    let tab = Signal::derive(move || searched(current.get()));
    let map = address();
    let asked = Memo::new(move |_| map.with(|map| map.get("search")).unwrap_or_default());
    let within = Memo::new(move |_| map.with(|map| map.get("within")).and_then(|id| id.parse::<Uuid>().ok()));
    let typing = Typing {
        entity: Signal::derive(move || tab.get().entity().unwrap_or(Entity::Vms)),
        text: RwSignal::new(asked.get_untracked()),
        open: RwSignal::new(false),
        active: RwSignal::new(None),
        key: StoredValue::new(None),
    };
    let input = NodeRef::<html::Input>::new();
    keep_together(typing.text, asked, input);
    slash(input);
    let wanted = RwSignal::new(false);
    let navigate = use_navigate();
    let run = move |ev: SubmitEvent| {
        ev.prevent_default();
        ev.stop_propagation();
        typing.open.set(false);
        navigate(
            &target(tab.get_untracked(), &typing.text.get_untracked(), within.get_untracked()),
            Default::default(),
        );
    };
    let label = move || ta("search-label", &[("list", &tab.get().label())]);
    let described = move || typing.active.get().filter(|_| typing.open.get()).map(proposal_id);
    view! {
        <form
            class="dr-search"
            role="search"
            method="get"
            action=move || paths::list(tab.get())
            on:submit=run
            on:focusout=move |ev| leave(&ev, typing.open)
        >
            <span class="dr-search__prefix" aria-hidden="true">{move || format!("{}:", typing.entity.get().as_str())}</span>
            <input
                node_ref=input
                class="dr-search__input"
                name="search"
                role="combobox"
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                aria-label=label
                aria-autocomplete="list"
                aria-controls=PROPOSALS
                aria-expanded=move || typing.open.get().to_string()
                aria-activedescendant=described
                placeholder=t("search-placeholder")
                value=asked.get_untracked()
                on:focus=move |_| { wanted.set(true); typing.open.set(true); }
                on:input=move |ev| { typing.text.set(event_target_value(&ev)); typing.active.set(None); typing.open.set(true); }
                on:keydown=move |ev| keyed(&ev, typing)
            />
            {move || within.get().map(|id| view! { <input type="hidden" name="within" value=id.to_string()/> })}
            {move || (!asked.get().is_empty()).then(|| clear(tab, within))}
            <a class="pf-v6-c-button pf-m-plain pf-m-small" href=move || kept(typing) aria-label=t("search-keep") title=t("search-keep")>
                <IconView icon=Icon::Bookmark/>
            </a>
            <button class="pf-v6-c-button pf-m-plain pf-m-small" type="submit" aria-label=t("search-run") title=t("search-run")>
                <IconView icon=Icon::Search/>
            </button>
            {move || wanted.get().then(|| proposals(typing))}
        </form>
    }
    .into_any()
}

/// The list that is searched from a page: its own, or the first one.
fn searched(current: Option<ListTab>) -> ListTab {
    current.filter(|tab| tab.entity().is_some()).unwrap_or(ListTab::Vms)
}

/// Where a search leads: to the list that it names, else to this one.
fn target(tab: ListTab, text: &str, within: Option<Uuid>) -> String {
    let (tab, rest) = match search::split(text) {
        Some((entity, rest)) => (paths::tab_for(entity.kind()).unwrap_or(tab), rest),
        None => (tab, text),
    };
    let search = Some(rest.trim().to_owned()).filter(|rest| !rest.is_empty());
    paths::list_with(tab, &ListQuery { within, search, ..ListQuery::default() })
}

/// The dialog that keeps what is typed as a bookmark.
fn kept(typing: Typing) -> String {
    let whole = format!("{}: {}", typing.entity.get().as_str(), typing.text.get());
    paths::asking(&paths::new(ListTab::Bookmarks, None), "search", whole.trim_end())
}

fn clear(tab: Signal<ListTab>, within: Memo<Option<Uuid>>) -> AnyView {
    let href =
        move || paths::list_with(tab.get(), &ListQuery { within: within.get(), ..ListQuery::default() });
    view! {
        <a class="pf-v6-c-button pf-m-plain pf-m-small" href=href aria-label=t("search-clear") title=t("search-clear")>
            <IconView icon=Icon::Close/>
        </a>
    }
    .into_any()
}

/// The input shows the address's search, and what is typed; what was typed before the page was alive stays.
fn keep_together(text: RwSignal<String>, asked: Memo<String>, input: NodeRef<html::Input>) {
    Effect::new(move |before: Option<String>| {
        let now = asked.get();
        if before.is_some_and(|before| before != now) {
            text.set(now.clone());
        }
        now
    });
    Effect::new(move |before: Option<()>| {
        let now = text.get();
        let Some(input) = input.get() else { return };
        match before {
            None if input.value() != now => text.set(input.value()),
            _ if input.value() != now => input.set_value(&now),
            _ => {}
        }
    });
}

/// `/` leads here from anywhere but a field.
fn slash(input: NodeRef<html::Input>) {
    Effect::new(move |_| {
        let on_key = window_event_listener(leptos::ev::keydown, move |ev: KeyboardEvent| {
            let at = ev.target().and_then(|at| at.dyn_into::<leptos::web_sys::Element>().ok());
            let typing = at.is_some_and(|at| {
                at.closest("input, textarea, select, dialog, [contenteditable]").ok().flatten().is_some()
            });
            if ev.key() == "/"
                && !typing
                && !ev.ctrl_key()
                && !ev.meta_key()
                && !ev.alt_key()
                && let Some(input) = input.get_untracked()
            {
                ev.prevent_default();
                let _ = input.focus();
                input.select();
            }
        });
        on_cleanup(move || on_key.remove());
    });
}

fn keyed(ev: &KeyboardEvent, typing: Typing) {
    let handle = typing.key.get_value();
    if handle.is_some_and(|handle| handle.run(ev.key())) {
        ev.prevent_default();
    }
}

/// The proposals close when the focus goes elsewhere.
fn leave(ev: &FocusEvent, open: RwSignal<bool>) {
    let to = ev.related_target().and_then(|to| to.dyn_into::<leptos::web_sys::Element>().ok());
    if to.is_none_or(|to| to.closest(".dr-search").ok().flatten().is_none()) {
        open.set(false);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_leads_to_the_list_that_it_names() {
        for (text, to) in [
            ("", "/vms"),
            ("status = up", "/vms?search=status+%3D+up"),
            ("Vms: status = up", "/vms?search=status+%3D+up"),
            ("hosts: kvm*", "/hosts?search=kvm*"),
            ("Events:", "/events"),
            ("cars: a", "/vms?search=cars%3A+a"),
        ] {
            assert_eq!(target(ListTab::Vms, text, None), to, "{text}");
        }
    }
}
