//! One object, on its page and in the lower pane of its list: where it is, its state, what can be done with it, its
//! parts as tabs, and the dialogs over it. An entity says what is on its tabs; both places follow the stream.

use std::future::Future;
use std::pin::Pin;

use leptos::prelude::*;
use leptos_router::hooks::{use_location, use_params_map};
use leptos_router::nested_router::Outlet;
use model::Action;
use model::id::Kind;
use model::text::t;
use serde::Serialize;
use serde::de::DeserializeOwned;
use ui::{ButtonKind, ButtonLink, Card, DescriptionList, Detail, Icon, Section, Tab, Tabs};
use uuid::Uuid;

use super::list::Listed;
use super::summary::Summary;
use super::trouble::{Trouble, TroubleAlert};
use super::waiting::{Waiting, shown};
use crate::api::{ApiError, Data};
use crate::asked::InPortal;
use crate::live::{Heard, Live, Soon};
use crate::not_found::NotFound;
use crate::pages::permissions;
use crate::paths;

pub type Loading<T> = Pin<Box<dyn Future<Output = Result<T, ApiError>> + Send>>;
pub type Loaded<T> = Data<T>;

/// A tab of an object's page.
pub struct PartOf<T: 'static> {
    /// The last word of its address; empty for the first.
    pub word: &'static str,
    /// Its label's key.
    pub label: &'static str,
    pub view: PartView<T>,
}

pub enum PartView<T: 'static> {
    /// Made of the object itself.
    Facts(fn(&T) -> AnyView),
    /// A list of its own below the object.
    Pane(fn(Uuid) -> AnyView),
}

/// An object with a page.
pub trait Detailed: Clone + PartialEq + Serialize + DeserializeOwned + Send + Sync + 'static {
    type Row: Listed;
    fn load(id: Uuid) -> Loading<Self>;
    fn row(&self) -> &Self::Row;
    /// The boxes that it stands in, from the outside: name and address.
    fn above(&self) -> Vec<(String, String)>;
    /// Its state, beside the name.
    fn state(&self) -> Option<AnyView>;
    fn parts() -> &'static [PartOf<Self>];
    /// What is to be known before `action` is done with it.
    fn note(&self, _action: Action) -> Option<String> {
        None
    }
}

/// Where an object is shown: which part of it, the addresses of the others, and the one without it.
#[derive(Clone, Copy)]
pub struct Place {
    pub part: Memo<String>,
    pub href: Callback<&'static str, String>,
    /// In the lower pane only.
    pub close: Option<Signal<String>>,
}

// What follows is compiled once for each type only where it must know it; the views are not.

#[component]
pub fn DetailsPage<T: Detailed>(#[prop(optional)] marker: std::marker::PhantomData<T>) -> impl IntoView {
    let _ = marker;
    details_page(object::<T>)
}

fn details_page(object: fn(Uuid) -> AnyView) -> AnyView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|p| p.get("id")).and_then(|id| id.parse::<Uuid>().ok()));
    (move || match id.get() {
        Some(id) => object(id),
        None => view! { <NotFound/> }.into_any(),
    })
    .into_any()
}

fn object<T: Detailed>(id: Uuid) -> AnyView {
    let tab = T::Row::TAB;
    let object: Loaded<T> = Data::new(move || T::load(id));
    follow(Callback::new(move |()| object.refetch()), id);
    let trouble = Trouble::provide();
    let href = Callback::new(move |part: &'static str| match part {
        "" => paths::object(tab, id),
        word => paths::part(tab, id, word),
    });
    let place = Place { part: use_word(), href, close: None };
    let menu = RwSignal::new(false);
    let head = shown(3, object, move |object| Summary::of(&object).head(id, menu));
    let (tabs, part) = parts(object, id, place);
    view! {
        {head}
        <TroubleAlert trouble=trouble/>
        {tabs}
        {part}
        <Outlet/>
    }
    .into_any()
}

/// The object in the lower pane of its list.
pub fn below<T: Detailed>(id: Uuid, place: Place) -> AnyView {
    let object: Loaded<T> = Data::new(move || T::load(id));
    follow(Callback::new(move |()| object.refetch()), id);
    let title = shown(1, object, move |object| Summary::of(&object).title(id));
    let (tabs, part) = parts(object, id, place);
    lower_pane(title, tabs, part, place.close)
}

fn lower_pane(title: AnyView, tabs: AnyView, part: AnyView, close: Option<Signal<String>>) -> AnyView {
    let close = close.map(|close| {
        view! { <ButtonLink kind=ButtonKind::Plain small=true icon=Icon::Close label=t("list-below-close") href=close/> }
    });
    view! {
        <section class="dr-below" aria-label=t("list-below")>
            <div class="dr-below__head">
                {title}
                <span class="dr-below__close">{close}</span>
            </div>
            {tabs}
            {part}
        </section>
    }
    .into_any()
}

