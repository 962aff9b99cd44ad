//! Operations on quotas: made, changed, removed, who may use them, and what a request would make of one. Taking from
//! one is `reserve`'s, called by whatever uses vCPUs, memory or storage.

use model::event::EventKind;
use model::id::Kind;
use model::list::{ListQuery, Page};
use model::policy::QUOTA_CONSUMER;
use model::quota::{ChangeConsumers, Consumer, EditQuota, NewQuota, QuotaConfig, QuotaRow, judge};
use model::{Action, DataCenterId, DiskId, EVERYONE, Fault, FieldErrors, PermissionId, QuotaId, Text};
use store::quotas as table;

use crate::app::{App, Tx, commit, name_taken};
use crate::ctx::{in_use, stale};
use crate::{Ctx, Outcome, events, users};

mod asked;
pub mod requests;
mod reserve;

pub use asked::Asked;
pub(crate) use reserve::{Taking, chosen, reserve};

pub async fn list(ctx: &Ctx, query: &ListQuery) -> Outcome<Page<QuotaRow>> {
    ctx.has_changed_password()?;
    Ok(table::LIST.page(&mut *ctx.app.conn().await?, ctx.viewer(), query).await?)
}

pub async fn get(ctx: &Ctx, id: QuotaId) -> Outcome<QuotaRow> {
    let mut c = ctx.app.conn().await?;
    ctx.sees(&mut c, Kind::Quota, id.0).await?;
    table::LIST.one(&mut c, id.0).await?.ok_or(Fault::NotFound { kind: Kind::Quota })
}

pub async fn create(ctx: &Ctx, new: &NewQuota) -> Outcome<QuotaId> {
    let mut tx = ctx.app.begin().await?;
    let data_center = (Kind::DataCenter, new.data_center.0);
    ctx.uses(&mut tx, data_center, Action::CreateQuota, "data_center").await?;
    fits(&mut tx, new.data_center, &new.config).await?;
    let id = QuotaId(ctx.app.ids.uuid());
    let inserted = table::insert(&mut tx, id, new.data_center, &new.config, ctx.app.now()).await;
    inserted.map_err(|e| name_taken(e, Kind::Quota, &new.config.name))?;
    let about = vec![(Kind::Quota, id.0, new.config.name.clone())];
    events::tell(&mut tx, ctx, EventKind::QuotaAdded, &[], about).await?;
    commit(tx).await?;
    Ok(id)
}

pub async fn edit(ctx: &Ctx, id: QuotaId, edit: &EditQuota) -> Outcome<()> {
    let mut tx = ctx.app.begin().await?;
    ctx.may(&mut tx, Kind::Quota, id.0, Action::EditQuota).await?;
    let row = table::lock(&mut tx, id).await?.ok_or(Fault::NotFound { kind: Kind::Quota })?;
    row.own()?;
    fits(&mut tx, row.data_center.0, &edit.config).await?;
    let updated = table::update(&mut tx, id, edit.version, &edit.config).await;
    if !updated.map_err(|e| name_taken(e, Kind::Quota, &edit.config.name))? {
        return Err(stale(Kind::Quota, row.version));
    }
    let about = vec![(Kind::Quota, id.0, edit.config.name.clone())];
    events::tell(&mut tx, ctx, EventKind::QuotaUpdated, &[], about).await?;
    commit(tx).await
}

/// Only what nothing is in any more: nobody loses a limit unasked.
pub async fn remove(ctx: &Ctx, id: QuotaId) -> Outcome<()> {
    let mut tx = ctx.app.begin().await?;
    ctx.takes(&mut tx, Kind::Quota, id.0, Action::RemoveQuota).await?;
    let row = table::LIST.one(&mut tx, id.0).await?.ok_or(Fault::NotFound { kind: Kind::Quota })?;
    row.own()?;
    let users = table::users(&mut tx, id).await?;
    if !users.is_empty() {
        return Err(in_use(&row.config.name, users));
    }
    requests::end_with(ctx, &mut tx, id).await?;
    let about = vec![(Kind::Quota, id.0, row.config.name)];
    events::tell(&mut tx, ctx, EventKind::QuotaRemoved, &[], about).await?;
    store::objects::remove(&mut tx, id.0).await?;
    commit(tx).await
}

