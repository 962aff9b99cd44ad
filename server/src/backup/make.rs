//! `drover backup`: the database in one snapshot, then the files of the data directory, into a file that appears
//! only when it is whole.

use super::{
    ASIDE, BackupError, Manifest, TRANSIENT,
    archive::{self, Source},
    program::Programs,
};
use crate::{
    config::Settings,
    postgres::{self, Config, Database, Role},
};
use std::{
    fs::File,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};
use store::schema;
use time::OffsetDateTime;

/// Where a backup has the database, and the configuration file.
pub const DUMP: &str = "database.dump";
pub const CONFIGURATION: &str = "drover.toml";

/// Works beside a running server or without one.
pub async fn make(settings: &Settings, file: &Path, now: OffsetDateTime) -> Result<Manifest, BackupError> {
    let file = std::path::absolute(file).map_err(BackupError::io("finding", file))?;
    if file.exists() {
        return Err(BackupError::Exists { path: file });
    }
    let database = match &settings.database_url {
        Some(_) => None,
        None => Some(built_in(&settings.data).await?),
    };
    let url = settings.database_url.clone().or_else(|| database.as_ref().map(|d| d.url().to_owned()));
    let made = write(settings, &url.unwrap_or_default(), &file, now).await;
    if let Some(database) = database {
        database.stop().await?;
    }
    made.map_err(|error| error.or_full(&file))
}

/// A wrong `--data` must not make a database there only to back it up.
async fn built_in(data: &Path) -> Result<Database, BackupError> {
    if !postgres::is_made(data) {
        return Err(BackupError::NothingThere { data: data.to_owned() });
    }
    Ok(Database::start(&Config { data: data.to_owned(), role: Role::Command }).await?)
}

async fn write(
    settings: &Settings,
    url: &str,
    file: &Path,
    now: OffsetDateTime,
) -> Result<Manifest, BackupError> {
    let schema = schema_of(url).await?.ok_or(BackupError::Unused)?;
    let dir = file.parent().unwrap_or(Path::new("/"));
    let bin = postgres::programs(settings.database_url.is_none().then_some(settings.data.as_path()))?;
    let programs = Programs { bin, url: url.to_owned() };
    // Both are readable by their owner only, and gone with this process if it does not come to the end.
    let dump = tempfile::tempfile_in(dir).map_err(BackupError::io("writing in", dir))?;
    let mut fresh = tempfile::NamedTempFile::new_in(dir).map_err(BackupError::io("writing in", dir))?;
    programs.dump(dump.try_clone().map_err(BackupError::io("writing in", dir))?)?;
    let mut sources = vec![Source { path: DUMP.into(), mode: 0o600, content: dump }];
    sources.extend(configuration(settings)?);
    sources.extend(data_files(&settings.data)?);
    let describe = |files| Manifest::new(schema, now, files);
    let made =
        archive::write(fresh.as_file_mut(), sources, describe).map_err(BackupError::io("writing", file))?;
    fresh.persist_noclobber(file).map_err(|e| BackupError::io("writing", file)(e.error))?;
    Ok(made)
}

/// As the database is: a backup brings no schema forward.
pub async fn schema_of(url: &str) -> Result<Option<i64>, BackupError> {
    let pool = store::connect(url, 1).await?;
    let version =
        async { schema::version(&mut *pool.acquire().await.map_err(store::StoreError::from)?).await };
    let version = version.await;
    pool.close().await;
    Ok(version?)
}

fn configuration(settings: &Settings) -> Result<Option<Source>, BackupError> {
    settings.file.as_ref().map(|path| source(path, CONFIGURATION.into())).transpose()
}

/// All but the database's own files and what is there only while the directory is used. Whatever the server may
/// learn to keep there is in the backup without being named here.
fn data_files(data: &Path) -> Result<Vec<Source>, BackupError> {
    let mut found = Vec::new();
    for path in list(data)? {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let left = TRANSIENT.contains(&name.as_ref())
            || name.starts_with(ASIDE)
            || name.starts_with("postgres")
            || name.starts_with("restore.");
        if !left {
            collect(data, &path, &mut found)?;
        }
    }
    Ok(found)
}

fn collect(data: &Path, path: &Path, found: &mut Vec<Source>) -> Result<(), BackupError> {
    let meta = path.symlink_metadata().map_err(BackupError::io("reading", path))?;
    if meta.is_dir() {
        for below in list(path)? {
            collect(data, &below, found)?;
        }
    } else if meta.is_file() {
        let name = path.strip_prefix(data).unwrap_or(path).to_string_lossy();
        found.push(source(path, format!("data/{name}"))?);
    }
    Ok(())
}

fn source(path: &Path, name: String) -> Result<Source, BackupError> {
    let content = File::open(path).map_err(BackupError::io("opening", path))?;
    let mode = content.metadata().map_err(BackupError::io("reading", path))?.permissions().mode() & 0o777;
    Ok(Source { path: name, mode, content })
}

fn list(dir: &Path) -> Result<Vec<PathBuf>, BackupError> {
    let entries = std::fs::read_dir(dir).and_then(|all| all.map(|e| Ok(e?.path())).collect());
    let mut paths: Vec<PathBuf> = entries.map_err(BackupError::io("reading", dir))?;
    paths.sort();
    Ok(paths)
}
