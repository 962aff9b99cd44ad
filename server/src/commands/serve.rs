//! `drover serve`: brings the parts up in the order they need each other, serves until told to stop, and takes
//! them down in the opposite order. Whatever fails on the way, the database is stopped.

use super::Failure;
use crate::{
    assets,
    config::Settings,
    engine::{self, SystemClock},
    health::{self, Health},
    http::{self, Guard, ListenError, Listener},
    lifecycle::{Stop, notify},
    pki::{Pki, PkiError},
    postgres::{self, Config, Database, Lock, Role},
    sign_in, web,
};
use axum::Router;
use axum_server::tls_rustls::RustlsConfig;
use control::{App, users};
use model::clock::Clock;
use model::event::EventKind;
use rustls::ServerConfig;
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use tokio_util::sync::CancellationToken;

const CERTIFICATE_CHECK: Duration = Duration::from_secs(12 * 3600);

pub async fn serve(settings: Settings) -> Result<(), Failure> {
    let begun = Instant::now();
    let stop = Stop::new();
    stop.on_signals()?;
    let listener = Listener::bind(settings.listen)?;
    let (pki, database) = tokio::join!(open_pki(&settings), open_database(&settings));
    let (database, _lock) = database?;
    let served = match pki {
        Ok(pki) => run(&settings, listener, pki, database.as_ref(), &stop, begun).await,
        Err(error) => Err(error),
    };
    if !stop.drained().await {
        tracing::warn!("some tasks did not end in time");
    }
    if let Some(database) = database {
        database.stop().await?;
    }
    tracing::info!("stopped");
    served
}

async fn open_pki(settings: &Settings) -> Result<Pki, Failure> {
    let (dir, names) = (settings.pki_dir(), settings.tls_names.clone());
    let opened: Result<Pki, PkiError> =
        tokio::task::spawn_blocking(move || Pki::open(&dir, &names, SystemClock.now())).await?;
    Ok(opened?)
}

/// The built-in database has the data directory's lock; beside an external one the server itself has it.
async fn open_database(settings: &Settings) -> Result<(Option<Database>, Option<Lock>), Failure> {
    if settings.database_url.is_some() {
        return Ok((None, Some(postgres::hold(&settings.data).await?)));
    }
    let config = Config { data: settings.data.clone(), role: Role::Server };
    Ok((Some(Database::start(&config).await?), None))
}

async fn run(
    settings: &Settings,
    listener: Listener,
    pki: Pki,
    database: Option<&Database>,
    stop: &Stop,
    begun: Instant,
) -> Result<(), Failure> {
    let site = assets::site();
    if site.is_empty() {
        tracing::warn!(
            "this binary was built without web assets: the API works, the portals have no style or script"
        );
    }
    let url = settings.database_url.clone().or_else(|| database.map(|d| d.url().to_owned()));
    let app = engine::open(settings, &url.unwrap_or_default()).await?;
    first_start(settings, &app).await?;
    let health = Health::new(app.clone(), engine::start(&app, settings, stop)?);
    let pages = web::routes(settings, &app, &site, stop);
    let routes =
        Router::new().merge(assets::routes(&site)).merge(health::routes(Arc::new(health))).merge(pages);
    let guard = Guard {
        tls: !settings.http,
        public_url: settings.public_url.clone(),
        body_limit: http::DEFAULT_LIMIT,
    };
    let tls = match settings.http {
        true => None,
        false => Some(RustlsConfig::from_config(load(&pki)?)),
    };
    let listener = match &tls {
        Some(config) => listener.with_tls(config.clone()),
        None => listener,
    };
    stop.spawn(keep_certificates(settings.tls_names.clone(), pki, tls, stop.token().clone()));
    tracing::info!(url = settings.url(), elapsed = ?begun.elapsed(), "serving");
    engine::tell(&app, EventKind::ServerStarted).await;
    // The socket was bound long before; who connects now is answered.
    notify::ready();
    let served = listener.serve(http::guard(routes, guard), stop).await;
    notify::stopping();
    engine::tell(&app, EventKind::ServerStopped).await;
    Ok(served?)
}

/// Makes the first administrator when there is nobody. The file is written before the account, so that no
/// crash leaves an account whose password nobody knows; it goes when the password has been changed.
async fn first_start(settings: &Settings, app: &App) -> Result<(), Failure> {
    if store::users::list(&mut *app.conn().await?).await?.is_empty() {
        let password = sign_in::first_password(&mut rand::rng());
        let file = sign_in::write_first_password(&settings.data, &password)?;
        users::ensure_administrator(app, &password).await?;
        tracing::info!(file = %file.display(), "sign in as admin with the password in this file");
    }
    Ok(())
}

fn load(pki: &Pki) -> Result<Arc<ServerConfig>, ListenError> {
    http::tls_config(&pki.server_cert(), &pki.server_key())
}

/// Certificates are looked at twice a day, those towards hosts also where a proxy has the portal's. What is new
/// in the server's file is put under the running listener, also when a command renewed it.
async fn keep_certificates(
    names: Vec<String>,
    mut pki: Pki,
    tls: Option<RustlsConfig>,
    end: CancellationToken,
) {
    let read = |pki: &Pki| std::fs::read(pki.server_cert()).ok();
    let mut served = read(&pki);
    while end.run_until_cancelled(tokio::time::sleep(CERTIFICATE_CHECK)).await.is_some() {
        if let Err(error) = pki.renew(&names, SystemClock.now()) {
            tracing::error!(%error, "certificates cannot be renewed; the old ones stay in use");
        }
        let there = read(&pki);
        let Some(config) = tls.as_ref().filter(|_| there != served) else { continue };
        match load(&pki) {
            Ok(new) => {
                config.reload_from_config(new);
                served = there;
                tracing::info!("the server's certificate was renewed");
            }
            Err(error) => tracing::error!(%error, "the renewed certificate cannot be used"),
        }
    }
}
