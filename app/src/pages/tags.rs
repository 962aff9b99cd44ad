//! Tags: all of them in the order of the tree, the page of one, its dialogs.

use leptos::prelude::*;
use model::Action;
use model::event::EventRow;
use model::id::Kind;
use model::list::{ListQuery, PAGE_SIZES, Page};
use model::tag::TagRow;
use model::text::{t, ta, tn};
use ui::{Cards, Choice, Icon, ModalSize, Select, TextArea, TextField};
use uuid::Uuid;

use super::tags_assign::in_tree;
use crate::api::{self, Data};
use crate::forms::data::deed::Sure;
use crate::forms::data::tag::TagForm;
use crate::forms::{FormCtl, FormDialog};
use crate::frame::ListTab;
use crate::parts::action::{Deed, always};
use crate::parts::details::{self, Detailed, DetailsPage, PartOf, PartView, card, known_part, over};
use crate::parts::dialogs::{Ways, new_ways, once_loaded, part_ways, unseen, use_id, use_object, use_within};
use crate::parts::list::{ColumnOf, EntityList, Listed, Loading, pane, plain};
use crate::parts::value::{link, name, number, text};
use crate::paths;

/// The lists that a tag can narrow down.
pub const TAGGED: [ListTab; 4] = [ListTab::Vms, ListTab::Hosts, ListTab::Templates, ListTab::Users];

impl Listed for TagRow {
    const TAB: ListTab = ListTab::Tags;
    const KIND: Kind = Kind::Tag;
    const EMPTY: (&'static str, &'static str) = ("tags-none", "tags-none-hint");
    const NEW: Option<&'static str> = Some("action-create-tag");
    // The order is the tree's.
    const DEFAULT_SORT: Option<&'static str> = None;
    const BELOW: bool = true;

    fn id(&self) -> Uuid {
        self.id.0
    }

    fn name(&self) -> String {
        self.name.clone()
    }

    fn columns() -> &'static [ColumnOf<Self>] {
        const {
            &[
                plain("field-name", |r: &TagRow| {
                    let indent = "\u{2003}".repeat(r.level.saturating_sub(1) as usize);
                    view! { {indent}{name(ListTab::Tags, r.id, r.name.clone())} }.into_any()
                }),
                plain("field-tag-parent", above),
                plain("field-tag-objects", |r| number(r.objects)),
                plain("field-description", |r| text(r.description.clone())),
            ]
        }
    }

    fn deeds() -> &'static [Deed<Self>] {
        const {
            &[
                Deed::new(Action::EditTag, "edit", Icon::Edit, always),
                Deed::new(Action::RemoveTag, "remove", Icon::Remove, always).danger(),
            ]
        }
    }

    fn load(query: ListQuery) -> Loading<Self> {
        Box::pin(api::tags::list(query))
    }
}

impl Detailed for TagRow {
    type Row = Self;

    fn load(id: Uuid) -> details::Loading<Self> {
        Box::pin(api::tags::get(id.into()))
    }

    fn row(&self) -> &Self {
        self
    }

    fn above(&self) -> Vec<(String, String)> {
        self.parent.iter().map(|(id, name)| (name.clone(), paths::object(ListTab::Tags, id))).collect()
    }

    fn state(&self) -> Option<AnyView> {
        None
    }

    fn parts() -> &'static [PartOf<Self>] {
        const {
            &[
                PartOf { word: "", label: "part-general", view: PartView::Facts(general) },
                PartOf { word: "events", label: "tab-events", view: PartView::Pane(pane::<EventRow>) },
            ]
        }
    }
}

fn above(r: &TagRow) -> AnyView {
    match &r.parent {
        Some((id, name)) => link(ListTab::Tags, id, name.clone()),
        None => text(None),
    }
}

