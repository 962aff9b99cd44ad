//! Which operation a form's address stands for: the whole of writing in one table. Each line reads the form, calls
//! `control` once, and says where to go next.

use std::future::Future;
use std::pin::Pin;

use control::Ctx;
use model::Fault;
use model::language::Language;
use uuid::Uuid;

use super::data::cluster::ClusterForm;
use super::data::copies::{CdForm, ImageDiskForm, ImageTemplateForm, MakeTemplateForm};
use super::data::data_center::DataCenterForm;
use super::data::deed::{ReasonForm, RemoveVmForm};
use super::data::host::HostForm;
use super::data::network::NetworkForm;
use super::data::storage::StorageForm;
use super::data::vm::VmForm;
use super::{Done, Fields, FormData, Notice};
use crate::frame::ListTab;
use crate::paths;

mod access;
mod account;
mod leases;
mod many;
mod people;
mod quotas;
mod sorting;

use access::{add_permission, edit_role, explain_permission, new_role, remove_permission, remove_role};
use account::{end_own_session, password, portal_settings, second_factor, second_factor_off, standing};
use leases::{edit_template, extend_lease};
use many::{choose_columns, order};
use people::{
    add_groups, add_users, edit_directory, new_directory, new_provider, new_user, remove_directory,
    remove_user, reset_password,
};
use quotas::{
    answer_request, ask_for_quota, assign_quota, edit_consumers, edit_quota, new_quota, remove_quota,
    withdraw_request,
};
use sorting::{assign_tags, edit_bookmark, edit_tag, new_bookmark, new_tag, remove_bookmark, remove_tag};

type Running<'a> = Pin<Box<dyn Future<Output = Result<Done, Fault>> + Send + 'a>>;

/// A form that was sent: its fields, the id in its path, and where it says to go afterwards.
pub struct Sent<'a> {
    pub ctx: &'a Ctx,
    pub id: Uuid,
    pub fields: &'a Fields,
    pub next: Option<&'a str>,
}

impl Sent<'_> {
    fn form<T: FormData>(&self) -> Result<T::Request, Fault> {
        self.fields.read::<T>().request().map_err(Fault::Invalid)
    }

    /// To `next` if there is one, else to `href`.
    fn to(&self, href: impl Into<String>) -> Result<Done, Fault> {
        Ok(Done::Go(self.next.map_or_else(|| href.into(), str::to_owned)))
    }

    fn to_page(&self, tab: ListTab) -> Result<Done, Fault> {
        self.to(paths::object(tab, self.id))
    }
}

/// One line of the table. `{id}` in the path is an object's id.
pub struct Line {
    pub path: &'static str,
    run: for<'a> fn(&'a Sent<'a>) -> Running<'a>,
}

macro_rules! table {
    ($($path:literal => $run:path),* $(,)?) => {
        &[$(Line { path: $path, run: |sent| Box::pin($run(sent)) }),*]
    };
}

