//! Who owns the built-in database. The lock is the kernel's (`flock`), so it falls with its process, however
//! that ends; the text in the file only tells others who holds it.

use super::PostgresError;
use nix::fcntl::{Flock, FlockArg};
use std::{
    fs::{File, OpenOptions},
    io::{Seek, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
    time::{Duration, Instant},
};

const FILE: &str = "lock";
/// How long a server waits for a command that holds the database for its own short length.
const PATIENCE: Duration = Duration::from_secs(30);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Server,
    /// A server whose database is elsewhere; the directory is its own all the same.
    Apart,
    Command,
}

impl Role {
    fn word(self) -> &'static str {
        match self {
            Role::Server => "serve",
            Role::Apart => "serve-apart",
            Role::Command => "admin",
        }
    }
}

pub type Lock = Flock<File>;

pub enum Taken {
    Mine(Lock),
    /// A server holds it; only a command is told so.
    Other,
}

/// Takes the lock, joins the server that has it, or is refused. Commands wait for each other.
pub async fn take(data: &Path, role: Role) -> Result<Taken, PostgresError> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(lock) = attempt(data, role)? {
            return Ok(Taken::Mine(lock));
        }
        let holder = holder(data);
        let (word, pid) = holder.trim().split_once(' ').unwrap_or(("", "unknown"));
        match role {
            Role::Command if word == Role::Server.word() => return Ok(Taken::Other),
            _ if word != Role::Command.word() && !word.is_empty() => return Err(in_use(data, pid)),
            _ if Instant::now() > deadline => return Err(in_use(data, pid)),
            _ => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    }
}

/// Takes the lock at once, whoever else has it; for a command that no other may run beside.
pub fn take_alone(data: &Path) -> Result<Lock, PostgresError> {
    match attempt(data, Role::Command)? {
        Some(lock) => Ok(lock),
        None => Err(in_use(data, holder(data).trim().split_once(' ').map_or("unknown", |(_, pid)| pid))),
    }
}

fn holder(data: &Path) -> String {
    std::fs::read_to_string(data.join(FILE)).unwrap_or_default()
}

fn in_use(data: &Path, pid: &str) -> PostgresError {
    PostgresError::InUse { pid: pid.to_owned(), data: data.to_owned() }
}

fn attempt(data: &Path, role: Role) -> Result<Option<Lock>, PostgresError> {
    let path = data.join(FILE);
    let file = OpenOptions::new().create(true).truncate(false).read(true).write(true).mode(0o600).open(&path);
    let file = file.map_err(PostgresError::io("opening", &path))?;
    let Ok(mut lock) = Flock::lock(file, FlockArg::LockExclusiveNonblock) else { return Ok(None) };
    let text = format!("{} {}\n", role.word(), std::process::id());
    let written = lock.rewind().and_then(|()| lock.set_len(0)).and_then(|()| lock.write_all(text.as_bytes()));
    written.map_err(PostgresError::io("writing", &path))?;
    Ok(Some(lock))
}
