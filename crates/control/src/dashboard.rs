//! The estate at a glance, of what the person may see.

use model::dashboard::{BadEvents, Consumer, Count, Dashboard, Share, Standing, Utilisation, top_ten};
use model::event::Severity;
use model::host::HostStatus;
use model::id::Kind;
use model::storage_domain::StorageStatus;
use store::dashboard::{ClusterUse, DomainUse, Moment, Most, Vms};
use store::{PgConnection, dashboard as table};
use time::Duration;
use uuid::Uuid;

use crate::{Ctx, Outcome};

/// How far back lines and the count of events go.
const LATELY: Duration = Duration::DAY;

/// What was read for it.
struct Found {
    data_centers: Vec<Uuid>,
    clusters: Vec<ClusterUse>,
    domains: Vec<DomainUse>,
    hosts: Vec<(HostStatus, u64)>,
    hosts_most: Vec<Most>,
    vms: Vms,
    line: Vec<Moment>,
}

/// One that was drawn up for somebody who sees everything. While the next is, others of them wait for it.
#[derive(Default)]
pub struct Last(tokio::sync::Mutex<Option<Dashboard>>);

/// Who sees everything gets what was drawn up for another of them a moment ago (`Options::overview_for`): it is the same,
/// and adding up a large estate is much work. Whether they still do is known of each request.
pub async fn overview(ctx: &Ctx) -> Outcome<Dashboard> {
    ctx.has_changed_password()?;
    if !ctx.who.all {
        return drawn_up(ctx).await;
    }
    let mut last = ctx.app.overview.0.lock().await;
    let now = ctx.app.now();
    let lately = now - ctx.app.options.overview_for;
    // A clock may have been put back.
    let fresh = last.take().filter(|last| last.at > lately && last.at <= now);
    let dashboard = match fresh {
        Some(fresh) => fresh,
        None => drawn_up(ctx).await?,
    };
    *last = Some(dashboard.clone());
    Ok(Dashboard { administrator: ctx.who.administrator, ..dashboard })
}

async fn drawn_up(ctx: &Ctx) -> Outcome<Dashboard> {
    let mut c = ctx.app.conn().await?;
    let found = find(ctx, &mut c).await?;
    let since = ctx.app.now() - LATELY;
    Ok(Dashboard {
        at: ctx.app.now(),
        events: bad(store::events::bad(&mut c, ctx.viewer(), since).await?),
        counts: found.counts(),
        cpu: found.cpu(),
        memory: found.memory(),
        storage: found.storage(),
        administrator: ctx.who.administrator,
    })
}

async fn find(ctx: &Ctx, c: &mut PgConnection) -> Outcome<Found> {
    let viewer = ctx.viewer();
    Ok(Found {
        data_centers: table::data_centers(c, viewer).await?,
        clusters: table::clusters(c, viewer).await?,
        domains: table::domains(c, viewer).await?,
        hosts: table::hosts(c, viewer).await?,
        hosts_most: table::hosts_most(c, viewer).await?,
        vms: table::vms(c, viewer).await?,
        line: table::line(c, viewer, ctx.app.now() - LATELY).await?,
    })
}

fn bad(numbers: Vec<(Severity, u64)>) -> BadEvents {
    let of = |severity| numbers.iter().filter(|(own, _)| *own == severity).map(|(_, n)| n).sum();
    BadEvents { alerts: of(Severity::Alert), errors: of(Severity::Error), warnings: of(Severity::Warning) }
}