pub const TABLE: &[Line] = table! {
    "/password" => password,
    "/language" => language,
    "/portal/settings" => portal_settings,
    "/account" => end_own_session,
    "/account/second-factor" => second_factor,
    "/account/second-factor/off" => second_factor_off,
    "/users/{id}/sign-in" => standing,
    "/data-centers/new" => new_data_center,
    "/data-centers/{id}/edit" => edit_data_center,
    "/data-centers/{id}/remove" => remove_data_center,
    "/clusters/new" => new_cluster,
    "/clusters/{id}/edit" => edit_cluster,
    "/clusters/{id}/remove" => remove_cluster,
    "/networks/new" => new_network,
    "/networks/{id}/edit" => edit_network,
    "/networks/{id}/remove" => remove_network,
    "/quotas/new" => new_quota,
    "/quotas/{id}/edit" => edit_quota,
    "/quotas/{id}/copy" => new_quota,
    "/quotas/{id}/remove" => remove_quota,
    "/quotas/{id}/consumers-edit" => edit_consumers,
    "/quotas/{id}/ask-for-quota" => ask_for_quota,
    "/quotas/{id}/answer-request" => answer_request,
    "/quotas/{id}/withdraw-request" => withdraw_request,
    "/quotas/columns" => choose_columns,
    "/quotas/bulk" => order,
    "/disks/{id}/assign-quota" => assign_quota,
    "/storage/new" => new_storage,
    "/storage/{id}/edit" => edit_storage,
    "/storage/{id}/remove" => remove_storage,
    "/storage/{id}/rescan" => rescan_storage,
    "/storage/{id}/image-disk" => image_disk,
    "/storage/{id}/image-template" => image_template,
    "/hosts/new" => new_host,
    "/hosts/{id}/edit" => edit_host,
    "/hosts/{id}/remove" => remove_host,
    "/hosts/{id}/maintenance" => maintain_host,
    "/hosts/{id}/activate" => activate_host,
    "/templates/{id}/edit" => edit_template,
    "/templates/{id}/remove" => remove_template,
    "/disks/{id}/remove" => remove_disk,
    "/vms/new" => new_vm,
    "/vms/{id}/edit" => edit_vm,
    "/vms/{id}/remove" => remove_vm,
    "/vms/{id}/extend-lease" => extend_lease,
    "/vms/{id}/run" => run_vm,
    "/vms/{id}/shutdown" => shutdown_vm,
    "/vms/{id}/power-off" => power_off_vm,
    "/vms/{id}/reboot" => reboot_vm,
    "/vms/{id}/reset" => reset_vm,
    "/vms/{id}/pause" => pause_vm,
    "/vms/{id}/suspend" => suspend_vm,
    "/vms/{id}/change-cd" => change_cd,
    "/vms/{id}/make-template" => make_template,
    "/jobs/{id}/cancel" => cancel_job,
    "/data-centers/columns" => choose_columns,
    "/clusters/columns" => choose_columns,
    "/hosts/columns" => choose_columns,
    "/networks/columns" => choose_columns,
    "/storage/columns" => choose_columns,
    "/disks/columns" => choose_columns,
    "/vms/columns" => choose_columns,
    "/templates/columns" => choose_columns,
    "/events/columns" => choose_columns,
    "/jobs/columns" => choose_columns,
    "/users/columns" => choose_columns,
    "/directories/columns" => choose_columns,
    "/bookmarks/columns" => choose_columns,
    "/tags/columns" => choose_columns,
    "/vms/bulk" => order,
    "/hosts/bulk" => order,
    "/disks/bulk" => order,
    "/templates/bulk" => order,
    "/networks/bulk" => order,
    "/storage/bulk" => order,
    "/clusters/bulk" => order,
    "/data-centers/bulk" => order,
    "/jobs/bulk" => order,
    "/events/bulk" => order,
    "/tags/bulk" => order,
    "/bookmarks/bulk" => order,
    "/tags/new" => new_tag,
    "/tags/{id}/edit" => edit_tag,
    "/tags/{id}/remove" => remove_tag,
    "/tags/assign" => assign_tags,
    "/vms/{id}/assign-tags" => assign_tags,
    "/hosts/{id}/assign-tags" => assign_tags,
    "/templates/{id}/assign-tags" => assign_tags,
    "/users/{id}/assign-tags" => assign_tags,
    "/users/new" => new_user,
    "/users/add" => add_users,
    "/users/{id}/reset-password" => reset_password,
    "/users/{id}/remove" => remove_user,
    "/directories/new" => new_directory,
    "/directories/add" => new_provider,
    "/directories/{id}/groups" => add_groups,
    "/directories/{id}/edit" => edit_directory,
    "/directories/{id}/remove" => remove_directory,
    "/bookmarks/new" => new_bookmark,
    "/bookmarks/{id}/edit" => edit_bookmark,
    "/bookmarks/{id}/remove" => remove_bookmark,
    "/data-centers/{id}/add-permission" => add_permission,
    "/data-centers/{id}/remove-permission" => remove_permission,
    "/data-centers/{id}/explain-permission" => explain_permission,
    "/clusters/{id}/add-permission" => add_permission,
    "/clusters/{id}/remove-permission" => remove_permission,
    "/clusters/{id}/explain-permission" => explain_permission,
    "/networks/{id}/add-permission" => add_permission,
    "/networks/{id}/remove-permission" => remove_permission,
    "/networks/{id}/explain-permission" => explain_permission,
    "/storage/{id}/add-permission" => add_permission,
    "/storage/{id}/remove-permission" => remove_permission,
    "/storage/{id}/explain-permission" => explain_permission,
    "/hosts/{id}/add-permission" => add_permission,
    "/hosts/{id}/remove-permission" => remove_permission,
    "/hosts/{id}/explain-permission" => explain_permission,
    "/templates/{id}/add-permission" => add_permission,
    "/templates/{id}/remove-permission" => remove_permission,
    "/templates/{id}/explain-permission" => explain_permission,
    "/disks/{id}/add-permission" => add_permission,
    "/disks/{id}/remove-permission" => remove_permission,
    "/disks/{id}/explain-permission" => explain_permission,
    "/vms/{id}/add-permission" => add_permission,
    "/vms/{id}/remove-permission" => remove_permission,
    "/vms/{id}/explain-permission" => explain_permission,
    "/users/{id}/explain-permission" => explain_permission,
    "/permissions/add" => add_permission,
    "/permissions/remove" => remove_permission,
    "/permissions/explain" => explain_permission,
    "/roles/new" => new_role,
    "/roles/{id}/copy" => new_role,
    "/roles/{id}/edit" => edit_role,
    "/roles/{id}/remove" => remove_role,
    "/roles/columns" => choose_columns,
    "/roles/bulk" => order,
    "/events/{id}/acknowledge" => acknowledge_alert,
    "/events/acknowledge" => acknowledge_alerts,
    "/events/restore" => restore_alerts,
};

