//! `drover serve`: brings the parts up in the order they need each other, serves until told to stop, and takes
//! them down in the opposite order. Whatever fails on the way, the database is stopped.

use super::Failure;
use crate::{
    assets,
    config::Settings,
    health::{self, Health},
    http::{self, Guard, Listener},
    lifecycle::Stop,
    pki::{Pki, PkiError},
    postgres::{Config, Database, Role},
};
use axum::Router;
use axum_server::tls_rustls::RustlsConfig;
use std::{sync::Arc, time::Instant};
use time::OffsetDateTime;

pub async fn serve(settings: Settings) -> Result<(), Failure> {
    let begun = Instant::now();
    let stop = Stop::new();
    stop.on_signals()?;
    let listener = Listener::bind(settings.listen)?;
    let (pki, database) = tokio::join!(open_pki(&settings), open_database(&settings));
    let database = database?;
    let served = match pki {
        Ok(pki) => run(&settings, listener, &pki, database.as_ref(), &stop, begun).await,
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
        tokio::task::spawn_blocking(move || Pki::open(&dir, &names, OffsetDateTime::now_utc())).await?;
    Ok(opened?)
}

async fn open_database(settings: &Settings) -> Result<Option<Database>, Failure> {
    if settings.database_url.is_some() {
        return Ok(None);
    }
    let config = Config { data: settings.data.clone(), role: Role::Server };
    Ok(Some(Database::start(&config).await?))
}

async fn run(
    settings: &Settings,
    listener: Listener,
    pki: &Pki,
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
    let health = Health::new(database.map(|d| d.socket().to_owned()));
    let routes = Router::new().merge(assets::routes(site)).merge(health::routes(Arc::new(health)));
    let guard = Guard {
        tls: !settings.http,
        public_url: settings.public_url.clone(),
        body_limit: http::DEFAULT_LIMIT,
    };
    let listener = match settings.http {
        true => listener,
        false => listener
            .with_tls(RustlsConfig::from_config(http::tls_config(&pki.server_cert(), &pki.server_key())?)),
    };
    tracing::info!(url = settings.url(), elapsed = ?begun.elapsed(), "serving");
    Ok(listener.serve(http::guard(routes, guard), stop).await?)
}
