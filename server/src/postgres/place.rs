//! Where the database's files lie, and that its account can reach them: the data directory may be passed
//! through but not read by others; the cluster and the socket's directory are the account's alone. The socket
//! lies in a short runtime directory, because a socket's path may have 107 bytes only.

use super::{PostgresError, account::Account};
use std::{
    fs::{self, DirBuilder, Permissions},
    os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt},
    path::{Path, PathBuf},
};

#[derive(Debug, Clone)]
pub struct Place {
    /// Drover's data directory.
    pub data: PathBuf,
    /// PostgreSQL's data directory.
    pub cluster: PathBuf,
    pub log: PathBuf,
    /// The directory of the socket.
    pub runtime: PathBuf,
}

impl Place {
    /// Makes what is missing. Safe to call beside a running owner.
    pub fn prepare(data: &Path, account: &Account) -> Result<Place, PostgresError> {
        let data = make_data(data)?;
        refuse_unfinished(&data)?;
        open_for_passing(&data, account)?;
        let runtime = runtime_dir(&data);
        make_private(&runtime, account)?;
        let logs = data.join("log");
        make_private(&logs, account)?;
        let place = Place { cluster: data.join("postgres"), log: logs.join("postgres.log"), runtime, data };
        if place.socket().as_os_str().len() > 107 {
            return Err(PostgresError::LongPath { path: place.socket() });
        }
        Ok(place)
    }

    pub fn socket(&self) -> PathBuf {
        socket_in(&self.runtime)
    }
}

/// Gives its real path.
pub fn make_data(data: &Path) -> Result<PathBuf, PostgresError> {
    let made = DirBuilder::new().recursive(true).mode(0o711).create(data);
    made.map_err(PostgresError::io("making", data))?;
    data.canonicalize().map_err(PostgresError::io("reading", data))
}

/// What a restore has half put in place must not be taken for an empty installation.
pub fn refuse_unfinished(data: &Path) -> Result<(), PostgresError> {
    match data.join(super::UNFINISHED).exists() {
        true => Err(PostgresError::HalfRestored { data: data.to_owned() }),
        false => Ok(()),
    }
}

/// PostgreSQL's own naming, for the port that is only a number here.
pub fn socket_in(dir: &Path) -> PathBuf {
    dir.join(".s.PGSQL.5432")
}

fn open_for_passing(data: &Path, account: &Account) -> Result<(), PostgresError> {
    for dir in data.ancestors() {
        let meta = fs::metadata(dir).map_err(PostgresError::io("reading", dir))?;
        if account.may_enter(&meta) {
            continue;
        }
        // Our own directory is ours to open; anything above it is not.
        if dir != data || meta.uid() != nix::unistd::geteuid().as_raw() {
            return Err(PostgresError::Closed { user: account.name.clone(), dir: dir.to_owned() });
        }
        let mode = Permissions::from_mode(meta.mode() | 0o111);
        fs::set_permissions(dir, mode).map_err(PostgresError::io("opening", dir))?;
    }
    Ok(())
}

/// The same data directory always gives the same runtime directory, so that a later start finds the socket.
fn runtime_dir(data: &Path) -> PathBuf {
    let digest = ring::digest::digest(&ring::digest::SHA256, data.as_os_str().as_encoded_bytes());
    let short: String = digest.as_ref()[..6].iter().map(|b| format!("{b:02x}")).collect();
    let uid = nix::unistd::geteuid();
    if uid.is_root() {
        return PathBuf::from(format!("/run/drover-{short}"));
    }
    match std::env::var_os("XDG_RUNTIME_DIR").filter(|d| Path::new(d).is_dir()) {
        Some(dir) => Path::new(&dir).join(format!("drover-{short}")),
        None => PathBuf::from(format!("/tmp/drover-{uid}-{short}")),
    }
}

/// In `/tmp` somebody may have been there before us: whoever owns the socket's directory owns the database.
fn make_private(dir: &Path, account: &Account) -> Result<(), PostgresError> {
    match DirBuilder::new().mode(0o700).create(dir) {
        Ok(()) => return account.own(dir),
        Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => {}
        Err(e) => return Err(PostgresError::io("making", dir)(e)),
    }
    let meta = fs::symlink_metadata(dir).map_err(PostgresError::io("reading", dir))?;
    let ours = [account.uid.as_raw(), nix::unistd::geteuid().as_raw()].contains(&meta.uid());
    if !meta.is_dir() || !ours || meta.mode() & 0o077 != 0 {
        return Err(PostgresError::Suspicious { dir: dir.to_owned() });
    }
    account.own(dir)
}
