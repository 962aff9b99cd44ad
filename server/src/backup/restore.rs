//! `drover restore`: makes a data directory of a backup. The archive is checked to its last byte first; then
//! everything is made in a directory beside what is there, inside the data directory, which its owner can always
//! write and which may be a disk of its own. Only when all of it is there and written out is it moved into place,
//! by renames. Until then a failure, such as a full disk, leaves all as it was.

use super::{
    ASIDE, BackupError, Manifest, TRANSIENT, archive,
    make::{CONFIGURATION, DUMP, schema_of},
    manifest::Entry,
    program::Programs,
};
use crate::{
    config::Settings,
    postgres::{self, Config, Database, Role, UNFINISHED},
};
use std::{
    fs::{DirBuilder, File, OpenOptions},
    io::Write,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

/// Where everything is made.
const STAGING: &str = "restore.new";
/// The configuration file goes here: the one in use may be another machine's by now, and is the operator's.
const RESTORED_CONFIGURATION: &str = "restored-drover.toml";

/// What was done, for the operator.
pub struct Restored {
    pub manifest: Manifest,
    /// Where the things that were there before lie now.
    pub aside: Option<PathBuf>,
    /// Whether the configuration file was in the backup, and where it lies now.
    pub configuration: Option<PathBuf>,
}

pub async fn restore(settings: &Settings, file: &Path, force: bool) -> Result<Restored, BackupError> {
    archive::read(file, |_| Ok(Box::new(std::io::sink())))?;
    let data = &settings.data;
    let _lock = postgres::claim(data)?;
    let there = content(data)?;
    if !there.is_empty() && !force {
        return Err(BackupError::NotEmpty { data: data.clone() });
    }
    let staging = data.join(STAGING);
    remove(&staging)?;
    let staged = stage(settings, file, &staging).await;
    let put = match staged {
        Ok(manifest) => put_in_place(data, &staging, &there).map(|aside| (manifest, aside)),
        Err(error) => Err(error),
    };
    let (manifest, aside) = put.map_err(|error| {
        let error = error.or_full(data);
        let _ = remove(&staging);
        error
    })?;
    let configuration = Some(data.join(RESTORED_CONFIGURATION)).filter(|path| path.exists());
    Ok(Restored { manifest, aside, configuration })
}

/// What is in the data directory beside locks and logs, and what earlier restores left.
fn content(data: &Path) -> Result<Vec<PathBuf>, BackupError> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(data).map_err(BackupError::io("reading", data))? {
        let entry = entry.map_err(BackupError::io("reading", data))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if !TRANSIENT.contains(&name.as_str()) && !name.starts_with(ASIDE) && name != STAGING {
            found.push(entry.path());
        }
    }
    Ok(found)
}

fn remove(dir: &Path) -> Result<(), BackupError> {
    match std::fs::remove_dir_all(dir) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(BackupError::io("removing", dir)(e)),
        _ => Ok(()),
    }
}

async fn stage(settings: &Settings, file: &Path, staging: &Path) -> Result<Manifest, BackupError> {
    // The database's account passes through it, as through the data directory.
    let made = DirBuilder::new().mode(0o711).create(staging);
    made.map_err(BackupError::io("making", staging))?;
    let manifest = archive::read(file, |entry| create(staging, entry))?;
    let dump = staging.join(DUMP);
    match &settings.database_url {
        Some(url) => into_external(url, &dump).await?,
        None => into_built_in(staging, &dump, &manifest, file).await?,
    }
    for needless in [dump, staging.join("lock")] {
        let _ = std::fs::remove_file(needless);
    }
    remove(&staging.join("log"))?;
    let handle = File::open(staging).map_err(BackupError::io("opening", staging))?;
    nix::unistd::syncfs(&handle).map_err(|e| BackupError::io("writing out", staging)(e.into()))?;
    Ok(manifest)
}

fn create(staging: &Path, entry: &Entry) -> Result<Box<dyn Write>, BackupError> {
    let name = match entry.path.as_str() {
        CONFIGURATION => RESTORED_CONFIGURATION,
        path => path.strip_prefix("data/").unwrap_or(path),
    };
    let path = staging.join(name);
    if let Some(dir) = path.parent().filter(|dir| !dir.exists()) {
        let made = DirBuilder::new().recursive(true).mode(0o700).create(dir);
        made.map_err(BackupError::io("making", dir))?;
    }
    let file = OpenOptions::new().create_new(true).write(true).mode(entry.mode).open(&path);
    Ok(Box::new(file.map_err(BackupError::io("making", &path))?))
}

/// The staging directory is a data directory of its own for as long as its database is filled.
async fn into_built_in(
    staging: &Path,
    dump: &Path,
    manifest: &Manifest,
    archive: &Path,
) -> Result<(), BackupError> {
    let database = Database::start(&Config { data: staging.to_owned(), role: Role::Command }).await?;
    let filled = async {
        let programs = Programs { bin: postgres::programs(Some(staging))?, url: database.url().to_owned() };
        programs.read_in(dump)?;
        schema_of(database.url()).await
    };
    let filled = filled.await;
    database.stop().await?;
    match filled? == Some(manifest.schema) {
        true => Ok(()),
        false => Err(BackupError::damaged(archive, "its database is not the one that it describes")),
    }
}

async fn into_external(url: &str, dump: &Path) -> Result<(), BackupError> {
    let pool = store::connect(url, 1).await?;
    let empty =
        async { store::schema::is_empty(&mut *pool.acquire().await.map_err(store::StoreError::from)?).await };
    let empty = empty.await;
    pool.close().await;
    match empty? {
        true => Programs { bin: postgres::programs(None)?, url: url.to_owned() }.read_in(dump),
        false => Err(BackupError::DatabaseNotEmpty),
    }
}

/// From its first to its last rename the directory has a name that no server starts beside, so that one that is
/// cut short is not taken for an empty installation.
fn put_in_place(data: &Path, staging: &Path, there: &[PathBuf]) -> Result<Option<PathBuf>, BackupError> {
    let unfinished = data.join(UNFINISHED);
    let aside = (!there.is_empty()).then(|| free_name(data));
    if let Some(aside) = &aside {
        DirBuilder::new().mode(0o700).create(aside).map_err(BackupError::io("making", aside))?;
    }
    // A former restore that was cut short is set aside with the rest.
    if let Some(aside) = aside.as_ref().filter(|_| unfinished.exists()) {
        rename(&unfinished, &aside.join(UNFINISHED))?;
    }
    rename(staging, &unfinished)?;
    if let Some(aside) = &aside {
        for path in there.iter().filter(|path| **path != unfinished) {
            rename(path, &aside.join(path.file_name().unwrap_or_default()))?;
        }
    }
    for entry in std::fs::read_dir(&unfinished).map_err(BackupError::io("reading", &unfinished))? {
        let entry = entry.map_err(BackupError::io("reading", &unfinished))?;
        rename(&entry.path(), &data.join(entry.file_name()))?;
    }
    std::fs::remove_dir(&unfinished).map_err(BackupError::io("removing", &unfinished))?;
    Ok(aside)
}

fn rename(from: &Path, to: &Path) -> Result<(), BackupError> {
    std::fs::rename(from, to).map_err(BackupError::io("moving", from))
}

fn free_name(data: &Path) -> PathBuf {
    let mut number = 1;
    loop {
        let path = data.join(format!("{ASIDE}{number}"));
        if !path.exists() {
            return path;
        }
        number += 1;
    }
}
