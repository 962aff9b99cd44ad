//! Operations on storage domains. The server itself never opens one: hosts do, through libvirt.

use model::event::EventKind;
use model::id::Kind;
use model::list::{ListQuery, Page};
use model::storage_domain::{
    EditStorage, HostStorage, Medium, NewStorage, StorageConfig, StorageRow, StorageStatus,
};
use model::{Action, DataCenterId, Fault, FieldErrors, Refusal, StorageDomainId, Text};
use store::storage_domains as table;

use crate::app::{Tx, commit, name_taken};
use crate::ctx::{in_use, stale};
use crate::reconcile::storage;
use crate::{Ctx, Outcome, events};

pub async fn list(ctx: &Ctx, query: &ListQuery) -> Outcome<Page<StorageRow>> {
    ctx.has_changed_password()?;
    Ok(table::LIST.page(&mut *ctx.app.conn().await?, ctx.viewer(), query).await?)
}

pub async fn get(ctx: &Ctx, id: StorageDomainId) -> Outcome<StorageRow> {
    let mut c = ctx.app.conn().await?;
    ctx.sees(&mut c, Kind::StorageDomain, id.0).await?;
    table::LIST.one(&mut c, id.0).await?.ok_or(Fault::NotFound { kind: Kind::StorageDomain })
}

/// How each host sees it. Only those who may see all hosts get an answer.
pub async fn hosts(ctx: &Ctx, id: StorageDomainId) -> Outcome<Vec<HostStorage>> {
    get(ctx, id).await?;
    if !ctx.who.all {
        return Ok(Vec::new());
    }
    Ok(table::hosts(&mut *ctx.app.conn().await?, id).await?)
}

/// Looks into the domain now, instead of waiting for the next time that it is looked into anyway.
pub async fn rescan(ctx: &Ctx, id: StorageDomainId) -> Outcome<()> {
    let row = get(ctx, id).await?;
    let hosts = table::reachable_from(&mut *ctx.app.conn().await?, id).await?;
    let inactive = || Refusal::new("refusal-storage-inactive").with("name", &row.config.name);
    let driver = ctx.app.hosts.driver(*hosts.first().ok_or_else(inactive)?).await?;
    let found = driver.volumes(&storage::pool_of(&row)).await;
    let volumes = found.map_err(|e| Fault::Unavailable(e.text().into()))?;
    storage::take_in(&ctx.app, row.id, volumes).await?;
    let mut tx = ctx.app.begin().await?;
    let about = vec![(Kind::StorageDomain, id.0, row.config.name)];
    events::tell(&mut tx, ctx, EventKind::StorageScanned, &[], about).await?;
    commit(tx).await
}

/// The files in it that are no disks.
pub async fn media(ctx: &Ctx, id: StorageDomainId) -> Outcome<Vec<Medium>> {
    get(ctx, id).await?;
    Ok(store::media::of_domain(&mut *ctx.app.conn().await?, id).await?)
}

pub async fn create(ctx: &Ctx, new: &NewStorage) -> Outcome<StorageDomainId> {
    let mut tx = ctx.app.begin().await?;
    let data_center = (Kind::DataCenter, new.data_center.0);
    ctx.uses(&mut tx, data_center, Action::CreateStorage, "data_center").await?;
    new.config.errors().into_result()?;
    let id = StorageDomainId(ctx.app.ids.uuid());
    let inserted = table::insert(&mut tx, id, new.data_center, &new.config, ctx.app.now()).await;
    if let Err(error) = inserted {
        return Err(refused(ctx, tx, error, new.data_center, &new.config).await);
    }
    events::tell(
        &mut tx,
        ctx,
        EventKind::StorageAdded,
        &[],
        vec![(Kind::StorageDomain, id.0, new.config.name.clone())],
    )
    .await?;
    commit(tx).await?;
    ctx.app.hosts.poke_all();
    Ok(id)
}

