//! Operations on hosts.

use model::event::EventKind;
use model::host::{
    EditHost, HostConfig, HostDetails, HostFacts, HostIntent, HostRow, HostStatus, NewHost, Transport,
};
use model::id::Kind;
use model::list::{ListQuery, Page};
use model::{Action, ClusterId, Fault, HostId, Refusal, Text};
use store::hosts as table;

use crate::app::{Tx, commit, name_taken};
use crate::ctx::stale;
use crate::{Ctx, Outcome, events};

pub async fn list(ctx: &Ctx, query: &ListQuery) -> Outcome<Page<HostRow>> {
    ctx.has_changed_password()?;
    Ok(table::LIST.page(&mut *ctx.app.conn().await?, ctx.viewer(), query).await?)
}

pub async fn get(ctx: &Ctx, id: HostId) -> Outcome<HostDetails> {
    let mut c = ctx.app.conn().await?;
    ctx.sees(&mut c, Kind::Host, id.0).await?;
    table::details(&mut c, id).await?.ok_or(Fault::NotFound { kind: Kind::Host })
}

/// Adds a host at once; connecting to it is the monitor's, which starts right away.
pub async fn create(ctx: &Ctx, new: &NewHost) -> Outcome<HostId> {
    let mut tx = ctx.app.begin().await?;
    ctx.uses(&mut tx, (Kind::Cluster, new.cluster.0), Action::CreateHost, "cluster").await?;
    check(ctx, &mut tx, None, &new.config).await?;
    let id = HostId(ctx.app.ids.uuid());
    let inserted = table::insert(&mut tx, id, new.cluster, &new.config, ctx.app.now()).await;
    if let Err(error) = inserted {
        return Err(refused(ctx, tx, error, &new.config).await);
    }
    events::tell(&mut tx, ctx, EventKind::HostAdded, &[], vec![(Kind::Host, id.0, new.config.name.clone())])
        .await?;
    commit(tx).await?;
    ctx.app.hosts.poke(id);
    Ok(id)
}

pub async fn edit(ctx: &Ctx, id: HostId, edit: &EditHost) -> Outcome<()> {
    let mut tx = ctx.app.begin().await?;
    let host = find(ctx, &mut tx, id, Action::EditHost).await?;
    check(ctx, &mut tx, Some(id), &edit.config).await?;
    let moved = crate::host_pool::endpoint(id, &host.config) != crate::host_pool::endpoint(id, &edit.config);
    if moved && host.row.vm_count > 0 {
        return Err(Refusal::new("refusal-host-vms").with("name", &host.row.name).into());
    }
    match table::update(&mut tx, id, edit.version, &edit.config).await {
        Ok(true) => {}
        Ok(false) => return Err(stale(Kind::Host, edit.version)),
        Err(error) => return Err(refused(ctx, tx, error, &edit.config).await),
    }
    if moved && host.row.intended == HostIntent::Active {
        // Whatever answered until now: at the new address nobody has been asked yet.
        table::set_status(&mut tx, id, HostStatus::Connecting, None, ctx.app.now()).await?;
    }
    events::tell(
        &mut tx,
        ctx,
        EventKind::HostUpdated,
        &[],
        vec![(Kind::Host, id.0, edit.config.name.clone())],
    )
    .await?;
    commit(tx).await?;
    ctx.app.hosts.poke(id);
    Ok(())
}

pub async fn remove(ctx: &Ctx, id: HostId) -> Outcome<()> {
    let mut tx = ctx.app.begin().await?;
    let host = find(ctx, &mut tx, id, Action::RemoveHost).await?;
    host.row.status.can(Action::RemoveHost)?;
    no_vms(&mut tx, id, &host.row.name).await?;
    events::tell(&mut tx, ctx, EventKind::HostRemoved, &[], vec![(Kind::Host, id.0, host.row.name.clone())])
        .await?;
    store::objects::remove(&mut tx, id.0).await?;
    commit(tx).await?;
    ctx.app.hosts.forget(id).await;
    Ok(())
}

/// Sends a host to maintenance: refused while VMs run there, since nothing moves them yet.
pub async fn maintain(ctx: &Ctx, id: HostId, reason: Option<&str>) -> Outcome<()> {
    let mut tx = ctx.app.begin().await?;
    let host = find(ctx, &mut tx, id, Action::Maintain).await?;
    host.row.status.can(Action::Maintain)?;
    no_vms(&mut tx, id, &host.row.name).await?;
    let reason = events::given(reason)?;
    let now = ctx.app.now();
    table::set_intent(&mut tx, id, HostIntent::Maintenance).await?;
    table::set_status(&mut tx, id, HostStatus::Maintenance, None, now).await?;
    let about = || vec![(Kind::Host, id.0, host.row.name.clone())];
    let args = [("reason", events::reason(reason))];
    events::tell(&mut tx, ctx, EventKind::HostMaintenanceAsked, &args, about()).await?;
    events::note(&mut tx, now, EventKind::HostMaintenance, &[], about(), None).await?;
    commit(tx).await?;
    crate::reconcile::storage::settle(&ctx.app, host.row.data_center.0, None).await
}

