//! The tags of one object, or of many at once: what all of them carry is marked, what some carry can be taken off those.

use leptos::prelude::*;
use model::Action;
use model::id::Kind;
use model::tag::{TagRow, Tagged};
use model::text::{t, ta, tn};
use ui::{CheckGroup, Choice};

use crate::api::{self, Data};
use crate::asked::address;
use crate::forms::data::tag::AssignForm;
use crate::forms::{FormCtl, FormDialog};
use crate::frame::ListTab;
use crate::parts::dialogs::{Ways, once_loaded, part_ways, unseen, use_id, ways};
use crate::parts::list::{Picked, SELECTED};
use crate::paths;

/// Of the object in the address.
pub fn one(tab: ListTab, kind: Kind) -> AnyView {
    let id = use_id();
    asked(kind, id.to_string(), move || part_ways(tab, id, "assign-tags"))
}

/// Of the objects that the address names.
#[component]
pub fn Many() -> impl IntoView {
    let query = address().get_untracked();
    let kind = query.get("kind").and_then(|kind| kind.parse().ok()).unwrap_or(Kind::Vm);
    let named = query.get("objects").unwrap_or_default();
    let objects = if named == SELECTED { Picked::of_list().text() } else { named };
    let path = paths::assign_tags(kind, &objects);
    asked(kind, objects, move || ways(&path, paths::tab_for(kind).map_or(paths::TAGS, paths::list)))
}

fn asked(kind: Kind, objects: String, ways: impl Fn() -> Ways + Send + Sync + 'static) -> AnyView {
    let data = Data::new(move || api::tags::carried(kind, objects.clone()));
    once_loaded(data, move |tagged: Tagged| dialog(ways(), tagged))
}

fn dialog(ways: Ways, tagged: Tagged) -> AnyView {
    let form = FormCtl::new("assign-tags", ways.action, &AssignForm::from(&tagged));
    let all = tagged.objects.len() as u64;
    let title = match tagged.objects.as_slice() {
        [(_, name)] => ta("deed-title", &[("action", &Action::AssignTags.label()), ("name", name)]),
        _ => tn("tags-assign-many", all),
    };
    let partly: Vec<Choice> = tagged
        .tags
        .iter()
        .filter(|(_, n)| (1..all).contains(&u64::from(*n)))
        .map(|tag| some(tag, all))
        .collect();
    let choices: Vec<Choice> = tagged.tags.iter().map(|(tag, _)| in_tree(tag)).collect();
    let none = choices.is_empty().then(|| {
        view! { <p>{t("tags-none-hint")}" "<a href=paths::new(ListTab::Tags, None)>{t("action-create-tag")}</a></p> }
    });
    view! {
        <FormDialog form=form title=title submit=t("form-ok") close=ways.close about=ListTab::Tags>
            {unseen(form, "kind")}
            {unseen(form, "objects")}
            {unseen(form, "before")}
            {none}
            {boxes(form, "tags", "field-tags", choices)}
            {boxes(form, "remove", "tags-remove", partly)}
        </FormDialog>
    }
    .into_any()
}

fn boxes(form: FormCtl, name: &'static str, label: &str, choices: Vec<Choice>) -> AnyView {
    if choices.is_empty() {
        return ().into_any();
    }
    view! {
        <CheckGroup
            name=name
            label=t(label)
            choices=choices
            value=form.value(name)
            on_change=form.input(name)
            error=form.error(name)
        />
    }
    .into_any()
}

/// A tag as far in as it stands in the tree.
pub fn in_tree(tag: &TagRow) -> Choice {
    let indent = "\u{2003}".repeat(tag.level.saturating_sub(1) as usize);
    Choice::new(tag.id.to_string(), format!("{indent}{}", tag.name))
}

/// "web (on 2 of 5)"
fn some((tag, n): &(TagRow, u32), all: u64) -> Choice {
    let args = [("name", tag.name.as_str()), ("n", &n.to_string()), ("all", &all.to_string())];
    Choice::new(tag.id.to_string(), ta("tags-partly", &args))
}
