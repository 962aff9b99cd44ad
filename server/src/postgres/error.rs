//! What can go wrong with the built-in database, each with what the operator can do about it.

use std::path::{Path, PathBuf};

#[derive(Debug, thiserror::Error)]
pub enum PostgresError {
    #[error(
        "PostgreSQL 15 or later is not installed (looked in {looked}). \
         Install it (Debian: apt-get install postgresql) or name one with --database-url"
    )]
    NotInstalled { looked: String },
    #[error(
        "the database in {data} was made by PostgreSQL {made}, but only {found} is installed here. \
         Install postgresql-{made}, or move the data to {newest} with both installed, the server stopped, as the \
         directory's owner:\n  {command}"
    )]
    OtherVersion { data: PathBuf, made: u32, found: String, newest: u32, command: String },
    #[error(
        "PostgreSQL must not run as root, and there is neither a user drover nor postgres; make one: useradd --system drover"
    )]
    NoAccount,
    #[error(
        "the user {user}, as whom PostgreSQL runs, cannot enter {dir}; choose another --data, or: chmod o+x {dir}"
    )]
    Closed { user: String, dir: PathBuf },
    #[error("{dir} belongs to somebody else or is open to others; remove it, or set XDG_RUNTIME_DIR")]
    Suspicious { dir: PathBuf },
    #[error("the path {path} is too long for a socket (107 bytes); set XDG_RUNTIME_DIR to a shorter one")]
    LongPath { path: PathBuf },
    #[error(
        "another drover (process {pid}) uses the data directory {data}; stop it, or choose another --data"
    )]
    InUse { pid: String, data: PathBuf },
    #[error(
        "the database in {data} still runs (process {pid}), left by a server that was killed; start drover serve and \
         stop it, or choose another --data"
    )]
    StillRuns { pid: i32, data: PathBuf },
    #[error(
        "a restore into {data} was cut short while it was put in place; run drover restore --force again with the \
         same backup"
    )]
    HalfRestored { data: PathBuf },
    #[error("{what} failed:\n{output}")]
    Command { what: String, output: String },
    #[error("PostgreSQL did not answer within {seconds} s; the end of {log}:\n{output}")]
    Silent { seconds: u64, log: PathBuf, output: String },
    #[error("PostgreSQL ended while starting; the end of {log}:\n{output}")]
    Ended { log: PathBuf, output: String },
    #[error("PostgreSQL (process {pid}) did not stop within {seconds} s")]
    Unstoppable { pid: i32, seconds: u64 },
    #[error("{what}: {cause}")]
    Io { what: String, cause: std::io::Error },
}

impl PostgresError {
    /// For `map_err`: an error of the operating system on a path.
    pub fn io<E: Into<std::io::Error>>(doing: &str, path: &Path) -> impl FnOnce(E) -> PostgresError {
        let what = format!("{doing} {}", path.display());
        move |cause| PostgresError::Io { what, cause: cause.into() }
    }
}