/// The line for a path, with the id in it. A form of the VM portal is the same one below another address.
pub fn find(path: &str) -> Option<(&'static Line, Uuid)> {
    let path = paths::out_of_portal(path).unwrap_or(path);
    TABLE.iter().find_map(|line| Some((line, fits(line.path, path)?)))
}

fn fits(pattern: &str, path: &str) -> Option<Uuid> {
    let Some((before, after)) = pattern.split_once("{id}") else {
        return (pattern == path).then(Uuid::nil);
    };
    path.strip_prefix(before)?.strip_suffix(after)?.parse().ok()
}

/// Does what the form at `path` asks for.
pub async fn submit(ctx: &Ctx, path: &str, query: &str, fields: &Fields) -> Result<Done, Fault> {
    let (line, id) = find(path).ok_or_else(|| Fault::refused("form-unknown"))?;
    let query = Fields::parse(query);
    let sent = Sent { ctx, id, fields, next: paths::safe_next(Some(query.get("next"))) };
    let done = (line.run)(&sent).await?;
    Ok(match done {
        Done::Go(to) if paths::is_portal(path) => Done::Go(paths::in_portal(&to).unwrap_or(to)),
        done => done,
    })
}

/// The page that it was chosen on comes again, in it.
async fn language(s: &Sent<'_>) -> Result<Done, Fault> {
    let language = match s.fields.get("language") {
        "browser" => None,
        tag => Some(tag.parse::<Language>().map_err(|()| Fault::refused("fault-language"))?),
    };
    control::settings::choose_language(s.ctx, language).await?;
    s.to(paths::HOME)
}

async fn new_data_center(s: &Sent<'_>) -> Result<Done, Fault> {
    control::data_centers::create(s.ctx, &s.form::<DataCenterForm>()?.config).await?;
    s.to(paths::list(ListTab::DataCenters))
}

async fn edit_data_center(s: &Sent<'_>) -> Result<Done, Fault> {
    control::data_centers::edit(s.ctx, s.id.into(), &s.form::<DataCenterForm>()?).await?;
    s.to_page(ListTab::DataCenters)
}

async fn remove_data_center(s: &Sent<'_>) -> Result<Done, Fault> {
    control::data_centers::remove(s.ctx, s.id.into()).await?;
    Ok(Done::Go(paths::list(ListTab::DataCenters).to_owned()))
}

async fn new_cluster(s: &Sent<'_>) -> Result<Done, Fault> {
    control::clusters::create(s.ctx, &s.form::<ClusterForm>()?).await?;
    s.to(paths::list(ListTab::Clusters))
}

async fn edit_cluster(s: &Sent<'_>) -> Result<Done, Fault> {
    let edit = s.fields.read::<ClusterForm>().edit().map_err(Fault::Invalid)?;
    control::clusters::edit(s.ctx, s.id.into(), &edit).await?;
    s.to_page(ListTab::Clusters)
}

async fn remove_cluster(s: &Sent<'_>) -> Result<Done, Fault> {
    control::clusters::remove(s.ctx, s.id.into()).await?;
    Ok(Done::Go(paths::list(ListTab::Clusters).to_owned()))
}

async fn new_network(s: &Sent<'_>) -> Result<Done, Fault> {
    control::networks::create(s.ctx, &s.form::<NetworkForm>()?).await?;
    s.to(paths::list(ListTab::Networks))
}

async fn edit_network(s: &Sent<'_>) -> Result<Done, Fault> {
    let edit = s.fields.read::<NetworkForm>().edit().map_err(Fault::Invalid)?;
    control::networks::edit(s.ctx, s.id.into(), &edit).await?;
    s.to_page(ListTab::Networks)
}