pub async fn edit(ctx: &Ctx, id: StorageDomainId, edit: &EditStorage) -> Outcome<()> {
    let mut tx = ctx.app.begin().await?;
    ctx.takes(&mut tx, Kind::StorageDomain, id.0, Action::EditStorage).await?;
    edit.config.errors().into_result()?;
    let before =
        table::LIST.one(&mut tx, id.0).await?.ok_or(Fault::NotFound { kind: Kind::StorageDomain })?;
    let moved = before.config.path != edit.config.path;
    if moved && before.disk_count > 0 {
        return Err(Fault::field("path", Text::new("field-path-in-use")));
    }
    match table::update(&mut tx, id, edit.version, &edit.config).await {
        Ok(true) => {}
        Ok(false) => return Err(stale(Kind::StorageDomain, edit.version)),
        Err(error) => return Err(refused(ctx, tx, error, before.data_center.0, &edit.config).await),
    }
    if moved {
        // What hosts found at the old path says nothing of the new one.
        table::forget_seen(&mut tx, id).await?;
        table::set_status(&mut tx, id, StorageStatus::Unknown).await?;
    }
    let about = vec![(Kind::StorageDomain, id.0, edit.config.name.clone())];
    events::tell(&mut tx, ctx, EventKind::StorageUpdated, &[], about).await?;
    commit(tx).await?;
    ctx.app.hosts.poke_all();
    Ok(())
}

/// Forgets the domain, which must be empty of disks; its directory and files stay as they are.
pub async fn remove(ctx: &Ctx, id: StorageDomainId) -> Outcome<()> {
    let mut tx = ctx.app.begin().await?;
    ctx.takes(&mut tx, Kind::StorageDomain, id.0, Action::RemoveStorage).await?;
    let row = table::LIST.one(&mut tx, id.0).await?.ok_or(Fault::NotFound { kind: Kind::StorageDomain })?;
    let users = table::users(&mut tx, id).await?;
    if !users.is_empty() {
        return Err(in_use(&row.config.name, users));
    }
    let hosts = table::reachable_from(&mut tx, id).await?;
    let about = vec![(Kind::StorageDomain, id.0, row.config.name.clone())];
    events::tell(&mut tx, ctx, EventKind::StorageRemoved, &[], about).await?;
    store::objects::remove(&mut tx, id.0).await?;
    commit(tx).await?;
    let pool = host::PoolRef { pool: id.to_string(), path: row.config.path };
    for host in hosts {
        // A host that cannot be told keeps a pool that nobody asks for any more, which harms nothing.
        if let Ok(driver) = ctx.app.hosts.driver(host).await
            && let Err(error) = driver.close_pool(&pool).await
        {
            tracing::info!(%host, %error, pool = pool.pool, "a host keeps the pool of a removed domain");
        }
    }
    Ok(())
}

/// A constraint said no: by which other domain is looked up once the broken transaction is out of the way.
async fn refused(
    ctx: &Ctx,
    tx: Tx,
    error: store::StoreError,
    data_center: DataCenterId,
    config: &StorageConfig,
) -> Fault {
    let path =
        matches!(&error, store::StoreError::Sql(e) if store::violated(e).is_some_and(|c| c.contains("path")));
    if !path {
        return name_taken(error, Kind::StorageDomain, &config.name);
    }
    let other = async {
        tx.rollback().await.map_err(store::StoreError::from)?;
        Ok(table::by_path(&mut *ctx.app.conn().await?, data_center, &config.path).await?)
    };
    let other: Outcome<Option<String>> = other.await;
    match other {
        Ok(name) => {
            Fault::field("path", Text::new("refusal-path-taken").with("name", name.unwrap_or_default()))
        }
        Err(fault) => fault,
    }
}

/// The domain as a place for a new disk; none when it cannot be one, which is then told at its field.
pub(crate) async fn for_disk(
    ctx: &Ctx,
    tx: &mut Tx,
    (id, center): (StorageDomainId, DataCenterId),
    errors: &mut FieldErrors,
) -> Outcome<Option<StorageRow>> {
    match ctx.uses(tx, (Kind::StorageDomain, id.0), Action::CreateDisk, "storage_domain").await {
        Err(Fault::Invalid(unknown)) => {
            errors.0.extend(unknown.0);
            return Ok(None);
        }
        decided => decided?,
    }
    let row = table::LIST.one(tx, id.0).await?.ok_or(Fault::NotFound { kind: Kind::StorageDomain })?;
    let key = match (row.data_center.0 == center, row.status) {
        (false, _) => "refusal-other-data-center",
        (true, StorageStatus::Active) => return Ok(Some(row)),
        (true, _) => "refusal-storage-inactive",
    };
    errors.add("storage_domain", Text::new(key).with("name", &row.config.name));
    Ok(None)
}
