//! The built-in PostgreSQL: a private cluster under the data directory, reachable over a unix socket only.
//!
//! One process owns it at a time (`lock`): it initialises the cluster (`cluster`), starts or adopts the
//! server process (`process`), restarts it when it dies (`supervise`) and stops it last of all. Whoever comes
//! second either connects to what the owner runs (`drover admin`) or is refused (`drover serve`).

mod account;
mod cluster;
mod error;
mod install;
mod lock;
mod place;
mod probe;
mod process;
mod supervise;

#[cfg(test)]
mod tests;

pub use error::PostgresError;
pub use lock::{Lock, Role};
pub use probe::{State, probe};

use std::path::{Path, PathBuf};
use supervise::Supervisor;

/// Superuser and database of the private cluster. Only the socket's directory guards it: whoever may enter
/// that directory is the database's owner or root.
const NAME: &str = "drover";

/// Under this name in the data directory lies what a restore has only half put in place.
pub const UNFINISHED: &str = "restore.unfinished";

/// Whether the data directory has a built-in database.
pub fn is_made(data: &Path) -> bool {
    data.join("postgres/PG_VERSION").exists()
}

/// Where PostgreSQL's programs lie: those of the built-in database's version, or else the newest.
pub fn programs(data: Option<&Path>) -> Result<PathBuf, PostgresError> {
    let cluster = data.map(|data| data.join("postgres")).unwrap_or_default();
    Ok(install::choose(&cluster, &install::installed())?.bin)
}

/// Makes a data directory one server's own whose database is elsewhere.
pub async fn hold(data: &Path) -> Result<Lock, PostgresError> {
    let data = place::make_data(data)?;
    place::refuse_unfinished(&data)?;
    match lock::take(&data, Role::Apart).await? {
        lock::Taken::Mine(lock) => Ok(lock),
        lock::Taken::Other => Err(PostgresError::InUse { pid: "unknown".into(), data }),
    }
}

/// Takes the data directory for a command that replaces what is in it: refused while anybody uses it.
pub fn claim(data: &Path) -> Result<Lock, PostgresError> {
    let data = place::make_data(data)?;
    let lock = lock::take_alone(&data)?;
    match process::running(&data.join("postgres")) {
        Some(pid) => Err(PostgresError::StillRuns { pid: pid.as_raw(), data }),
        None => Ok(lock),
    }
}

/// What `Database::start` needs to know.
#[derive(Debug, Clone)]
pub struct Config {
    /// Drover's data directory, absolute; the cluster lies in `postgres` under it.
    pub data: PathBuf,
    /// A server, which is refused while another one runs, or a command, which joins it.
    pub role: Role,
}

/// A running PostgreSQL, owned by this process or by the `drover serve` beside it.
pub struct Database {
    url: String,
    socket: PathBuf,
    owned: Option<(Supervisor, lock::Lock)>,
}

impl Database {
    /// Returns once the database answers. Initialises it on the first start, which takes a few seconds.
    pub async fn start(config: &Config) -> Result<Database, PostgresError> {
        let account = account::Account::choose()?;
        let place = place::Place::prepare(&config.data, &account)?;
        match lock::take(&place.data, config.role).await? {
            lock::Taken::Mine(lock) => {
                cluster::initialise(&place, &account).await?;
                let supervisor = Supervisor::start(place.clone(), account).await?;
                Ok(Self::at(&supervisor.socket(), Some((supervisor, lock))))
            }
            lock::Taken::Other => Ok(Self::at(&process::running_socket(&place).await?, None)),
        }
    }

    fn at(socket: &Path, owned: Option<(Supervisor, lock::Lock)>) -> Database {
        Database { url: url(socket), socket: socket.to_owned(), owned }
    }

    /// For sqlx and for `psql`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The socket file that `probe` asks.
    pub fn socket(&self) -> &Path {
        &self.socket
    }

    /// Shuts the server process down if it is ours: lets no new client in, ends the others, writes a
    /// checkpoint. Close the pools first. Returns when the process is gone.
    pub async fn stop(self) -> Result<(), PostgresError> {
        match self.owned {
            Some((supervisor, _lock)) => {
                let result = supervisor.stop().await;
                if let Some(runtime) = self.socket.parent() {
                    // Empty by now, and made again at the next start.
                    let _ = std::fs::remove_dir(runtime);
                }
                result
            }
            None => Ok(()),
        }
    }
}

fn url(socket: &Path) -> String {
    let dir = socket.parent().unwrap_or(Path::new("/")).to_string_lossy().replace('/', "%2F");
    format!("postgres://{NAME}@localhost/{NAME}?host={dir}")
}
