//! What can stand in the way of a backup or a restore, each with what the operator can do about it.

use crate::postgres::PostgresError;
use std::path::{Path, PathBuf};

#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error("{path} exists already; choose another name, because a backup never overwrites anything")]
    Exists { path: PathBuf },
    #[error("there is no database in {data}, so there is nothing to back up; name the right one with --data")]
    NothingThere { data: PathBuf },
    #[error("no Drover has used this database yet, so there is nothing to back up")]
    Unused,
    #[error("{path} is not a backup made by Drover")]
    Foreign { path: PathBuf },
    #[error("the backup {path} is damaged: {why}. Nothing was changed; take another one")]
    Damaged { path: PathBuf, why: String },
    #[error(
        "the backup {path} was made by Drover {made}, which is newer than this one ({ours}). Nothing was changed. \
         Install Drover {made} or later, then restore"
    )]
    Newer { path: PathBuf, made: String, ours: String },
    #[error(
        "the data directory {data} is not empty. Choose another --data; or, with --force, what is there is set \
         aside in a directory {data}/before-restore-…, and nothing of it is removed"
    )]
    NotEmpty { data: PathBuf },
    #[error(
        "the database that --database-url names is not empty. A restore never removes tables: make a new, empty \
         database and name that one"
    )]
    DatabaseNotEmpty,
    #[error("the disk of {path} is full. Everything is as it was before. The cause: {cause}")]
    Full { path: PathBuf, cause: String },
    #[error("the database URL cannot be read: {0}")]
    Url(String),
    #[error("{program} failed:\n{output}")]
    Program { program: &'static str, output: String },
    #[error("{what}: {cause}")]
    Io { what: String, cause: std::io::Error },
    #[error(transparent)]
    Postgres(#[from] PostgresError),
    #[error("the database: {0}")]
    Store(#[from] store::StoreError),
}

impl BackupError {
    /// For `map_err`: an error of the operating system on a path.
    pub fn io(doing: &str, path: &Path) -> impl FnOnce(std::io::Error) -> BackupError {
        let what = format!("{doing} {}", path.display());
        move |cause| BackupError::Io { what, cause }
    }

    pub fn damaged(path: &Path, why: impl Into<String>) -> BackupError {
        BackupError::Damaged { path: path.to_owned(), why: why.into() }
    }

    /// A full disk shows itself in many ways: to us, to PostgreSQL's programs, to the database. All of them end in
    /// the system's own words.
    pub fn or_full(self, path: &Path) -> BackupError {
        let cause = self.to_string();
        match cause.contains("No space left on device") {
            true => BackupError::Full { path: path.to_owned(), cause },
            false => self,
        }
    }
}
