//! One object, on its page and in the lower pane of its list: where it is, its state, what can be done with it, its
//! parts as tabs, and the dialogs over it. An entity says what is on its tabs; both places follow the stream.

use std::future::Future;
use std::pin::Pin;

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_location, use_params_map};
use leptos_router::nested_router::Outlet;
use model::Action;
use model::text::t;
use serde::Serialize;
use serde::de::DeserializeOwned;
use ui::{
    Breadcrumb, ButtonKind, ButtonLink, Card, DescriptionList, Detail, Icon, PageHead, Section, Tab, Tabs,
};
use uuid::Uuid;

use super::action::{Act, Deed, button, entry, others};
use super::fault::fault_view;
use super::list::Listed;
use super::trouble::{Trouble, TroubleAlert};
use super::waiting::Waiting;
use crate::api::ApiError;
use crate::live::{Heard, Live, Soon};
use crate::not_found::NotFound;
use crate::paths;

pub type Loading<T> = Pin<Box<dyn Future<Output = Result<T, ApiError>> + Send>>;
pub type Loaded<T> = Resource<Result<T, ApiError>>;

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

#[component]
pub fn DetailsPage<T: Detailed>(#[prop(optional)] marker: std::marker::PhantomData<T>) -> impl IntoView {
    let _ = marker;
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|p| p.get("id")).and_then(|id| id.parse::<Uuid>().ok()));
    move || match id.get() {
        Some(id) => view! { <Object<T> id=id/> }.into_any(),
        None => view! { <NotFound/> }.into_any(),
    }
}

#[component]
fn Object<T: Detailed>(id: Uuid, #[prop(optional)] marker: std::marker::PhantomData<T>) -> impl IntoView {
    let _ = marker;
    let object: Loaded<T> = Resource::new(move || id, T::load);
    follow(object, id);
    let trouble = Trouble::provide();
    let href = Callback::new(move |part: &'static str| match part {
        "" => paths::object(T::Row::TAB, id),
        word => paths::part(T::Row::TAB, id, word),
    });
    let place = Place { part: use_word(), href, close: None };
    view! {
        <Waiting lines=3>
            {move || object.get().map(|object| match object {
                Ok(object) => head(&object, id),
                Err(error) => fault_view(error),
            })}
        </Waiting>
        <TroubleAlert trouble=trouble/>
        {part_tabs::<T>(place)}
        {part_of(object, id, place.part)}
        <Outlet/>
    }
    .into_any()
}

/// The object in the lower pane of its list.
pub fn below<T: Detailed>(id: Uuid, place: Place) -> AnyView {
    let object: Loaded<T> = Resource::new(move || id, T::load);
    follow(object, id);
    let title = move |object: T| {
        let name = object.row().name();
        view! {
            <h2 class="dr-below__title"><a href=paths::object(T::Row::TAB, id)>{name}</a></h2>
            {object.state()}
        }
        .into_any()
    };
    let close = place.close.map(|close| {
        view! { <ButtonLink kind=ButtonKind::Plain small=true icon=Icon::Close label=t("list-below-close") href=close/> }
    });
    view! {
        <section class="dr-below" aria-label=t("list-below")>
            <div class="dr-below__head">
                <Waiting lines=1>
                    {move || object.get().map(|object| match object {
                        Ok(object) => title(object),
                        Err(error) => fault_view(error),
                    })}
                </Waiting>
                <span class="dr-below__close">{close}</span>
            </div>
            {part_tabs::<T>(place)}
            {part_of(object, id, place.part)}
        </section>
    }
    .into_any()
}

/// The part with the word `part`; under a dialog, the first.
fn part_of<T: Detailed>(object: Loaded<T>, id: Uuid, part: Memo<String>) -> AnyView {
    let at = Memo::new(move |_| {
        let word = part.get();
        T::parts().iter().position(|part| part.word == word).unwrap_or(0)
    });
    (move || match &T::parts()[at.get()].view {
        PartView::Facts(view) => facts_part(object, *view),
        PartView::Pane(view) => view(id),
    })
    .into_any()
}

fn follow<T: Detailed>(object: Loaded<T>, id: Uuid) {
    let Some(live) = use_context::<Live>() else { return };
    let again = Soon::new(move || object.refetch());
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

fn part_tabs<T: Detailed>(place: Place) -> AnyView {
    // One part alone needs no tab.
    if T::parts().len() < 2 {
        return ().into_any();
    }
    let tab = move |part: &'static PartOf<T>| {
        let href = Signal::derive(move || place.href.run(part.word));
        let current = move || {
            let word = place.part.get();
            let known = T::parts().iter().any(|p| p.word == word);
            part.word == word || (part.word.is_empty() && !known)
        };
        view! { <Tab href=href current=Signal::derive(current)>{t(part.label)}</Tab> }.into_any()
    };
    view! { <Tabs label=t("page-parts") secondary=true>{T::parts().iter().map(tab).collect_view()}</Tabs> }
        .into_any()
}

fn head<T: Detailed>(object: &T, id: Uuid) -> AnyView {
    let name = object.row().name();
    let path = breadcrumb(object);
    let state = object.state();
    let row = object.row().clone();
    let deeds = move || {
        let one = |deed| {
            let deed: &'static Deed<T::Row> = deed;
            button(deed.act, deed.act.href(T::Row::TAB, id, None).into(), deed.refusal(&row).into())
        };
        let buttons = T::Row::deeds().iter().filter(|deed| !deed.act.rare).map(one).collect_view();
        let all: Vec<Act> = T::Row::deeds().iter().map(|deed| deed.act).collect();
        let row = row.clone();
        let rare = move || {
            let rare = T::Row::deeds().iter().filter(|deed| deed.act.rare);
            let one = |deed: &Deed<T::Row>| {
                entry(deed.act, deed.act.href(T::Row::TAB, id, None), deed.refusal(&row))
            };
            rare.map(one).collect_view().into_any()
        };
        view! { {buttons} {others(&all, rare)} }
    };
    view! {
        <Title text=name.clone()/>
        <Section>
            <Breadcrumb label=t("page-path") path=path/>
            <PageHead title=name beside=move || state actions=deeds/>
        </Section>
    }
    .into_any()
}

fn breadcrumb<T: Detailed>(object: &T) -> Vec<(String, Option<String>)> {
    let tab = T::Row::TAB;
    let list = (tab.label(), Some(paths::list(tab).to_owned()));
    let above = object.above().into_iter().map(|(name, href)| (name, Some(href)));
    let own = (object.row().name(), None);
    std::iter::once(list).chain(above).chain([own]).collect()
}

fn facts_part<T: Detailed>(object: Loaded<T>, view: fn(&T) -> AnyView) -> AnyView {
    view! {
        <Waiting lines=6>
            <Section>{move || object.get().and_then(Result::ok).map(|object| view(&object))}</Section>
        </Waiting>
    }
    .into_any()
}

/// Below a page's address: nothing more for one of its tabs, and no page for anything else.
pub fn known_part<T: Detailed>(word: &str) -> AnyView {
    if T::parts().iter().any(|part| part.word == word) {
        ().into_any()
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
