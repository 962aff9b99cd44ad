//! The application's wiring: clock, ids, hosts and database become `Services`, and the one server that holds
//! the leader's lock runs the job engine and the reconcilers. A second server waits, hot, and takes over what
//! the first leaves.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use control::{App, Options, Services};
use model::clock::{Clock, Ids};
use model::event::EventKind;
use store::PgPool;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::commands::Failure;
use crate::config::Settings;
use crate::lifecycle::Stop;

pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the one place where the real clock is read")]
    fn now(&self) -> time::OffsetDateTime {
        // PostgreSQL keeps microseconds; what is compared later must not differ by what it drops.
        let now = time::OffsetDateTime::now_utc();
        now.replace_nanosecond(now.nanosecond() / 1000 * 1000).unwrap_or(now)
    }
}

pub struct RandomIds;

impl Ids for RandomIds {
    #[expect(clippy::disallowed_methods, reason = "this is the one place where real ids are made")]
    fn uuid(&self) -> Uuid {
        Uuid::new_v4()
    }
}

/// How often a standby asks for the lock, and a leader makes sure that it has it.
const LEAD_CHECK: Duration = Duration::from_secs(1);
/// How long running steps get when the server stops.
const DRAIN: Duration = Duration::from_secs(3);
const CONNECTIONS: u32 = 20;
/// Hosts are looked at every three seconds: a dashboard says nothing newer by being drawn up more often than that.
const OVERVIEW_FOR: time::Duration = time::Duration::seconds(2);

/// Opens the database, brings its schema up to date and wires the application.
pub async fn open(settings: &Settings, url: &str) -> Result<App, Failure> {
    let pool = store::connect(url, CONNECTIONS).await?;
    store::migrate(&pool).await?;
    store::roles::seed(&mut *pool.acquire().await?).await?;
    let connector = connector(settings, &pool).await?;
    let secrets = crate::secret_key::open(&settings.data)?;
    Ok(wire(settings, pool, connector, secrets))
}

#[cfg(not(feature = "sim"))]
async fn connector(settings: &Settings, _: &PgPool) -> Result<Arc<dyn host::Connector>, Failure> {
    let pki_path = crate::pki::client_dir(&settings.pki_dir());
    let options = host::libvirt::Options { pki_path, allow_tcp: settings.lab_allow_tcp };
    Ok(Arc::new(host::libvirt::LibvirtConnector::new(options)))
}

#[cfg(feature = "sim")]
async fn connector(_: &Settings, pool: &PgPool) -> Result<Arc<dyn host::Connector>, Failure> {
    crate::sim::connector(pool).await
}

fn wire(
    settings: &Settings,
    pool: PgPool,
    connector: Arc<dyn host::Connector>,
    secrets: control::secrets::Secrets,
) -> App {
    Arc::new(Services {
        hosts: control::host_pool::HostPool::new(pool.clone(), connector),
        pool,
        clock: Arc::new(SystemClock),
        ids: Arc::new(RandomIds),
        live: control::live::Live::default(),
        secrets,
        options: Options {
            allow_tcp: settings.lab_allow_tcp,
            event_days: settings.events_retention_days,
            overview_for: OVERVIEW_FOR,
        },
        overview: control::dashboard::Last::default(),
    })
}

/// Whether this server leads just now; for those who only want to know.
#[derive(Debug, Clone, Default)]
pub struct Leading(Arc<AtomicBool>);

impl Leading {
    pub fn get(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    fn set(&self, leads: bool) {
        self.0.store(leads, Ordering::Relaxed);
    }
}

/// Starts what every server does, and what the leader does as soon as this one leads.
pub fn start(app: &App, settings: &Settings, stop: &Stop) -> Result<Leading, Failure> {
    stop.spawn(control::live::listen(app.clone(), stop.token().clone()));
    let (hook, leading) = (crash_hook(settings)?, Leading::default());
    stop.spawn(lead(app.clone(), hook, leading.clone(), stop.token().clone()));
    Ok(leading)
}

/// An event about the server itself. That it cannot be written must keep no server from starting or stopping.
pub async fn tell(app: &App, kind: EventKind) {
    let version = control::events::word(env!("CARGO_PKG_VERSION"));
    let told = async {
        let mut c = app.conn().await?;
        control::events::note(&mut c, app.now(), kind, &[("version", version)], Vec::new(), None).await
    };
    if let Err(fault) = told.await {
        tracing::warn!(%fault, "an event was lost");
    }
}

/// For the tests that kill the server in the middle of a step; only a laboratory may ask for it.
fn crash_hook(settings: &Settings) -> Result<Option<Arc<dyn jobs::Hook>>, Failure> {
    match std::env::var("DROVER_CRASH_AT") {
        Ok(place) if settings.lab_allow_tcp => Ok(Some(Arc::new(place.parse::<jobs::CrashAt>()?))),
        _ => Ok(None),
    }
}

async fn lead(app: App, hook: Option<Arc<dyn jobs::Hook>>, leading: Leading, end: CancellationToken) {
    while !end.is_cancelled() {
        if let Err(error) = lead_once(&app, hook.clone(), &leading, &end).await {
            tracing::warn!(%error, "leading broke off");
        }
        leading.set(false);
        end.run_until_cancelled(tokio::time::sleep(LEAD_CHECK)).await;
    }
    app.hosts.close_all().await;
}

/// Leads, if nobody else does, until the end or until the lock's connection is lost.
async fn lead_once(
    app: &App,
    hook: Option<Arc<dyn jobs::Hook>>,
    leading: &Leading,
    end: &CancellationToken,
) -> Result<(), store::StoreError> {
    let mut lock = app.pool.acquire().await?.detach();
    if !store::try_lead(&mut lock).await? {
        return Ok(());
    }
    leading.set(true);
    tracing::info!("this server leads");
    let flows = control::flows::all(app);
    let options = jobs::Options { hook, ..jobs::Options::default() };
    let engine = jobs::Engine::new(app.pool.clone(), app.clock.clone(), app.ids.clone(), flows, options);
    engine.reclaim_all().await?;
    let engine = engine.start();
    let term = end.child_token();
    let mut reconcilers = control::reconcile::start(app, &term);
    while store::alive(&mut lock).await {
        if end.run_until_cancelled(tokio::time::sleep(LEAD_CHECK)).await.is_none() {
            break;
        }
    }
    term.cancel();
    if end.is_cancelled() {
        engine.drain(DRAIN).await;
    } else {
        tracing::error!("the leader's lock is lost; all work stops here");
        engine.kill().await;
    }
    reconcilers.shutdown().await;
    Ok(())
}
