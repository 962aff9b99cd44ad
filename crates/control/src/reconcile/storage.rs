//! Which storage domains a host has, and how full they are.

use host::{HostDriver, PoolRef};
use model::event::EventKind;
use model::host::HostDetails;
use model::id::Kind;
use model::storage_domain::{StorageRow, StorageStatus};
use model::{StorageDomainId, Text};
use time::Duration;

use super::monitor::Memory;
use crate::app::{App, commit};
use crate::{Outcome, events};

const EVERY: Duration = Duration::seconds(15);

pub async fn look_if_due(app: &App, host: &HostDetails, memory: &mut Memory) -> Outcome<()> {
    let known = store::storage_domains::unchecked(&mut *app.conn().await?, host.row.id).await?;
    let due = memory.storage_at.is_none_or(|at| app.now() - at > EVERY);
    if due || known { look(app, host, memory).await } else { Ok(()) }
}

pub async fn look(app: &App, host: &HostDetails, memory: &mut Memory) -> Outcome<()> {
    memory.storage_at = Some(app.now());
    let driver = app.hosts.driver_of(host.row.id, &host.config);
    let domains =
        store::storage_domains::of_data_center(&mut *app.conn().await?, host.row.data_center.0).await?;
    for id in domains {
        let row = store::storage_domains::LIST.one(&mut *app.conn().await?, id.0).await?;
        if let Some(row) = row {
            check(app, host, &row, driver.as_ref()).await?;
        }
    }
    Ok(())
}

async fn check(app: &App, host: &HostDetails, row: &StorageRow, driver: &dyn HostDriver) -> Outcome<()> {
    let pool = PoolRef { pool: row.id.to_string(), path: row.config.path.clone() };
    let opened = driver.open_pool(&pool).await;
    let reason = opened.as_ref().err().map(host::HostError::text);
    let mut tx = app.begin().await?;
    store::storage_domains::seen(&mut tx, host.row.id, row.id, reason.as_ref(), app.now()).await?;
    if let Ok(report) = opened {
        store::storage_domains::set_space(&mut tx, row.id, report.capacity, report.available).await?;
    }
    commit(tx).await?;
    settle(app, row.id, &row.config.name, reason).await
}

/// Active while any host has it.
async fn settle(app: &App, id: StorageDomainId, name: &str, reason: Option<Text>) -> Outcome<()> {
    let mut tx = app.begin().await?;
    let active = store::storage_domains::hosts(&mut tx, id).await?.iter().any(|h| h.active);
    let status = if active { StorageStatus::Active } else { StorageStatus::Inactive };
    if store::storage_domains::set_status(&mut tx, id, status).await? {
        let kind = if active { EventKind::StorageActive } else { EventKind::StorageInactive };
        let why = reason.unwrap_or_else(|| events::word(""));
        events::note(
            &mut tx,
            app.now(),
            kind,
            &[("why", why)],
            vec![(Kind::StorageDomain, id.0, name.to_owned())],
            None,
        )
        .await?;
    }
    commit(tx).await
}
