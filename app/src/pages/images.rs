//! The files of a storage domain that are no disks, and what can be made of them.

use leptos::prelude::*;
use model::storage_domain::{Medium, StorageRow};
use model::text::{t, ta};
use model::vm_options::MediaRef;
use ui::{
    Alert, ButtonKind, Cell, Column, Dropdown, EmptyState, FormRow, Icon, MenuItem, ModalSize, Row, Table,
    TextField, ToggleKind, Tone, Toolbar, ToolbarItem,
};
use uuid::Uuid;

use super::quotas_dialog::quota_field;
use super::vms_dialog::count;
use crate::api::choices::Named;
use crate::api::{self, Data};
use crate::asked::address;
use crate::forms::data::copies::{ImageDiskForm, ImageTemplateForm};
use crate::forms::parse::boxed;
use crate::forms::{FormCtl, FormDialog, PostButton};
use crate::frame::ListTab;
use crate::parts::dialogs::{Ways, name_fields, once_loaded, part_ways, unseen, use_id};
use crate::parts::fields::switch;
use crate::parts::value::bytes;
use crate::parts::waiting::shown;
use crate::paths;

/// The parts of a domain's address where an image becomes something.
pub const DISK: &str = "image-disk";
pub const TEMPLATE: &str = "image-template";

pub fn images(id: Uuid) -> AnyView {
    let media = Data::new(move || api::storage_domains::media(id.into()));
    let rescan = paths::part(ListTab::Storage, id, "rescan");
    view! {
        <Toolbar label=t("part-images")>
            <ToolbarItem>
                <PostButton
                    action=rescan
                    kind=ButtonKind::Secondary
                    icon=Icon::Refresh
                    text=t("images-rescan")
                    done=move |()| media.refetch()
                />
            </ToolbarItem>
        </Toolbar>
        {shown(3, media, move |media| table(id, media))}
    }
    .into_any()
}

fn table(domain: Uuid, media: Vec<Medium>) -> AnyView {
    if media.is_empty() {
        return view! { <EmptyState icon=Icon::Disc title=t("images-none") small=true>{t("images-none-hint")}</EmptyState> }.into_any();
    }
    let heads = vec![
        Column::new(t("field-name")),
        Column::new(t("field-format")),
        Column::new(t("field-size")).end(),
        Column::new(t("list-deeds-column")).hidden_title().narrow(),
    ];
    let line = move |m: Medium| {
        let menu = (m.format != "iso").then(|| menu(domain, &m.at));
        view! {
            <Row>
                <Cell>{m.at.name}</Cell>
                <Cell>{m.format}</Cell>
                <Cell end=true>{bytes(Some(m.size))}</Cell>
                <Cell>{menu}</Cell>
            </Row>
        }
        .into_any()
    };
    view! { <Table label=t("part-images") columns=heads>{media.into_iter().map(line).collect_view()}</Table> }
        .into_any()
}

/// A disc is for a drive; any other image can be the content of a disk.
fn menu(domain: Uuid, at: &MediaRef) -> AnyView {
    let next = format!("{}/images", paths::object(ListTab::Storage, domain));
    let href = |part| {
        let dialog = paths::returning(&paths::part(ListTab::Storage, domain, part), &next);
        paths::asking(&dialog, "image", &at.name)
    };
    let (disk, template) = (href(DISK), href(TEMPLATE));
    view! {
        <Dropdown label=ta("list-deeds", &[("name", &at.name)]) kind=ToggleKind::Plain icon=Icon::More hide_label=true end=true>
            <MenuItem text=t("image-to-disk") icon=Icon::HardDrive href=disk/>
            <MenuItem text=t("image-to-template") icon=Icon::Template href=template/>
        </Dropdown>
    }
    .into_any()
}

/// The image that the address names, in this domain.
fn named_image(row: &StorageRow) -> MediaRef {
    let name = address().with_untracked(|q| q.get("image")).unwrap_or_default();
    MediaRef { storage_domain: row.id, name }
}

/// The image stays in the address when the form comes back with what is wrong.
fn image_ways(image: &MediaRef, part: &str) -> Ways {
    let ways = part_ways(ListTab::Storage, image.storage_domain.0, part);
    Ways { action: paths::asking(&ways.action, "image", &image.name), ..ways }
}

/// What is proposed as a name: the file's, without its ending.
fn proposed(image: &MediaRef) -> String {
    let file = image.name.rsplit('/').next().unwrap_or_default();
    file.rsplit_once('.').map_or(file, |(stem, _)| stem).to_owned()
}

fn copies(image: &MediaRef) -> AnyView {
    let note = ta("image-copies", &[("image", &image.name)]);
    view! { <Alert tone=Tone::Info title=note tone_label=t("alert-info")/> }.into_any()
}

/// The domain, and the quotas that this person may put something into.
fn with_quotas(id: Uuid) -> Data<(StorageRow, Vec<Named>)> {
    Data::new(move || async move {
        Ok((api::storage_domains::get(id.into()).await?, api::quotas::usable().await?))
    })
}

#[component]
pub fn ToDisk() -> impl IntoView {
    let id = use_id();
    once_loaded(with_quotas(id), |(row, quotas): (StorageRow, Vec<Named>)| {
        let image = named_image(&row);
        let ways = image_ways(&image, DISK);
        let data = ImageDiskForm { image: image.to_string(), alias: proposed(&image), ..Default::default() };
        let center = Signal::stored(Some(row.data_center.0.0));
        let form = FormCtl::new("image-disk", ways.action, &data);
        view! {
            <FormDialog form=form title=t("image-to-disk") submit=t("form-ok") close=ways.close about=ListTab::Disks size=ModalSize::Small>
                {copies(&image)}
                {unseen(form, "image")}
                <TextField
                    name="alias"
                    label=t("field-alias")
                    value=form.value("alias")
                    on_input=form.input("alias")
                    error=form.error("alias")
                    required=true
                    autofocus=true
                />
                <TextField
                    name="description"
                    label=t("field-description")
                    value=form.value("description")
                    on_input=form.input("description")
                    error=form.error("description")
                />
                {quota_field(form, quotas, None, center)}
            </FormDialog>
        }
        .into_any()
    })
}

#[component]
pub fn ToTemplate() -> impl IntoView {
    once_loaded(with_quotas(use_id()), |(row, quotas): (StorageRow, Vec<Named>)| {
        let image = named_image(&row);
        let ways = image_ways(&image, TEMPLATE);
        let data = ImageTemplateForm {
            image: image.to_string(),
            name: proposed(&image),
            all_users: boxed(true),
            ..Default::default()
        };
        let center = Signal::stored(Some(row.data_center.0.0));
        let form = FormCtl::new("image-template", ways.action, &data);
        view! {
            <FormDialog form=form title=t("image-to-template") submit=t("form-ok") close=ways.close about=ListTab::Templates>
                {copies(&image)}
                {unseen(form, "image")}
                {name_fields(form, true)}
                <FormRow>
                    {count(form, "memory", "field-memory-size", Some("unit-mib"), None)}
                    {count(form, "vcpus", "vm-total-vcpus", None, None)}
                </FormRow>
                {quota_field(form, quotas, None, center)}
                {switch(form, "all_users", "template-all-users")}
            </FormDialog>
        }
        .into_any()
    })
}