pub async fn activate(ctx: &Ctx, id: HostId) -> Outcome<()> {
    let mut tx = ctx.app.begin().await?;
    let host = find(ctx, &mut tx, id, Action::Activate).await?;
    host.row.status.can(Action::Activate)?;
    table::set_intent(&mut tx, id, HostIntent::Active).await?;
    table::set_status(&mut tx, id, HostStatus::Connecting, None, ctx.app.now()).await?;
    events::tell(
        &mut tx,
        ctx,
        EventKind::HostActivating,
        &[],
        vec![(Kind::Host, id.0, host.row.name.clone())],
    )
    .await?;
    commit(tx).await?;
    ctx.app.hosts.poke(id);
    Ok(())
}

/// Connects as the form says and tells what it finds, or in words why it cannot. Changes nothing.
pub async fn test(ctx: &Ctx, cluster: ClusterId, config: &HostConfig) -> Outcome<HostFacts> {
    let mut c = ctx.app.conn().await?;
    ctx.may(&mut c, Kind::Cluster, cluster.0, Action::TestHost).await?;
    drop(c);
    config.errors().into_result()?;
    lab_only(ctx, config)?;
    let driver = ctx.app.hosts.stranger(HostId(ctx.app.ids.uuid()), config);
    let facts = driver.facts().await;
    driver.close().await;
    facts.map_err(|error| Fault::Unavailable(error.text().into()))
}

/// The host for a change that must not meet a placement on its way: as a placement does, it takes the cluster
/// first, and then sees every VM that was placed.
async fn find(ctx: &Ctx, tx: &mut Tx, id: HostId, action: Action) -> Outcome<HostDetails> {
    ctx.may(tx, Kind::Host, id.0, action).await?;
    let gone = || Fault::NotFound { kind: Kind::Host };
    let cluster = table::LIST.one(tx, id.0).await?.ok_or_else(gone)?.cluster.0;
    store::clusters::lock(tx, cluster).await?;
    table::lock(tx, id).await?;
    table::details(tx, id).await?.ok_or_else(gone)
}

async fn no_vms(tx: &mut Tx, id: HostId, name: &str) -> Outcome<()> {
    let vms = table::vms(tx, id).await?;
    if vms.is_empty() {
        return Ok(());
    }
    let lines: Vec<Text> = vms.iter().map(|vm| store::objects::used_by("vm", vm)).collect();
    Err(Refusal::new("refusal-host-vms").with("name", name).because(lines).into())
}

async fn check(ctx: &Ctx, tx: &mut Tx, own: Option<HostId>, config: &HostConfig) -> Outcome<()> {
    config.errors().into_result()?;
    lab_only(ctx, config)?;
    match table::by_address(tx, config).await? {
        Some((other, name)) if Some(other) != own => Err(address_taken(&name)),
        _ => Ok(()),
    }
}

fn address_taken(name: &str) -> Fault {
    Fault::field("address", Text::new("refusal-address-taken").with("name", name))
}

/// A unique constraint that another request was faster to: whose it is now is looked up once the broken transaction
/// is out of the way.
async fn refused(ctx: &Ctx, tx: Tx, error: store::StoreError, config: &HostConfig) -> Fault {
    let address = matches!(&error, store::StoreError::Sql(e) if store::violated(e) == Some("hosts_address"));
    if !address {
        return name_taken(error, Kind::Host, &config.name);
    }
    let other = async {
        tx.rollback().await.map_err(store::StoreError::from)?;
        Ok(table::by_address(&mut *ctx.app.conn().await?, config).await?)
    };
    let other: Outcome<Option<(HostId, String)>> = other.await;
    match other {
        Ok(other) => address_taken(&other.map(|(_, name)| name).unwrap_or_default()),
        Err(fault) => fault,
    }
}

fn lab_only(ctx: &Ctx, config: &HostConfig) -> Outcome<()> {
    if config.transport == Transport::Tcp && !ctx.app.options.allow_tcp {
        return Err(Fault::field("transport", Text::new("refusal-tcp-lab-only")));
    }
    Ok(())
}