/// Reads the object again when something happens to it.
pub fn follow(refetch: Callback<()>, id: Uuid) {
    let Some(live) = use_context::<Live>() else { return };
    let again = Soon::new(move || refetch.run(()));
    live.on(move |heard| match heard {
        Heard::Change(change) if change.scope.contains(&id) || change.id == id => again.ask(),
        Heard::Lagged => again.ask(),
        _ => {}
    });
}

/// The last word of the address, behind the object's id.
pub fn use_word() -> Memo<String> {
    let path = use_location().pathname;
    Memo::new(move |_| path.with(|p| p.split('/').nth(3).unwrap_or_default().to_owned()))
}

/// The tabs of an object, and the part that is shown.
fn parts<T: Detailed>(object: Loaded<T>, id: Uuid, place: Place) -> (AnyView, AnyView) {
    let names = || T::parts().iter().map(|part| (part.word, part.label)).collect::<Vec<_>>();
    let show = move |n: usize| match &T::parts()[n].view {
        PartView::Facts(view) => facts_part(object, *view),
        PartView::Pane(view) => view(id),
    };
    (part_tabs(names(), place), part_of(names(), place.part, Box::new(show)))
}

/// Words and labels of an object's parts.
type Names = Vec<(&'static str, &'static str)>;

/// The part with the word `part`; under a dialog, the first.
fn part_of(names: Names, part: Memo<String>, show: Box<dyn Fn(usize) -> AnyView + Send + Sync>) -> AnyView {
    let at = Memo::new(move |_| {
        let word = part.get();
        names.iter().position(|(own, _)| *own == word).unwrap_or(0)
    });
    (move || show(at.get())).into_any()
}

fn part_tabs(names: Names, place: Place) -> AnyView {
    // One part alone needs no tab.
    if names.len() < 2 {
        return ().into_any();
    }
    let words: Vec<&str> = names.iter().map(|(word, _)| *word).collect();
    let tab = move |(own, label): (&'static str, &'static str)| {
        let href = Signal::derive(move || place.href.run(own));
        let words = words.clone();
        let current = move || {
            let word = place.part.get();
            own == word || (own.is_empty() && !words.contains(&word.as_str()))
        };
        view! { <Tab href=href current=Signal::derive(current)>{t(label)}</Tab> }.into_any()
    };
    let tabs = names.into_iter().map(tab).collect_view();
    view! { <Tabs label=t("page-parts") secondary=true>{tabs}</Tabs> }.into_any()
}

fn facts_part<T: Detailed>(object: Loaded<T>, view: fn(&T) -> AnyView) -> AnyView {
    facts_pane(Box::new(move || object.get().and_then(Result::ok).map(|object| view(&object))))
}

fn facts_pane(facts: Box<dyn Fn() -> Option<AnyView> + Send + Sync>) -> AnyView {
    view! { <Waiting lines=6><Section>{facts}</Section></Waiting> }.into_any()
}

/// What stands over an object's page, by the last word of its address; made anew when that is another one, since the
/// way from a tab to a dialog is within the same page.
pub fn over(view: fn(&str) -> AnyView) -> AnyView {
    let params = use_params_map();
    let part = Memo::new(move |_| params.with(|p| p.get("part")).unwrap_or_default());
    (move || view(&part.get())).into_any()
}

/// Below a page's address: nothing more for one of its tabs, and no page for anything else.
pub fn known_part<T: Detailed>(word: &str) -> AnyView {
    // Of the objects of the VM portal only a machine has a page.
    let paged = use_context::<InPortal>().is_none() || T::Row::KIND == Kind::Vm;
    if paged && T::parts().iter().any(|part| part.word == word) {
        ().into_any()
    } else if let Some(deed) =
        word.strip_suffix("-permission").filter(|deed| permissions::DEEDS.contains(deed))
        && paged
        && paths::permitted(T::Row::KIND)
    {
        permissions::dialog(T::Row::KIND, deed)
    } else {
        view! { <NotFound/> }.into_any()
    }
}

/// Facts with their names.
pub type Facts = Vec<(&'static str, AnyView)>;

/// A card of facts.
pub fn card(title: &str, facts: Facts) -> AnyView {
    let fact =
        |(term, value): (&'static str, AnyView)| view! { <Detail term=t(term)>{value}</Detail> }.into_any();
    let facts = facts.into_iter().map(fact).collect_view();
    view! { <Card title=t(title)><DescriptionList>{facts}</DescriptionList></Card> }.into_any()
}