async fn remove_network(s: &Sent<'_>) -> Result<Done, Fault> {
    control::networks::remove(s.ctx, s.id.into()).await?;
    Ok(Done::Go(paths::list(ListTab::Networks).to_owned()))
}

async fn new_storage(s: &Sent<'_>) -> Result<Done, Fault> {
    control::storage_domains::create(s.ctx, &s.form::<StorageForm>()?).await?;
    s.to(paths::list(ListTab::Storage))
}

async fn edit_storage(s: &Sent<'_>) -> Result<Done, Fault> {
    let edit = s.fields.read::<StorageForm>().edit().map_err(Fault::Invalid)?;
    control::storage_domains::edit(s.ctx, s.id.into(), &edit).await?;
    s.to_page(ListTab::Storage)
}

async fn remove_storage(s: &Sent<'_>) -> Result<Done, Fault> {
    control::storage_domains::remove(s.ctx, s.id.into()).await?;
    Ok(Done::Go(paths::list(ListTab::Storage).to_owned()))
}

async fn new_host(s: &Sent<'_>) -> Result<Done, Fault> {
    let new = s.form::<HostForm>()?;
    if s.fields.get("intent") == "test" {
        return tested(control::hosts::test(s.ctx, new.cluster, &new.config).await?);
    }
    control::hosts::create(s.ctx, &new).await?;
    s.to(paths::list(ListTab::Hosts))
}

async fn edit_host(s: &Sent<'_>) -> Result<Done, Fault> {
    let form = s.fields.read::<HostForm>();
    if s.fields.get("intent") == "test" {
        let new = form.request().map_err(Fault::Invalid)?;
        return tested(control::hosts::test(s.ctx, new.cluster, &new.config).await?);
    }
    control::hosts::edit(s.ctx, s.id.into(), &form.edit().map_err(Fault::Invalid)?).await?;
    s.to_page(ListTab::Hosts)
}

fn tested(facts: model::host::HostFacts) -> Result<Done, Fault> {
    Ok(Done::Stay(Notice::of_host(&facts)))
}

async fn remove_host(s: &Sent<'_>) -> Result<Done, Fault> {
    control::hosts::remove(s.ctx, s.id.into()).await?;
    Ok(Done::Go(paths::list(ListTab::Hosts).to_owned()))
}

async fn remove_disk(s: &Sent<'_>) -> Result<Done, Fault> {
    control::disks::remove(s.ctx, s.id.into()).await?;
    Ok(Done::Go(paths::list(ListTab::Disks).to_owned()))
}

async fn maintain_host(s: &Sent<'_>) -> Result<Done, Fault> {
    control::hosts::maintain(s.ctx, s.id.into(), s.form::<ReasonForm>()?.as_deref()).await?;
    s.to_page(ListTab::Hosts)
}

async fn activate_host(s: &Sent<'_>) -> Result<Done, Fault> {
    control::hosts::activate(s.ctx, s.id.into()).await?;
    s.to_page(ListTab::Hosts)
}

async fn remove_template(s: &Sent<'_>) -> Result<Done, Fault> {
    control::templates::remove(s.ctx, s.id.into()).await?;
    Ok(Done::Go(paths::list(ListTab::Templates).to_owned()))
}

async fn new_vm(s: &Sent<'_>) -> Result<Done, Fault> {
    let (id, _) = control::vms::create(s.ctx, &s.form::<VmForm>()?).await?;
    s.to(paths::object(ListTab::Vms, id))
}

async fn edit_vm(s: &Sent<'_>) -> Result<Done, Fault> {
    let edit = s.fields.read::<VmForm>().edit().map_err(Fault::Invalid)?;
    control::vms::edit(s.ctx, s.id.into(), &edit).await?;
    s.to_page(ListTab::Vms)
}

async fn remove_vm(s: &Sent<'_>) -> Result<Done, Fault> {
    control::vms::remove(s.ctx, s.id.into(), s.form::<RemoveVmForm>()?).await?;
    Ok(Done::Go(paths::list(ListTab::Vms).to_owned()))
}

async fn run_vm(s: &Sent<'_>) -> Result<Done, Fault> {
    control::vms::run(s.ctx, s.id.into(), s.form::<ReasonForm>()?.as_deref()).await?;
    s.to_page(ListTab::Vms)
}