impl Found {
    fn counts(&self) -> Vec<Count> {
        let hosts: Vec<_> = self.hosts.iter().map(|(s, n)| (s.as_str(), s.standing(), *n)).collect();
        let vms: Vec<_> = self.vms.statuses.iter().map(|(s, n)| (s.as_str(), s.standing(), *n)).collect();
        let domains: Vec<_> =
            self.domains.iter().map(|d| (d.status.as_str(), d.status.standing(), 1)).collect();
        let clusters: Vec<_> = self.clusters.iter().map(|c| Standing::of_all(c.up, c.hosts)).collect();
        let centers: Vec<_> = self.data_centers.iter().map(|id| self.center(*id)).collect();
        vec![
            Count::of_boxes(Kind::DataCenter, &centers),
            Count::of_boxes(Kind::Cluster, &clusters),
            Count::of(Kind::Host, &hosts),
            Count::of(Kind::StorageDomain, &domains),
            Count::of(Kind::Vm, &vms),
        ]
    }

    /// A data center is as well as its hosts and storage domains are.
    fn center(&self, id: Uuid) -> Standing {
        let clusters = self.clusters.iter().filter(|c| c.data_center == id);
        let (up, hosts) = clusters.fold((0, 0), |(up, all), c| (up + c.up, all + c.hosts));
        let domains = || self.domains.iter().filter(|d| d.data_center == id);
        let active = domains().filter(|d| d.status == StorageStatus::Active).count() as u64;
        Standing::of_all(up + active, hosts + domains().count() as u64)
    }

    fn cpu(&self) -> Utilisation {
        let sum = |f: fn(&ClusterUse) -> f64| self.clusters.iter().map(f).sum();
        Utilisation {
            now: Share { total: sum(|c| c.cpus), used: sum(|c| c.cpus_busy), promised: self.vms.promised.0 },
            line: self.line(|m| m.cpu),
            top: self.most(|one| one.cpu),
            heat: self.clusters.iter().map(|c| heat(c, c.cpus, c.cpus_busy)).collect(),
        }
    }

    fn memory(&self) -> Utilisation {
        let sum = |f: fn(&ClusterUse) -> f64| self.clusters.iter().map(f).sum();
        Utilisation {
            now: Share {
                total: sum(|c| c.memory),
                used: sum(|c| c.memory_used),
                promised: self.vms.promised.1,
            },
            line: self.line(|m| m.memory),
            top: self.most(|one| one.memory),
            heat: self.clusters.iter().map(|c| heat(c, c.memory, c.memory_used)).collect(),
        }
    }

    /// Of the domains that can be used; a heat map shows the others, too, as not known.
    fn storage(&self) -> Utilisation {
        let active = || self.domains.iter().filter(|d| d.status == StorageStatus::Active);
        let fields: Vec<Consumer> = self.domains.iter().map(domain).collect();
        Utilisation {
            now: Share {
                total: active().map(|d| d.capacity).sum(),
                used: active().map(|d| d.used).sum(),
                promised: active().map(|d| d.promised).sum(),
            },
            line: self.line(|m| m.storage),
            top: vec![(Kind::StorageDomain, top_ten(fields.clone()))],
            heat: fields,
        }
    }

    fn line(&self, of: fn(&Moment) -> Option<f32>) -> Vec<f32> {
        self.line.iter().filter_map(of).collect()
    }

    fn most(&self, of: fn(&Most) -> Option<f32>) -> Vec<(Kind, Vec<Consumer>)> {
        let those = |kind: Kind, all: &[Most]| {
            let one = |m: &Most| Consumer { kind, id: m.id, name: m.name.clone(), percent: of(m) };
            (kind, top_ten(all.iter().map(one).collect()))
        };
        vec![those(Kind::Host, &self.hosts_most), those(Kind::Vm, &self.vms.most)]
    }
}

fn heat(cluster: &ClusterUse, total: f64, used: f64) -> Consumer {
    let percent = Share { total, used, promised: 0.0 }.percent();
    Consumer { kind: Kind::Cluster, id: cluster.id, name: cluster.name.clone(), percent }
}

fn domain(d: &DomainUse) -> Consumer {
    let share = Share { total: d.capacity, used: d.used, promised: d.promised };
    let percent = share.percent().filter(|_| d.status == StorageStatus::Active);
    Consumer { kind: Kind::StorageDomain, id: d.id, name: d.name.clone(), percent }
}
