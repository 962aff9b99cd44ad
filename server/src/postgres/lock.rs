//! Who owns the built-in database. The lock is the kernel's (`flock`), so it falls with its process, however
//! that ends; the text in the file only tells others who holds it.

use super::{PostgresError, place::Place};
use nix::fcntl::{Flock, FlockArg};
use std::{
    fs::{File, OpenOptions},
    io::{Seek, Write},
    os::unix::fs::OpenOptionsExt,
    time::{Duration, Instant},
};

/// How long a server waits for a command that holds the database for its own short length.
const PATIENCE: Duration = Duration::from_secs(30);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Server,
    Command,
}

impl Role {
    fn word(self) -> &'static str {
        match self {
            Role::Server => "serve",
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
pub async fn take(place: &Place, role: Role) -> Result<Taken, PostgresError> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(lock) = attempt(place, role)? {
            return Ok(Taken::Mine(lock));
        }
        let holder = std::fs::read_to_string(&place.lock).unwrap_or_default();
        let (word, pid) = holder.trim().split_once(' ').unwrap_or(("", "unknown"));
        match role {
            Role::Command if word == Role::Server.word() => return Ok(Taken::Other),
            Role::Server if word == Role::Server.word() => return Err(in_use(place, pid)),
            _ if Instant::now() > deadline => return Err(in_use(place, pid)),
            _ => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    }
}

fn in_use(place: &Place, pid: &str) -> PostgresError {
    PostgresError::InUse { pid: pid.to_owned(), data: place.data.clone() }
}

fn attempt(place: &Place, role: Role) -> Result<Option<Lock>, PostgresError> {
    let file =
        OpenOptions::new().create(true).truncate(false).read(true).write(true).mode(0o600).open(&place.lock);
    let file = file.map_err(PostgresError::io("opening", &place.lock))?;
    let Ok(mut lock) = Flock::lock(file, FlockArg::LockExclusiveNonblock) else { return Ok(None) };
    let text = format!("{} {}\n", role.word(), std::process::id());
    let written = lock.rewind().and_then(|()| lock.set_len(0)).and_then(|()| lock.write_all(text.as_bytes()));
    written.map_err(PostgresError::io("writing", &place.lock))?;
    Ok(Some(lock))
}