async fn shutdown_vm(s: &Sent<'_>) -> Result<Done, Fault> {
    control::vms::shutdown(s.ctx, s.id.into(), s.form::<ReasonForm>()?.as_deref()).await?;
    s.to_page(ListTab::Vms)
}

async fn power_off_vm(s: &Sent<'_>) -> Result<Done, Fault> {
    control::vms::power_off(s.ctx, s.id.into(), s.form::<ReasonForm>()?.as_deref()).await?;
    s.to_page(ListTab::Vms)
}

async fn reboot_vm(s: &Sent<'_>) -> Result<Done, Fault> {
    control::vms::reboot(s.ctx, s.id.into(), s.form::<ReasonForm>()?.as_deref()).await?;
    s.to_page(ListTab::Vms)
}

async fn reset_vm(s: &Sent<'_>) -> Result<Done, Fault> {
    control::vms::reset(s.ctx, s.id.into(), s.form::<ReasonForm>()?.as_deref()).await?;
    s.to_page(ListTab::Vms)
}

async fn pause_vm(s: &Sent<'_>) -> Result<Done, Fault> {
    control::vms::pause(s.ctx, s.id.into(), s.form::<ReasonForm>()?.as_deref()).await?;
    s.to_page(ListTab::Vms)
}

async fn suspend_vm(s: &Sent<'_>) -> Result<Done, Fault> {
    control::vms::suspend(s.ctx, s.id.into(), s.form::<ReasonForm>()?.as_deref()).await?;
    s.to_page(ListTab::Vms)
}

async fn change_cd(s: &Sent<'_>) -> Result<Done, Fault> {
    control::vms::change_cd(s.ctx, s.id.into(), s.form::<CdForm>()?.as_ref()).await?;
    s.to_page(ListTab::Vms)
}

async fn make_template(s: &Sent<'_>) -> Result<Done, Fault> {
    let (id, _) = control::templates::make(s.ctx, s.id.into(), &s.form::<MakeTemplateForm>()?).await?;
    Ok(Done::Go(paths::object(ListTab::Templates, id)))
}

async fn rescan_storage(s: &Sent<'_>) -> Result<Done, Fault> {
    control::storage_domains::rescan(s.ctx, s.id.into()).await?;
    Ok(Done::Go(paths::part(ListTab::Storage, s.id, "images")))
}

async fn image_disk(s: &Sent<'_>) -> Result<Done, Fault> {
    let (id, _) = control::disks::from_image(s.ctx, &s.form::<ImageDiskForm>()?).await?;
    Ok(Done::Go(paths::object(ListTab::Disks, id)))
}

async fn image_template(s: &Sent<'_>) -> Result<Done, Fault> {
    let (id, _) = control::templates::from_image(s.ctx, &s.form::<ImageTemplateForm>()?).await?;
    Ok(Done::Go(paths::object(ListTab::Templates, id)))
}

async fn cancel_job(s: &Sent<'_>) -> Result<Done, Fault> {
    control::jobs::cancel(s.ctx, s.id.into()).await?;
    s.to_page(ListTab::Jobs)
}

async fn acknowledge_alert(s: &Sent<'_>) -> Result<Done, Fault> {
    control::alerts::acknowledge(s.ctx, s.id).await?;
    s.to_page(ListTab::Events)
}

async fn acknowledge_alerts(s: &Sent<'_>) -> Result<Done, Fault> {
    control::alerts::acknowledge_all(s.ctx).await?;
    s.to(paths::list(ListTab::Events))
}

async fn restore_alerts(s: &Sent<'_>) -> Result<Done, Fault> {
    control::alerts::restore(s.ctx).await?;
    s.to(paths::list(ListTab::Events))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_finds_its_line_and_its_id() {
        let id = Uuid::from_u128(9);
        let line = |path: &str| find(path).map(|(line, id)| (line.path, id));
        assert_eq!(line("/vms/new"), Some(("/vms/new", Uuid::nil())));
        assert_eq!(line(&format!("/vms/{id}/power-off")), Some(("/vms/{id}/power-off", id)));
        for path in ["/vms/new/", "/vms/7/edit", "/vms//edit", "/", "/sign-in", "/hosts/new?x=1"] {
            assert!(line(path).is_none(), "{path}");
        }
    }

    #[test]
    fn no_two_lines_share_a_path() {
        let paths: std::collections::BTreeSet<_> = TABLE.iter().map(|line| line.path).collect();
        assert_eq!(paths.len(), TABLE.len());
    }
}
