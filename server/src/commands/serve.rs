//! `drover serve`: brings the parts up in the order they need each other, serves until told to stop, and takes
//! them down in the opposite order. Whatever fails on the way, the database is stopped.

use super::Failure;
use crate::{
    assets,
    config::Settings,
    engine::{self, SystemClock},
    health::{self, Health},
    http::{self, Guard, Listener},
    lifecycle::Stop,
    pki::{Pki, PkiError},
    postgres::{self, Config, Database, Lock, Role},
    sign_in, web,
};
use axum::Router;
use axum_server::tls_rustls::RustlsConfig;
use control::{App, users};
use model::clock::Clock;
use model::event::EventKind;
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

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
    let listener = match settings.http {
        true => listener,
        false => listener.with_tls(tls(settings, pki, stop)?),
    };
    tracing::info!(url = settings.url(), elapsed = ?begun.elapsed(), "serving");
    engine::tell(&app, EventKind::ServerStarted).await;
    let served = listener.serve(http::guard(routes, guard), stop).await;
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

/// The listener's TLS, kept up to date: certificates are looked at twice a day, and a renewed one is put under
/// the running listener.
fn tls(settings: &Settings, pki: Pki, stop: &Stop) -> Result<RustlsConfig, Failure> {
    let load = |pki: &Pki| http::tls_config(&pki.server_cert(), &pki.server_key());
    let config = RustlsConfig::from_config(load(&pki)?);
    let (names, token, live) = (settings.tls_names.clone(), stop.token().clone(), config.clone());
    stop.spawn(async move {
        while token.run_until_cancelled(tokio::time::sleep(CERTIFICATE_CHECK)).await.is_some() {
            let renewed = pki.renew(&names, SystemClock.now()).map_err(Failure::from);
            match renewed.and_then(|new| if new { Ok(Some(load(&pki)?)) } else { Ok(None) }) {
                Ok(Some(new)) => {
                    live.reload_from_config(new);
                    tracing::info!("the server's certificate was renewed");
                }
                Ok(None) => {}
                Err(error) => tracing::error!(%error, "certificates cannot be renewed"),
            }
        }
    });
    Ok(config)
}
