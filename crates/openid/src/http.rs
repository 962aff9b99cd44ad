//! How a provider is reached: one request on a connection of its own, each step with little time, an answer of bounded
//! length, and no redirect followed, so that nobody is sent to where the provider was not set up to be. With TLS,
//! but on the machine itself.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::header::{HOST, HeaderValue};
use hyper_util::rt::TokioIo;
use model::provider::secure;
use openidconnect::http::{Uri, uri::PathAndQuery};
use openidconnect::{HttpRequest, HttpResponse};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::OpenIdError;

/// For each step of the way to a server.
const STEP: Duration = Duration::from_secs(3);
/// For each answer.
const ANSWER: Duration = Duration::from_secs(10);
/// A longer answer is none.
const LONGEST: usize = 1 << 20;

/// Where a request goes.
pub struct Server {
    host: String,
    port: u16,
    pub tls: bool,
    /// As it stands in the address.
    pub authority: String,
}

impl Server {
    pub fn of(address: &str) -> Result<Server, OpenIdError> {
        let wrong = |cause: &str| OpenIdError::Resolve(address.to_owned(), cause.to_owned());
        let uri: Uri = address.parse().map_err(|_| wrong("URL"))?;
        let authority = uri.authority().ok_or_else(|| wrong("URL"))?;
        let scheme = uri.scheme_str().unwrap_or_default();
        if !secure(scheme, authority.host()) {
            return Err(OpenIdError::Insecure(authority.to_string()));
        }
        let tls = scheme == "https";
        let port = authority.port_u16().unwrap_or(if tls { 443 } else { 80 });
        let host = authority.host().trim_matches(['[', ']']).to_owned();
        Ok(Server { host, port, tls, authority: authority.to_string() })
    }

    pub async fn resolve(&self) -> Result<Vec<SocketAddr>, OpenIdError> {
        let found = timeout(STEP, tokio::net::lookup_host((self.host.as_str(), self.port))).await;
        let wrong = |cause: std::io::Error| OpenIdError::Resolve(self.authority.clone(), cause.to_string());
        Ok(found.map_err(|_| self.slow())?.map_err(wrong)?.collect())
    }

    pub async fn connect(&self, addresses: &[SocketAddr]) -> Result<TcpStream, OpenIdError> {
        let wrong = |cause: std::io::Error| OpenIdError::Connect(self.authority.clone(), cause.to_string());
        timeout(STEP, TcpStream::connect(addresses)).await.map_err(|_| self.slow())?.map_err(wrong)
    }

    fn slow(&self) -> OpenIdError {
        OpenIdError::Slow(self.authority.clone())
    }

    fn answered(&self, cause: impl std::fmt::Display) -> OpenIdError {
        OpenIdError::Answer(self.authority.clone(), cause.to_string())
    }
}

/// Asks providers. Whose certificates are believed is what the provider was set up with.
#[derive(Clone)]
pub struct Http(Arc<ClientConfig>);

impl Http {
    /// `ca` is PEM; empty for the authorities that the machine trusts.
    pub fn new(ca: &str) -> Result<Http, OpenIdError> {
        let unreadable = |e: rustls::Error| OpenIdError::Ca(e.to_string());
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(unreadable)?;
        Ok(Http(Arc::new(config.with_root_certificates(believed(ca)?).with_no_client_auth())))
    }

    pub async fn encrypt(
        &self,
        server: &Server,
        stream: TcpStream,
    ) -> Result<TlsStream<TcpStream>, OpenIdError> {
        let wrong = |cause: String| OpenIdError::Tls(server.authority.clone(), cause);
        let name = ServerName::try_from(server.host.clone()).map_err(|e| wrong(e.to_string()))?;
        let opened = timeout(STEP, TlsConnector::from(self.0.clone()).connect(name, stream)).await;
        opened.map_err(|_| server.slow())?.map_err(|e| wrong(e.to_string()))
    }

    /// What `openidconnect` asks with.
    pub async fn ask(self, request: HttpRequest) -> Result<HttpResponse, OpenIdError> {
        let server = Server::of(&request.uri().to_string())?;
        let stream = server.connect(&server.resolve().await?).await?;
        if server.tls {
            let stream = self.encrypt(&server, stream).await?;
            return exchange(&server, stream, request).await;
        }
        exchange(&server, stream, request).await
    }
}

fn believed(ca: &str) -> Result<RootCertStore, OpenIdError> {
    let unreadable = |e: &dyn std::fmt::Display| OpenIdError::Ca(e.to_string());
    let mut roots = RootCertStore::empty();
    if ca.trim().is_empty() {
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        return Ok(roots);
    }
    for certificate in CertificateDer::pem_slice_iter(ca.as_bytes()) {
        roots.add(certificate.map_err(|e| unreadable(&e))?).map_err(|e| unreadable(&e))?;
    }
    if roots.is_empty() { Err(OpenIdError::Ca("PEM".to_owned())) } else { Ok(roots) }
}

async fn exchange(
    server: &Server,
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    request: HttpRequest,
) -> Result<HttpResponse, OpenIdError> {
    let answer = timeout(ANSWER, async {
        let (mut sender, connection) =
            http1::handshake(TokioIo::new(stream)).await.map_err(|e| server.answered(e))?;
        let driver = tokio::spawn(connection);
        let answer = spoken(server, &mut sender, request).await;
        driver.abort();
        answer
    });
    answer.await.map_err(|_| server.slow())?
}

async fn spoken(
    server: &Server,
    sender: &mut http1::SendRequest<Full<Bytes>>,
    request: HttpRequest,
) -> Result<HttpResponse, OpenIdError> {
    let (mut parts, body) = request.into_parts();
    // To the server itself only the path is said.
    let path = parts.uri.path_and_query().cloned().unwrap_or_else(|| PathAndQuery::from_static("/"));
    parts.uri = Uri::from(path);
    parts.headers.insert(HOST, HeaderValue::from_str(&server.authority).map_err(|e| server.answered(e))?);
    let request = hyper::Request::from_parts(parts, Full::new(Bytes::from(body)));
    let (parts, body) = sender.send_request(request).await.map_err(|e| server.answered(e))?.into_parts();
    let body = Limited::new(body, LONGEST).collect().await.map_err(|e| server.answered(e))?;
    Ok(HttpResponse::from_parts(parts, body.to_bytes().to_vec()))
}
