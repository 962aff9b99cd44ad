//! Storage domains, the disks and images on them, and templates.

use model::Fault;

use super::Sent;
use crate::forms::Done;
use crate::forms::data::copies::{ImageDiskForm, ImageTemplateForm};
use crate::forms::data::storage::StorageForm;
use crate::frame::ListTab;
use crate::paths;

pub async fn new_storage(s: &Sent<'_>) -> Result<Done, Fault> {
    control::storage_domains::create(s.ctx, &s.form::<StorageForm>()?).await?;
    s.to(paths::list(ListTab::Storage))
}

pub async fn edit_storage(s: &Sent<'_>) -> Result<Done, Fault> {
    let edit = s.fields.read::<StorageForm>().edit().map_err(Fault::Invalid)?;
    control::storage_domains::edit(s.ctx, s.id.into(), &edit).await?;
    s.to_page(ListTab::Storage)
}

pub async fn remove_storage(s: &Sent<'_>) -> Result<Done, Fault> {
    control::storage_domains::remove(s.ctx, s.id.into()).await?;
    Ok(Done::Go(paths::list(ListTab::Storage).to_owned()))
}

pub async fn rescan_storage(s: &Sent<'_>) -> Result<Done, Fault> {
    control::storage_domains::rescan(s.ctx, s.id.into()).await?;
    Ok(Done::Go(paths::part(ListTab::Storage, s.id, "images")))
}

pub async fn remove_disk(s: &Sent<'_>) -> Result<Done, Fault> {
    control::disks::remove(s.ctx, s.id.into()).await?;
    Ok(Done::Go(paths::list(ListTab::Disks).to_owned()))
}

pub async fn image_disk(s: &Sent<'_>) -> Result<Done, Fault> {
    let (id, _) = control::disks::from_image(s.ctx, &s.form::<ImageDiskForm>()?).await?;
    Ok(Done::Go(paths::object(ListTab::Disks, id)))
}

pub async fn image_template(s: &Sent<'_>) -> Result<Done, Fault> {
    let (id, _) = control::templates::from_image(s.ctx, &s.form::<ImageTemplateForm>()?).await?;
    Ok(Done::Go(paths::object(ListTab::Templates, id)))
}

pub async fn remove_template(s: &Sent<'_>) -> Result<Done, Fault> {
    control::templates::remove(s.ctx, s.id.into()).await?;
    Ok(Done::Go(paths::list(ListTab::Templates).to_owned()))
}
