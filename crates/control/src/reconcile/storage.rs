//! Which storage domains a host has, and how full they are.

use host::{HostDriver, PoolRef, VolumeReport};
use model::event::EventKind;
use model::host::{HostDetails, HostStatus};
use model::id::Kind;
use model::storage_domain::{Space, StorageRow, StorageStatus};
use model::{DataCenterId, StorageDomainId, Text};
use store::storage_domains::Place;
use time::{Duration, OffsetDateTime};

use crate::app::{App, Tx, commit};
use crate::{Outcome, events};

const EVERY: Duration = Duration::seconds(15);
/// How often the volumes of a domain are measured: a disk grows by what its guest writes.
const MEASURE_EVERY: Duration = Duration::minutes(2);

/// Formats of files that can be used, as libvirt calls them.
const MEDIA: [&str; 3] = ["iso", "raw", "qcow2"];

#[derive(Default)]
pub struct Memory {
    looked_at: Option<OffsetDateTime>,
    measured_at: Option<OffsetDateTime>,
}

pub async fn look_if_due(app: &App, host: &HostDetails, unchecked: bool, memory: &mut Memory) -> Outcome<()> {
    let due = memory.looked_at.is_none_or(|at| app.now() - at > EVERY);
    if due || unchecked { look(app, host, memory).await } else { Ok(()) }
}

pub async fn look(app: &App, host: &HostDetails, memory: &mut Memory) -> Outcome<()> {
    memory.looked_at = Some(app.now());
    // One that is only just being connected does not count among those that have a domain.
    let up = host.row.status == HostStatus::Up;
    let measure = up && memory.measured_at.is_none_or(|at| app.now() - at > MEASURE_EVERY);
    let driver = app.hosts.driver_of(host.row.id, &host.config);
    let pools = store::storage_domains::places(&mut *app.conn().await?, host.row.data_center.0).await?;
    let pools: Vec<_> = pools.into_iter().map(|place| (pool(place.id, place.path.clone()), place)).collect();
    let why = check(app, host, &pools, driver.as_ref()).await?;
    if measure {
        measure_volumes(app, host, &pools, driver.as_ref()).await?;
        memory.measured_at = Some(app.now());
    }
    settle(app, host.row.data_center.0, why).await
}

type Pools = [(PoolRef, Place)];

/// Why the host does not have one of them, if it does not. All are asked before anything is written, so that nothing
/// is held while a host thinks.
async fn check(
    app: &App,
    host: &HostDetails,
    pools: &Pools,
    driver: &dyn HostDriver,
) -> Outcome<Option<Text>> {
    let (mut found, mut space) = (Vec::new(), Vec::new());
    for (pool, place) in pools {
        let opened = driver.open_pool(pool).await;
        found.push((place.id, opened.as_ref().err().map(host::HostError::text)));
        space.extend(opened.ok().map(|report| (place, (report.capacity, report.available))));
    }
    let mut tx = app.begin().await?;
    store::storage_domains::seen(&mut tx, host.row.id, &found, app.now()).await?;
    let sizes: Vec<_> = space.iter().map(|(place, (all, free))| (place.id, *all, *free)).collect();
    store::storage_domains::set_space(&mut tx, &sizes).await?;
    for (place, now) in space {
        tell_space(app, &mut tx, place, now).await?;
    }
    commit(tx).await?;
    Ok(found.into_iter().filter_map(|(_, why)| why).next_back())
}

/// Only what is other than at the last look is told.
async fn tell_space(app: &App, tx: &mut Tx, place: &Place, now: (u64, u64)) -> Outcome<()> {
    let before = place.capacity.zip(place.available).map_or(Space::Fine, |(all, free)| Space::of(all, free));
    let after = Space::of(now.0, now.1);
    if before == after {
        return Ok(());
    }
    let kind = match after {
        Space::Fine => EventKind::StorageSpaceFine,
        Space::Low => EventKind::StorageSpaceLow,
        Space::Critical => EventKind::StorageSpaceCritical,
    };
    let free = model::size::text(now.1);
    let about = vec![(Kind::StorageDomain, place.id.0, place.name.clone())];
    events::note(tx, app.now(), kind, &[("free", free)], about, None).await
}

/// What the disks of the domains take now. One of the hosts that have a domain is enough.
async fn measure_volumes(
    app: &App,
    host: &HostDetails,
    pools: &Pools,
    driver: &dyn HostDriver,
) -> Outcome<()> {
    let mine = store::storage_domains::measured_by(&mut *app.conn().await?, host.row.id).await?;
    for (pool, place) in pools.iter().filter(|(_, place)| mine.contains(&place.id)) {
        // A host that does not answer is told of elsewhere.
        if let Ok(volumes) = driver.volumes(pool).await {
            take_in(app, place.id, volumes).await?;
        }
    }
    Ok(())
}

pub(crate) fn pool_of(row: &StorageRow) -> PoolRef {
    pool(row.id, row.config.path.clone())
}

fn pool(id: StorageDomainId, path: String) -> PoolRef {
    PoolRef { pool: id.to_string(), path }
}

/// Writes down what was found in a domain.
pub(crate) async fn take_in(app: &App, id: StorageDomainId, volumes: Vec<VolumeReport>) -> Outcome<()> {
    let sizes: Vec<(String, u64)> = volumes.iter().map(|v| (v.name.clone(), v.allocation)).collect();
    let mut c = app.conn().await?;
    store::disks::measured(&mut c, id, &sizes).await?;
    store::media::found(&mut c, id, &volumes.into_iter().filter_map(medium).collect::<Vec<_>>()).await?;
    Ok(())
}

/// A file that a person may have put there for VMs. One that depends on another file would show that to a guest.
fn medium(volume: VolumeReport) -> Option<(String, String, u64)> {
    let format = volume.format.filter(|format| MEDIA.contains(&format.as_str()))?;
    volume.backing.is_none().then_some((volume.name, format, volume.capacity))
}

/// What the data center's domains are, now that a host was heard, came or went.
pub async fn settle(app: &App, data_center: DataCenterId, why: Option<Text>) -> Outcome<()> {
    for id in store::storage_domains::unsettled(&mut *app.conn().await?, data_center).await? {
        settle_one(app, id, why.clone()).await?;
    }
    Ok(())
}

async fn settle_one(app: &App, id: StorageDomainId, why: Option<Text>) -> Outcome<()> {
    let mut tx = app.begin().await?;
    let Some(row) = store::storage_domains::LIST.one(&mut tx, id.0).await? else { return Ok(()) };
    let status = store::storage_domains::standing(&mut tx, id).await?;
    if status == row.status || !store::storage_domains::set_status(&mut tx, id, status).await? {
        return Ok(());
    }
    let kind = match status {
        StorageStatus::Active => EventKind::StorageActive,
        StorageStatus::Inactive => EventKind::StorageInactive,
        // No host is up that could tell, and of the hosts it has been told.
        StorageStatus::Unknown => return commit(tx).await,
    };
    let args = [("why", why.unwrap_or_else(|| events::word("")))];
    let about = vec![(Kind::StorageDomain, id.0, row.config.name)];
    events::note(&mut tx, app.now(), kind, &args, about, None).await?;
    commit(tx).await
}
