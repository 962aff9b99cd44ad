//! The listener: TLS 1.2 and 1.3 with HTTP/2 by ALPN, or plain HTTP behind a proxy, and its orderly end. It is
//! bound before anything slow begins, so that a port in use is told at once.

use crate::lifecycle::{DRAIN, Stop};
use axum::Router;
use axum_server::{
    Handle,
    tls_rustls::{RustlsAcceptor, RustlsConfig},
};
use hyper_util::{rt::TokioTimer, server::conn::auto::Builder};
use rustls::{
    ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};
use std::{
    net::{SocketAddr, TcpListener},
    path::Path,
    sync::Arc,
    time::Duration,
};

/// A client that does not finish its headers holds a connection no longer than this.
const HEADER_PATIENCE: Duration = Duration::from_secs(15);
/// Finds dead peers behind NAT; well under what such devices forget.
const PING: Duration = Duration::from_secs(20);

#[derive(Debug, thiserror::Error)]
pub enum ListenError {
    #[error("cannot listen on {address}: {cause}; choose another with --listen")]
    Bind { address: SocketAddr, cause: std::io::Error },
    #[error("the server's certificate cannot be used: {0}")]
    Certificate(String),
    #[error("serving: {0}")]
    Serve(std::io::Error),
}

pub struct Listener {
    socket: TcpListener,
    tls: Option<RustlsConfig>,
}

impl Listener {
    pub fn bind(address: SocketAddr) -> Result<Listener, ListenError> {
        let failed = |cause| ListenError::Bind { address, cause };
        let socket = TcpListener::bind(address).map_err(failed)?;
        socket.set_nonblocking(true).map_err(failed)?;
        Ok(Listener { socket, tls: None })
    }

    /// With `config.reload_from_config` a renewed certificate can be put under the running listener.
    pub fn with_tls(self, config: RustlsConfig) -> Listener {
        Listener { tls: Some(config), ..self }
    }

    /// The real address, when the port asked for was 0.
    pub fn address(&self) -> std::io::Result<SocketAddr> {
        self.socket.local_addr()
    }

    /// Serves until `stop` begins, then lets open connections end for at most `DRAIN`, and returns.
    /// Handlers find the client's address as `ConnectInfo<SocketAddr>`.
    pub async fn serve(self, routes: Router, stop: &Stop) -> Result<(), ListenError> {
        let handle = Handle::new();
        let (ender, token) = (handle.clone(), stop.token().clone());
        tokio::spawn(async move {
            token.cancelled().await;
            ender.graceful_shutdown(Some(DRAIN));
        });
        let service = routes.into_make_service_with_connect_info::<SocketAddr>();
        let mut server = axum_server::from_tcp(self.socket).map_err(ListenError::Serve)?.handle(handle);
        tune(server.http_builder());
        let served = match self.tls {
            Some(config) => server.acceptor(RustlsAcceptor::new(config)).serve(service).await,
            None => server.serve(service).await,
        };
        served.map_err(ListenError::Serve)
    }
}

fn tune(builder: &mut Builder<hyper_util::rt::TokioExecutor>) {
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEADER_PATIENCE);
    builder.http2().timer(TokioTimer::new()).keep_alive_interval(PING).keep_alive_timeout(PING);
}

/// From the certificate (with its chain) and key in PEM files.
pub fn tls_config(cert: &Path, key: &Path) -> Result<Arc<ServerConfig>, ListenError> {
    let wrong = |e: &dyn std::fmt::Display| ListenError::Certificate(e.to_string());
    let chain: Result<Vec<_>, _> = CertificateDer::pem_file_iter(cert).map_err(|e| wrong(&e))?.collect();
    let chain = chain.map_err(|e| wrong(&e))?;
    let key = PrivateKeyDer::from_pem_file(key).map_err(|e| wrong(&e))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|e| wrong(&e))?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(|e| wrong(&e))?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}