fn general(r: &TagRow) -> AnyView {
    let own = vec![
        ("field-name", text(r.name.clone())),
        ("field-tag-parent", above(r)),
        ("field-tag-below", number(r.below)),
        ("field-description", text(r.description.clone())),
        ("field-id", text(r.id.to_string())),
    ];
    let lists = TAGGED.map(|tab| view! { <a href=paths::tagged(tab, &r.name)>{tab.label()}</a>" " });
    let carried = vec![("field-tag-objects", number(r.objects)), ("frame-lists", lists.into_any())];
    view! { <Cards>{card("part-general", own)}{card("part-use", carried)}</Cards> }.into_any()
}

#[component]
pub fn List() -> impl IntoView {
    view! { <EntityList<TagRow>/> }
}

#[component]
pub fn Details() -> impl IntoView {
    view! { <DetailsPage<TagRow>/> }
}

/// A dialog over the page of one.
#[component]
pub fn Part() -> impl IntoView {
    over(|part| match part {
        "edit" => view! { <Edit/> }.into_any(),
        "remove" => view! { <Remove/> }.into_any(),
        word => known_part::<TagRow>(word),
    })
}

/// All tags at once.
pub fn all() -> ListQuery {
    ListQuery { size: PAGE_SIZES[PAGE_SIZES.len() - 1], ..ListQuery::default() }
}

#[component]
pub fn New() -> impl IntoView {
    let parent = use_within();
    once_loaded(Data::new(|| api::tags::list(all())), move |tags: Page<TagRow>| {
        let ways = new_ways(ListTab::Tags);
        let form = FormCtl::new(
            "tag",
            ways.action.clone(),
            &TagForm { parent: parent.clone(), ..Default::default() },
        );
        dialog(form, ways, t("tag-new"), &tags.rows)
    })
}

#[component]
fn Edit() -> impl IntoView {
    let id = use_id();
    once_loaded(Data::new(|| api::tags::list(all())), move |tags: Page<TagRow>| {
        let ways = part_ways(ListTab::Tags, id, "edit");
        let Some(row) = tags.rows.iter().find(|tag| tag.id.0 == id) else { return ().into_any() };
        let form = FormCtl::new("tag", ways.action.clone(), &TagForm::from(row));
        let others: Vec<TagRow> = tags.rows.iter().filter(|tag| tag.id.0 != id).cloned().collect();
        dialog(form, ways, t("tag-edit"), &others)
    })
}

fn dialog(form: FormCtl, ways: Ways, title: String, tags: &[TagRow]) -> AnyView {
    let places: Vec<Choice> =
        std::iter::once(Choice::new("", t("tag-top"))).chain(tags.iter().map(in_tree)).collect();
    view! {
        <FormDialog form=form title=title submit=t("form-ok") close=ways.close about=ListTab::Tags>
            {unseen(form, "version")}
            <TextField
                name="name"
                label=t("field-name")
                value=form.value("name")
                on_input=form.input("name")
                error=form.error("name")
                required=true
                autofocus=true
            />
            <TextArea
                name="description"
                label=t("field-description")
                value=form.value("description")
                on_input=form.input("description")
                error=form.error("description")
                rows=2
            />
            <Select
                name="parent"
                label=t("field-tag-parent")
                choices=places
                value=form.value("parent")
                on_change=form.input("parent")
                error=form.error("parent")
            />
        </FormDialog>
    }
    .into_any()
}

/// Says how much loses the tag, and what goes with it.
#[component]
fn Remove() -> impl IntoView {
    once_loaded(use_object::<TagRow>(), |tag: TagRow| {
        let ways = part_ways(ListTab::Tags, tag.id.0, "remove");
        let form = FormCtl::new::<Sure>("remove", ways.action, &Sure {});
        let title = ta("remove-title", &[("kind", &Kind::Tag.noun()), ("name", &tag.name)]);
        let below = (tag.below > 0).then(|| view! { <p>{tn("tag-remove-below", tag.below.into())}</p> });
        view! {
            <FormDialog form=form title=title submit=Action::RemoveTag.label() close=ways.close about=ListTab::Tags size=ModalSize::Small danger=true>
                <p>{tn("tag-remove-hint", tag.objects.into())}</p>
                {below}
            </FormDialog>
        }
        .into_any()
    })
}
