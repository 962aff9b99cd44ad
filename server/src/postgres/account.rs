//! As whom PostgreSQL runs. It refuses root, so a server started as root runs it as `drover`, where that user
//! exists, or as `postgres`; anybody else runs it as himself.

use super::PostgresError;
use nix::unistd::{Gid, Uid, User, geteuid};
use std::{
    os::unix::{fs::MetadataExt, fs::chown, process::CommandExt},
    path::Path,
    process::Command,
};

#[derive(Debug, Clone)]
pub struct Account {
    pub name: String,
    pub uid: Uid,
    pub gid: Gid,
    /// Whether processes and files must be handed over to it.
    switch: bool,
}

impl Account {
    pub fn choose() -> Result<Account, PostgresError> {
        let me = geteuid();
        if !me.is_root() {
            let user = User::from_uid(me).ok().flatten();
            let name = user.map_or_else(|| me.to_string(), |u| u.name);
            return Ok(Account { name, uid: me, gid: nix::unistd::getegid(), switch: false });
        }
        let found = ["drover", "postgres"].iter().find_map(|n| User::from_name(n).ok().flatten());
        let user = found.filter(|u| !u.uid.is_root()).ok_or(PostgresError::NoAccount)?;
        Ok(Account { name: user.name, uid: user.uid, gid: user.gid, switch: true })
    }

    /// Makes the command run as this account. (The standard library drops root's other groups with it.)
    pub fn run<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        if self.switch {
            command.gid(self.gid.as_raw()).uid(self.uid.as_raw());
        }
        command
    }

    pub fn own(&self, path: &Path) -> Result<(), PostgresError> {
        if !self.switch {
            return Ok(());
        }
        chown(path, Some(self.uid.as_raw()), Some(self.gid.as_raw()))
            .map_err(PostgresError::io("handing over", path))
    }

    /// Whether the mode bits let this account pass through the directory.
    pub fn may_enter(&self, dir: &std::fs::Metadata) -> bool {
        let mode = dir.mode();
        if dir.uid() == self.uid.as_raw() {
            mode & 0o100 != 0
        } else if dir.gid() == self.gid.as_raw() {
            mode & 0o010 != 0
        } else {
            mode & 0o001 != 0
        }
    }
}