/// The request's own rules, and that its clusters and domains are of the data center.
async fn fits(tx: &mut Tx, data_center: DataCenterId, config: &QuotaConfig) -> Outcome<()> {
    let mut errors = config.errors();
    let clusters: Vec<_> = config.clusters.iter().map(|one| one.cluster.0).collect();
    let domains: Vec<_> = config.domains.iter().map(|one| one.domain.0).collect();
    if table::strangers(tx, data_center, &clusters, &domains).await? != 0 {
        errors.add("clusters", Text::new("field-quota-place"));
    }
    errors.into_result()
}

/// Who may use the quota by a role on itself.
pub async fn consumers(ctx: &Ctx, id: QuotaId) -> Outcome<Vec<Consumer>> {
    let mut c = ctx.app.conn().await?;
    ctx.may(&mut c, Kind::Quota, id.0, Action::GrantPermission).await?;
    Ok(table::consumers(&mut c, id).await?)
}

/// All that one form asks of a quota's consumers; each is done by itself, the new ones first.
pub async fn change_consumers(ctx: &Ctx, id: QuotaId, asked: &ChangeConsumers) -> Outcome<()> {
    if let Some(name) = &asked.name {
        add_consumer(ctx, id, name, false).await?;
    }
    if asked.everyone {
        add_consumer(ctx, id, "", true).await?;
    }
    for permission in &asked.remove {
        remove_consumer(ctx, id, *permission).await?;
    }
    Ok(())
}

/// Lets somebody use the quota; `everyone` everybody who can sign in.
pub async fn add_consumer(ctx: &Ctx, id: QuotaId, name: &str, everyone: bool) -> Outcome<()> {
    let quota = get(ctx, id).await?;
    if !everyone {
        let granted =
            users::grant(ctx, name, QUOTA_CONSUMER.name, Kind::Quota, id.0, &quota.config.name).await;
        return granted.map_err(|fault| match fault {
            Fault::NotFound { kind: Kind::User } => crate::ctx::unknown("name", Kind::User),
            other => other,
        });
    }
    let mut tx = ctx.app.begin().await?;
    ctx.may(&mut tx, Kind::Quota, id.0, Action::GrantPermission).await?;
    ctx.uses(&mut tx, (Kind::Quota, id.0), Action::UseQuota, "name").await?;
    let permission = PermissionId(ctx.app.ids.uuid());
    store::users::grant(&mut tx, permission, EVERYONE, QUOTA_CONSUMER.id, id.0, ctx.app.now()).await?;
    let principal = Text::new("everyone");
    tell_permission(&mut tx, ctx, EventKind::PermissionGranted, principal, &quota).await?;
    commit(tx).await
}

pub async fn remove_consumer(ctx: &Ctx, id: QuotaId, permission: PermissionId) -> Outcome<()> {
    let mut tx = ctx.app.begin().await?;
    ctx.may(&mut tx, Kind::Quota, id.0, Action::GrantPermission).await?;
    let quota = table::LIST.one(&mut tx, id.0).await?.ok_or(Fault::NotFound { kind: Kind::Quota })?;
    let gone = table::revoke(&mut tx, id, permission).await?;
    let Some(name) = gone else { return Err(Fault::field("permission", Text::new("field-unknown-choice"))) };
    tell_permission(&mut tx, ctx, EventKind::PermissionRemoved, events::word(&name), &quota).await?;
    commit(tx).await
}

