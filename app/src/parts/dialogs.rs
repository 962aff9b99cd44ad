//! What the dialogs of entities share: where they lead back to, the data they wait for, the three fields that every
//! object has, the question before a removal, and the deeds that take a reason.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use model::Action;
use model::text::{t, ta};
use ui::{Alert, Choice, ModalSize, Select, TextArea, TextField, Tone};
use uuid::Uuid;

use super::details::{Detailed, Loaded};
use super::list::Listed;
use super::waiting::shown;
use crate::api::Data;
use crate::api::choices::Named;
use crate::api::data::Readable;
use crate::asked::{address, here};
use crate::forms::data::deed::{ReasonForm, Sure};
use crate::forms::{FormCtl, FormDialog};
use crate::frame::ListTab;
use crate::paths;

/// Where a dialog's form posts to, and where closing it leads.
#[derive(Clone)]
pub struct Ways {
    pub action: String,
    pub close: String,
}

/// Of the dialog at this address: `path`, with the address to come back to kept in the query.
pub fn ways(path: &str, usual: &str) -> Ways {
    let query = address().get_untracked();
    let next = query.get("next");
    let path = here(path.to_owned());
    match paths::safe_next(next.as_deref()) {
        Some(next) => Ways { action: paths::returning(&path, next), close: next.to_owned() },
        None => Ways { action: path, close: here(usual.to_owned()) },
    }
}

/// Of the dialog that makes a new object.
pub fn new_ways(tab: ListTab) -> Ways {
    ways(&paths::new(tab, None), paths::list(tab))
}

/// Of a dialog about an object.
pub fn part_ways(tab: ListTab, id: Uuid, part: &str) -> Ways {
    ways(&paths::part(tab, id, part), &paths::object(tab, id))
}

/// The id in the address.
pub fn use_id() -> Uuid {
    use_params_map().with_untracked(|p| p.get("id")).and_then(|id| id.parse().ok()).unwrap_or_default()
}

/// The scope that the address names, for what a new object belongs to.
pub fn use_within() -> String {
    address().with_untracked(|q| q.get("within")).unwrap_or_default()
}

/// Shows what `data` is needed for, once it is there. It is read once: nothing that happens elsewhere may make
/// a form anew under somebody's hands.
pub fn once_loaded<T: Readable>(
    data: Data<T>,
    view: impl Fn(T) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    shown(0, data, view)
}

/// The object of the address, for a dialog about it.
pub fn use_object<T: Detailed>() -> Loaded<T> {
    let id = use_id();
    Data::new(move || T::load(id))
}

/// The one of `boxes` that the scope names, or the only one there is.
pub fn preferred(boxes: &[Named], within: &str) -> String {
    let named = boxes.iter().find(|b| b.id.to_string() == within || b.data_center.to_string() == within);
    let only = boxes.first().filter(|_| boxes.len() == 1);
    named.or(only).map(|b| b.id.to_string()).unwrap_or_default()
}

/// What to choose from, grouped by data center where that is something else.
pub fn choices(named: &[Named], first: Option<String>) -> Vec<Choice> {
    let one = |n: &Named| {
        let choice = Choice::new(n.id.to_string(), n.name.clone());
        if n.id == n.data_center { choice } else { choice.group(n.data_center_name.clone()) }
    };
    first.map(|label| Choice::new("", label)).into_iter().chain(named.iter().map(one)).collect()
}

/// The box that a new object goes into; what is there already stays where it is.
pub fn parent_field(
    form: FormCtl,
    name: &'static str,
    label: &'static str,
    boxes: Option<Vec<Named>>,
) -> AnyView {
    let Some(boxes) = boxes else { return unseen(form, name) };
    view! {
        <Select
            name=name
            label=t(label)
            choices=choices(&boxes, Some(t("choose")))
            value=form.value(name)
            on_change=form.input(name)
            error=form.error(name)
            required=true
        />
    }
    .into_any()
}

/// Name, description and comment.
pub fn name_fields(form: FormCtl, description: bool) -> AnyView {
    let description = description.then(|| {
        view! {
            <TextArea
                name="description"
                label=t("field-description")
                value=form.value("description")
                on_input=form.input("description")
                error=form.error("description")
                rows=2
            />
        }
    });
    view! {
        <TextField
            name="name"
            label=t("field-name")
            value=form.value("name")
            on_input=form.input("name")
            error=form.error("name")
            required=true
            autofocus=true
        />
        {description}
        <TextField
            name="comment"
            label=t("field-comment")
            value=form.value("comment")
            on_input=form.input("comment")
            error=form.error("comment")
        />
    }
    .into_any()
}

/// A field that goes along unseen: the version that was read, what cannot be changed.
pub fn unseen(form: FormCtl, name: &'static str) -> AnyView {
    view! { <input type="hidden" name=name value=form.value(name)/> }.into_any()
}

/// All fields but these, for a form that shows only some of those that belong together.
pub fn unseen_others(form: FormCtl, shown: &[&str]) -> AnyView {
    let one = |name: String| view! { <input type="hidden" name=name.clone() value=form.value_of(name)/> };
    form.others(shown).into_iter().map(one).collect_view().into_any()
}

/// "Remove data center Default?"
#[component]
pub fn RemoveDialog<T: Detailed>(
    #[prop(optional)] marker: std::marker::PhantomData<T>,
    action: Action,
    /// What becomes of it, as a key.
    hint: &'static str,
) -> impl IntoView {
    let _ = marker;
    let object = use_object::<T>();
    once_loaded(object, move |object: T| {
        let row = object.row();
        let ways = part_ways(T::Row::TAB, row.id(), "remove");
        let form = FormCtl::new::<Sure>("remove", ways.action, &Sure {});
        let title = ta("remove-title", &[("kind", &T::Row::KIND.noun()), ("name", &row.name())]);
        view! {
            <FormDialog form=form title=title submit=action.label() close=ways.close about=T::Row::TAB size=ModalSize::Small danger=true>
                <p>{t(hint)}</p>
            </FormDialog>
        }
        .into_any()
    })
}

/// A deed that may be given a reason, which the events then show.
#[component]
pub fn ReasonDialog<T: Detailed>(
    #[prop(optional)] marker: std::marker::PhantomData<T>,
    action: Action,
    part: &'static str,
    /// What it does, as a key.
    hint: &'static str,
    #[prop(optional)] danger: bool,
    /// Whether a reason is asked for.
    #[prop(default = true)]
    reason: bool,
) -> impl IntoView {
    let _ = marker;
    let object = use_object::<T>();
    once_loaded(object, move |object: T| {
        let row = object.row();
        let ways = part_ways(T::Row::TAB, row.id(), part);
        let form = FormCtl::new::<ReasonForm>(part, ways.action, &ReasonForm::default());
        let title = ta("deed-title", &[("action", &action.label()), ("name", &row.name())]);
        view! {
            <FormDialog form=form title=title submit=action.label() close=ways.close about=T::Row::TAB size=ModalSize::Small danger=danger>
                <p>{t(hint)}</p>
                {object.note(action).map(|note| view! { <Alert tone=Tone::Info title=note tone_label=t("alert-info")/> })}
                {reason.then(|| reason_field(form))}
            </FormDialog>
        }
        .into_any()
    })
}

fn reason_field(form: FormCtl) -> AnyView {
    view! {
        <TextField
            name="reason"
            label=t("field-reason")
            value=form.value("reason")
            on_input=form.input("reason")
            error=form.error("reason")
            help=t("field-reason-help")
            autofocus=true
        />
    }
    .into_any()
}
