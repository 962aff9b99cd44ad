//! One PostgreSQL server process: started as a child in a session of its own, or adopted from a Drover that
//! was killed. Adopted ones are no children, so both kinds are watched by their process id where it matters.

use super::{
    PostgresError, State,
    account::Account,
    install,
    place::{Place, socket_in},
    probe,
};
use nix::{
    errno::Errno,
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use std::{
    fs::OpenOptions,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};
use tokio::process::Child;

/// Recovery after a power cut may take long; a start that is silent for longer is broken.
const START_PATIENCE: Duration = Duration::from_secs(120);
const FAST_STOP: Duration = Duration::from_secs(20);
const HARD_STOP: Duration = Duration::from_secs(10);
const TICK: Duration = Duration::from_millis(4);
/// Past this size the log is set aside (one generation) at the next start.
const LOG_LIMIT: u64 = 8 << 20;

/// Small and safe. On the command line, so that a newer Drover brings its own values; what is not named here
/// may be set in the cluster's `postgresql.conf`.
const SETTINGS: &[&str] = &[
    "listen_addresses=",
    "unix_socket_permissions=0700",
    "port=5432",
    "max_connections=60",
    "shared_buffers=64MB",
    "wal_level=minimal",
    "max_wal_senders=0",
    "max_wal_size=256MB",
    "max_parallel_workers=2",
    "huge_pages=off",
    "random_page_cost=1.1",
    "logging_collector=off",
    "log_min_messages=warning",
    "log_line_prefix=%m [%p] ",
    "timezone=UTC",
];

pub struct Process {
    pid: Pid,
    /// `None` when adopted.
    child: Option<Child>,
    pub socket: PathBuf,
}

/// What `postmaster.pid` says of the process that wrote it.
struct PidFile {
    pid: Pid,
    socket: PathBuf,
}

impl PidFile {
    /// `None` when there is none, or nobody behind it, or somebody who took over the number.
    fn read(cluster: &Path) -> Option<PidFile> {
        let text = std::fs::read_to_string(cluster.join("postmaster.pid")).ok()?;
        let lines: Vec<&str> = text.lines().collect();
        let pid = Pid::from_raw(lines.first()?.trim().parse().ok()?);
        let dir = Path::new(lines.get(4)?.trim());
        let ours =
            alive(pid) && command_of(pid).is_some_and(|c| c.contains(cluster.to_string_lossy().as_ref()));
        (ours && dir.is_absolute()).then(|| PidFile { pid, socket: socket_in(dir) })
    }
}

/// The process that works on the cluster, whoever started it.
pub fn running(cluster: &Path) -> Option<Pid> {
    PidFile::read(cluster).map(|file| file.pid)
}

/// A zombie is gone: an adopted process is left to process 1, which may take its time.
fn alive(pid: Pid) -> bool {
    if kill(pid, None) == Err(Errno::ESRCH) {
        return false;
    }
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit(')').next().is_none_or(|rest| !rest.trim_start().starts_with('Z'))
}

fn command_of(pid: Pid) -> Option<String> {
    let bytes = std::fs::read(format!("/proc/{pid}/cmdline")).ok()?;
    Some(String::from_utf8_lossy(&bytes).replace('\0', " "))
}

/// The socket of the server that another Drover runs; waits while that one is still starting.
pub async fn running_socket(place: &Place) -> Result<PathBuf, PostgresError> {
    let deadline = Instant::now() + START_PATIENCE;
    loop {
        if let Some(file) = PidFile::read(&place.cluster)
            && probe(&file.socket).await == State::Ready
        {
            return Ok(file.socket);
        }
        if Instant::now() > deadline {
            return Err(silent(place));
        }
        tokio::time::sleep(TICK * 5).await;
    }
}

impl Process {
    /// Adopts the one that runs, or starts one; returns once it takes clients.
    pub async fn up(place: &Place, account: &Account) -> Result<Process, PostgresError> {
        let deadline = Instant::now() + START_PATIENCE;
        while let Some(file) = PidFile::read(&place.cluster) {
            match probe(&file.socket).await {
                State::Ready => {
                    tracing::info!(pid = file.pid.as_raw(), "adopting the PostgreSQL that is still running");
                    return Ok(Process { pid: file.pid, child: None, socket: file.socket });
                }
                _ if Instant::now() > deadline => return Err(silent(place)),
                // It starts or stops just now; either ends.
                _ => tokio::time::sleep(TICK).await,
            }
        }
        let mut process = Self::spawn(place, account)?;
        process.wait_ready(place, deadline).await?;
        Ok(process)
    }

    fn spawn(place: &Place, account: &Account) -> Result<Process, PostgresError> {
        let bin = install::choose(&place.cluster, &install::installed())?.bin;
        // setsid(1): neither the terminal's Ctrl-C nor its hang-up reaches the database.
        let mut command = Command::new("setsid");
        command.arg(bin.join("postgres")).arg("-D").arg(&place.cluster);
        for setting in SETTINGS {
            command.arg("-c").arg(setting);
        }
        command.arg("-c").arg(format!("unix_socket_directories={}", place.runtime.display()));
        account.run(&mut command).current_dir("/").env("LC_ALL", "C.UTF-8").env_remove("PGDATA");
        command.stdin(Stdio::null()).stdout(open_log(place)?).stderr(open_log(place)?);
        let mut command = tokio::process::Command::from(command);
        let child = command.spawn().map_err(PostgresError::io("starting", &bin))?;
        let pid = Pid::from_raw(child.id().unwrap_or_default() as i32);
        Ok(Process { pid, child: Some(child), socket: place.socket() })
    }

    async fn wait_ready(&mut self, place: &Place, deadline: Instant) -> Result<(), PostgresError> {
        while probe(&self.socket).await != State::Ready {
            if !self.is_alive() {
                return Err(PostgresError::Ended { log: place.log.clone(), output: log_end(place) });
            }
            if Instant::now() > deadline {
                return Err(silent(place));
            }
            tokio::time::sleep(TICK).await;
        }
        Ok(())
    }

    fn is_alive(&mut self) -> bool {
        match &mut self.child {
            Some(child) => matches!(child.try_wait(), Ok(None)),
            None => alive(self.pid),
        }
    }

    /// Returns when the process is gone.
    pub async fn ended(&mut self) {
        if let Some(child) = &mut self.child {
            let _ = child.wait().await;
            return;
        }
        while alive(self.pid) {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// "Fast" shutdown, then, should that hang, the immediate one, which costs a recovery at the next start.
    pub async fn stop(mut self) -> Result<(), PostgresError> {
        for (signal, patience) in [(Signal::SIGINT, FAST_STOP), (Signal::SIGQUIT, HARD_STOP)] {
            let _ = kill(self.pid, signal);
            if self.gone_within(patience).await {
                return Ok(());
            }
            tracing::warn!(pid = self.pid.as_raw(), "PostgreSQL does not stop");
        }
        let seconds = (FAST_STOP + HARD_STOP).as_secs();
        Err(PostgresError::Unstoppable { pid: self.pid.as_raw(), seconds })
    }

    async fn gone_within(&mut self, patience: Duration) -> bool {
        let deadline = Instant::now() + patience;
        while self.is_alive() {
            if Instant::now() > deadline {
                return false;
            }
            tokio::time::sleep(TICK).await;
        }
        true
    }
}

/// A file, not a pipe: the process outlives a Drover that is killed.
fn open_log(place: &Place) -> Result<Stdio, PostgresError> {
    if std::fs::metadata(&place.log).is_ok_and(|m| m.len() > LOG_LIMIT) {
        let old = place.log.with_extension("log.1");
        std::fs::rename(&place.log, &old).map_err(PostgresError::io("renaming", &place.log))?;
    }
    let file = OpenOptions::new().create(true).append(true).open(&place.log);
    Ok(file.map_err(PostgresError::io("opening", &place.log))?.into())
}

fn silent(place: &Place) -> PostgresError {
    let (log, output) = (place.log.clone(), log_end(place));
    PostgresError::Silent { seconds: START_PATIENCE.as_secs(), log, output }
}

fn log_end(place: &Place) -> String {
    let text = std::fs::read(&place.log).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(10)..].join("\n")
}