async fn tell_permission(
    tx: &mut Tx,
    ctx: &Ctx,
    kind: EventKind,
    principal: Text,
    quota: &QuotaRow,
) -> Outcome<()> {
    let (role, object) = (events::word(QUOTA_CONSUMER.name), events::word(&quota.config.name));
    let args = [("principal", principal), ("role", role), ("object", object)];
    events::tell(tx, ctx, kind, &args, vec![(Kind::Quota, quota.id.0, quota.config.name.clone())]).await
}

/// The quotas that this person may put something into.
pub async fn usable(ctx: &Ctx) -> Outcome<Vec<QuotaRow>> {
    ctx.has_changed_password()?;
    Ok(table::usable(&mut *ctx.app.conn().await?, ctx.who.id.map(|user| user.0)).await?)
}

/// What a request would make of a quota.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Projection {
    /// One for each limit.
    pub lines: Vec<Text>,
    /// There is no room for it, and this person may ask for more.
    pub asks: bool,
}

/// What the request would make of the quota's limits; nothing where there are none, or where the data center counts
/// nobody.
pub async fn projection(ctx: &Ctx, id: QuotaId, asked: &Asked) -> Outcome<Projection> {
    let mut c = ctx.app.conn().await?;
    ctx.may(&mut c, Kind::Quota, id.0, Action::UseQuota).await?;
    let row = table::LIST.one(&mut c, id.0).await?.ok_or(Fault::NotFound { kind: Kind::Quota })?;
    if row.mode == model::quota::QuotaMode::Disabled {
        return Ok(Projection::default());
    }
    let mut needs = asked.needs(&mut c).await?;
    // On which domain a disk will be is not always known yet.
    needs.retain(|need| !need.place.0.is_nil() || !row.config.per_domain);
    let judged = judge(&row, &needs);
    let asks = judged.beyond().next().is_some()
        && ctx.may(&mut c, Kind::Quota, id.0, Action::AskForQuota).await.is_ok();
    Ok(Projection {
        lines: judged.findings.iter().filter_map(|finding| finding.projection()).collect(),
        asks,
    })
}

/// Puts a disk that is there into another quota, or into the default.
pub async fn assign_disk(ctx: &Ctx, id: DiskId, quota: Option<QuotaId>) -> Outcome<()> {
    let mut tx = ctx.app.begin().await?;
    ctx.takes(&mut tx, Kind::Disk, id.0, Action::AssignQuota).await?;
    let disk = store::disks::LIST.one(&mut tx, id.0).await?.ok_or(Fault::NotFound { kind: Kind::Disk })?;
    if disk.quota.as_ref().map(|(own, _)| *own) == quota {
        return Ok(());
    }
    let about = (Kind::Disk, id.0, disk.alias.clone());
    let mut errors = FieldErrors::default();
    chosen(ctx, &mut tx, (quota, disk.data_center.0), &mut errors).await?;
    errors.into_result()?;
    let asked = Asked::disk(disk.storage_domain.0, disk.virtual_size);
    let taking = Taking { data_center: disk.data_center.0, quota, about: about.clone() };
    let mut tx = reserve(ctx, tx, &taking, &asked).await?;
    table::assign_disk(&mut tx, id, quota).await?;
    let name = match quota {
        Some(quota) => table::LIST.one(&mut tx, quota.0).await?.map(|row| row.config.name),
        None => None,
    };
    let name = name.unwrap_or_else(|| model::quota::DEFAULT.to_owned());
    events::tell(&mut tx, ctx, EventKind::QuotaAssigned, &[("quota", events::word(&name))], vec![about])
        .await?;
    commit(tx).await
}

/// Nothing is counted that could be wrong; what can be is that something is in a quota of another data center than it
/// has come to. That is taken out and told.
pub async fn reconcile(app: &App) -> Outcome<()> {
    let mut tx = app.begin().await?;
    for stray in table::release_strays(&mut tx).await? {
        let args = [("quota", events::word(&stray.quota))];
        let about = vec![(stray.kind, stray.id, stray.name)];
        events::note(&mut tx, app.now(), EventKind::QuotaLeft, &args, about, None).await?;
    }
    commit(tx).await
}
