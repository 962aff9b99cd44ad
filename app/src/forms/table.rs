//! Which operation a form's address stands for: the whole of writing in one table. Each line reads the form, calls
//! `control` once, and says where to go next.

use std::future::Future;
use std::pin::Pin;

use control::Ctx;
use model::Fault;
use model::language::Language;
use uuid::Uuid;

use super::{Done, Fields, FormData};
use crate::frame::ListTab;
use crate::paths;

mod access;
mod account;
mod estate;
mod hardware;
mod leases;
mod many;
mod people;
mod quotas;
mod sorting;
mod storage;
mod vms;

use access::{add_permission, edit_role, explain_permission, new_role, remove_permission, remove_role};
use account::{end_own_session, password, portal_settings, second_factor, second_factor_off, standing};
use estate::{
    activate_host, edit_cluster, edit_data_center, edit_host, edit_network, maintain_host, new_cluster,
    new_data_center, new_host, new_network, remove_cluster, remove_data_center, remove_host, remove_network,
};
use hardware::{add_disk, add_nic, attach_disk, detach_disk, edit_disk, edit_nic, remove_nic};
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
use storage::{
    edit_storage, image_disk, image_template, new_storage, remove_disk, remove_storage, remove_template,
    rescan_storage,
};
use vms::{
    change_cd, edit_vm, make_template, new_vm, pause_vm, power_off_vm, reboot_vm, remove_vm, reset_vm,
    run_vm, shutdown_vm, suspend_vm,
};

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
    "/disks/{id}/edit" => edit_disk,
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
    "/vms/{id}/add-disk" => add_disk,
    "/vms/{id}/attach-disk" => attach_disk,
    "/vms/{id}/detach-disk" => detach_disk,
    "/vms/{id}/add-nic" => add_nic,
    "/vms/{id}/edit-nic" => edit_nic,
    "/vms/{id}/remove-nic" => remove_nic,
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
