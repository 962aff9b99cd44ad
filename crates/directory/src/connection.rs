//! How a directory is reached: its servers one after the other, each with little time, so that one that accepts and
//! says nothing costs seconds and no more.

use std::net::SocketAddr;
use std::time::Duration;

use ldap3::{Ldap, LdapConnAsync, StdStream};
use model::directory::{DirectoryConfig, Security, server_address};
use tokio::net::TcpStream;
use tokio::task::AbortHandle;
use tokio::time::timeout;

use crate::{DirectoryError, tls};

/// For each step of the way to a server.
const STEP: Duration = Duration::from_secs(3);
/// For each question.
pub const QUESTION: Duration = Duration::from_secs(10);
/// `invalidCredentials`
const WRONG: u32 = 49;

/// A directory as it is asked.
#[derive(Clone)]
pub struct Profile {
    pub config: DirectoryConfig,
    /// Of `bind_dn`.
    pub password: String,
}

pub struct Connection {
    pub ldap: Ldap,
    pub server: String,
    driver: AbortHandle,
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.driver.abort();
    }
}

impl Connection {
    /// To the first server that answers, as the account that looks.
    pub async fn open(profile: &Profile) -> Result<Connection, DirectoryError> {
        let mut last = DirectoryError::Ca(String::new());
        for server in &profile.config.servers {
            match Connection::to(profile, server).await {
                Ok(connection) => return Ok(connection),
                Err(error) if error.elsewhere() => {
                    tracing::info!(directory = profile.config.name, %error, "a directory's server is left out");
                    last = error;
                }
                Err(error) => return Err(error),
            }
        }
        Err(last)
    }

    async fn to(profile: &Profile, server: &str) -> Result<Connection, DirectoryError> {
        let address = resolve(profile, server).await?;
        let stream = connect(server, address).await?;
        let mut connection = Connection::over(profile, server, stream).await?;
        connection.bind_reader(profile).await?;
        Ok(connection)
    }

    /// Speaks LDAP, and TLS if it shall, over what is connected.
    pub async fn over(
        profile: &Profile,
        server: &str,
        stream: TcpStream,
    ) -> Result<Connection, DirectoryError> {
        let no_tls = |cause: String| match profile.config.security {
            Security::Plain => DirectoryError::Connect(server.to_owned(), cause),
            _ => DirectoryError::Tls(server.to_owned(), cause),
        };
        let stream = stream.into_std().map_err(|e| no_tls(e.to_string()))?;
        let settings = tls::settings(profile)?.set_std_stream(StdStream::Tcp(stream));
        let opened = timeout(STEP, LdapConnAsync::with_settings(settings, &url(profile, server)?)).await;
        let (connection, ldap) = opened
            .map_err(|_| DirectoryError::Slow(server.to_owned()))?
            .map_err(|e| no_tls(e.to_string()))?;
        let driver = tokio::spawn(async move {
            if let Err(error) = connection.drive().await {
                tracing::debug!(%error, "a directory's connection ended");
            }
        });
        Ok(Connection { ldap, server: server.to_owned(), driver: driver.abort_handle() })
    }

    /// As the account that looks; nobody, where there is none.
    pub async fn bind_reader(&mut self, profile: &Profile) -> Result<(), DirectoryError> {
        if self.bind(&profile.config.bind_dn, &profile.password).await? {
            return Ok(());
        }
        Err(DirectoryError::Bind(self.server.clone(), "invalidCredentials".to_owned()))
    }

    /// Whether the password is theirs. An empty one is nobody's: servers take it for nobody asking, and say yes.
    pub async fn bind(&mut self, dn: &str, password: &str) -> Result<bool, DirectoryError> {
        if !dn.is_empty() && password.is_empty() {
            return Ok(false);
        }
        let answer = self.ldap.with_timeout(STEP).simple_bind(dn, password).await;
        let answer = answer.map_err(|e| DirectoryError::asked(&self.server, &e))?;
        match answer.rc {
            0 => Ok(true),
            WRONG => Ok(false),
            // Locked, expired, to be changed first: an answer about this person.
            19 | 50 | 53 if !dn.is_empty() => Ok(false),
            _ => Err(DirectoryError::Asked(self.server.clone(), answer.to_string())),
        }
    }
}

pub async fn resolve(profile: &Profile, server: &str) -> Result<Vec<SocketAddr>, DirectoryError> {
    let wrong = |cause: String| DirectoryError::Resolve(server.to_owned(), cause);
    let (host, port) = server_address(server, profile.config.security).map_err(|e| wrong(e.to_string()))?;
    let found = timeout(STEP, tokio::net::lookup_host((host.as_str(), port))).await;
    let found =
        found.map_err(|_| DirectoryError::Slow(server.to_owned()))?.map_err(|e| wrong(e.to_string()))?;
    Ok(found.collect())
}

pub async fn connect(server: &str, addresses: Vec<SocketAddr>) -> Result<TcpStream, DirectoryError> {
    let opened = timeout(STEP, TcpStream::connect(addresses.as_slice())).await;
    opened
        .map_err(|_| DirectoryError::Slow(server.to_owned()))?
        .map_err(|e| DirectoryError::Connect(server.to_owned(), e.to_string()))
}

fn url(profile: &Profile, server: &str) -> Result<String, DirectoryError> {
    let security = profile.config.security;
    let (host, port) = server_address(server, security)
        .map_err(|e| DirectoryError::Resolve(server.to_owned(), e.to_string()))?;
    let scheme = if security == Security::Ldaps { "ldaps" } else { "ldap" };
    let host = if host.contains(':') { format!("[{host}]") } else { host };
    Ok(format!("{scheme}://{host}:{port}"))
}
