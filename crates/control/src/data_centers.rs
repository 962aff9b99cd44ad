//! Operations on data centers.

use model::data_center::{DataCenterConfig, DataCenterRow, EditDataCenter};
use model::event::EventKind;
use model::id::Kind;
use model::list::{ListQuery, Page};
use model::{Action, DataCenterId, Fault};
use store::data_centers as table;

use crate::app::{commit, name_taken};
use crate::ctx::{in_use, stale};
use crate::{Ctx, Outcome, events};

pub async fn list(ctx: &Ctx, query: &ListQuery) -> Outcome<Page<DataCenterRow>> {
    ctx.has_changed_password()?;
    Ok(table::LIST.page(&mut *ctx.app.conn().await?, ctx.viewer(), query).await?)
}

pub async fn get(ctx: &Ctx, id: DataCenterId) -> Outcome<DataCenterRow> {
    let mut c = ctx.app.conn().await?;
    ctx.sees(&mut c, Kind::DataCenter, id.0).await?;
    table::LIST.one(&mut c, id.0).await?.ok_or(Fault::NotFound { kind: Kind::DataCenter })
}

pub async fn create(ctx: &Ctx, config: &DataCenterConfig) -> Outcome<DataCenterId> {
    let mut tx = ctx.app.begin().await?;
    ctx.may(&mut tx, Kind::System, model::SYSTEM, Action::CreateDataCenter).await?;
    config.errors().into_result()?;
    let id = DataCenterId(ctx.app.ids.uuid());
    table::insert(&mut tx, id, config, ctx.app.now())
        .await
        .map_err(|e| name_taken(e, Kind::DataCenter, &config.name))?;
    events::tell(
        &mut tx,
        ctx,
        EventKind::DataCenterAdded,
        &[],
        vec![(Kind::DataCenter, id.0, config.name.clone())],
    )
    .await?;
    commit(tx).await?;
    Ok(id)
}

pub async fn edit(ctx: &Ctx, id: DataCenterId, edit: &EditDataCenter) -> Outcome<()> {
    let mut tx = ctx.app.begin().await?;
    ctx.may(&mut tx, Kind::DataCenter, id.0, Action::EditDataCenter).await?;
    edit.config.errors().into_result()?;
    let updated = table::update(&mut tx, id, edit.version, &edit.config).await;
    if !updated.map_err(|e| name_taken(e, Kind::DataCenter, &edit.config.name))? {
        return Err(stale(Kind::DataCenter, edit.version));
    }
    let about = vec![(Kind::DataCenter, id.0, edit.config.name.clone())];
    events::tell(&mut tx, ctx, EventKind::DataCenterUpdated, &[], about).await?;
    commit(tx).await
}

pub async fn remove(ctx: &Ctx, id: DataCenterId) -> Outcome<()> {
    let mut tx = ctx.app.begin().await?;
    ctx.takes(&mut tx, Kind::DataCenter, id.0, Action::RemoveDataCenter).await?;
    let row = table::LIST.one(&mut tx, id.0).await?.ok_or(Fault::NotFound { kind: Kind::DataCenter })?;
    let users = table::users(&mut tx, id).await?;
    if !users.is_empty() {
        return Err(in_use(&row.config.name, users));
    }
    let about = vec![(Kind::DataCenter, id.0, row.config.name)];
    events::tell(&mut tx, ctx, EventKind::DataCenterRemoved, &[], about).await?;
    store::objects::remove(&mut tx, id.0).await?;
    commit(tx).await
}
