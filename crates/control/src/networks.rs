//! Operations on networks.

use model::event::EventKind;
use model::id::Kind;
use model::list::{ListQuery, Page};
use model::network::{EditNetwork, NetworkRow, NewNetwork};
use model::{Action, Fault, NetworkId};
use store::networks as table;

use crate::app::{commit, name_taken};
use crate::ctx::{in_use, stale};
use crate::{Ctx, Outcome, events, grants};

pub async fn list(ctx: &Ctx, query: &ListQuery) -> Outcome<Page<NetworkRow>> {
    ctx.has_changed_password()?;
    Ok(table::LIST.page(&mut *ctx.app.conn().await?, ctx.viewer(), query).await?)
}

pub async fn get(ctx: &Ctx, id: NetworkId) -> Outcome<NetworkRow> {
    let mut c = ctx.app.conn().await?;
    ctx.sees(&mut c, Kind::Network, id.0).await?;
    table::LIST.one(&mut c, id.0).await?.ok_or(Fault::NotFound { kind: Kind::Network })
}

pub async fn create(ctx: &Ctx, new: &NewNetwork) -> Outcome<NetworkId> {
    let mut tx = ctx.app.begin().await?;
    let data_center = (Kind::DataCenter, new.data_center.0);
    ctx.uses(&mut tx, data_center, Action::CreateNetwork, "data_center").await?;
    new.config.errors().into_result()?;
    let id = NetworkId(ctx.app.ids.uuid());
    let inserted = table::insert(&mut tx, id, new.data_center, &new.config, ctx.app.now()).await;
    inserted.map_err(|e| refused(e, &new.config.name))?;
    grants::to_maker(ctx, &mut tx, Kind::Network, id.0).await?;
    if new.all_users {
        grants::to_everyone(ctx, &mut tx, Kind::Network, id.0).await?;
    }
    events::tell(
        &mut tx,
        ctx,
        EventKind::NetworkAdded,
        &[],
        vec![(Kind::Network, id.0, new.config.name.clone())],
    )
    .await?;
    commit(tx).await?;
    Ok(id)
}

pub async fn edit(ctx: &Ctx, id: NetworkId, edit: &EditNetwork) -> Outcome<()> {
    let mut tx = ctx.app.begin().await?;
    ctx.may(&mut tx, Kind::Network, id.0, Action::EditNetwork).await?;
    edit.config.errors().into_result()?;
    let updated = table::update(&mut tx, id, edit.version, &edit.config).await;
    if !updated.map_err(|e| refused(e, &edit.config.name))? {
        return Err(stale(Kind::Network, edit.version));
    }
    let about = vec![(Kind::Network, id.0, edit.config.name.clone())];
    events::tell(&mut tx, ctx, EventKind::NetworkUpdated, &[], about).await?;
    commit(tx).await
}

pub async fn remove(ctx: &Ctx, id: NetworkId) -> Outcome<()> {
    let mut tx = ctx.app.begin().await?;
    ctx.takes(&mut tx, Kind::Network, id.0, Action::RemoveNetwork).await?;
    let row = table::LIST.one(&mut tx, id.0).await?.ok_or(Fault::NotFound { kind: Kind::Network })?;
    let users = table::users(&mut tx, id).await?;
    if !users.is_empty() {
        return Err(in_use(&row.config.name, users));
    }
    let about = vec![(Kind::Network, id.0, row.config.name)];
    events::tell(&mut tx, ctx, EventKind::NetworkRemoved, &[], about).await?;
    store::objects::remove(&mut tx, id.0).await?;
    commit(tx).await
}

/// A unique constraint that another request was faster to.
fn refused(error: store::StoreError, name: &str) -> Fault {
    name_taken(error, Kind::Network, name)
}
