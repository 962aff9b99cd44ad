//! Against the real PostgreSQL of this machine, as root (then it runs as another user) or as anybody.

use super::*;
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use std::time::{Duration, Instant};

/// A directory that the database's user may pass through, and that leaves no database behind when its test
/// fails.
struct Dir(tempfile::TempDir);

impl Dir {
    fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for Dir {
    fn drop(&mut self) {
        if let Some(pid) = postmaster(self) {
            let _ = kill(Pid::from_raw(pid), Signal::SIGQUIT);
        }
    }
}

fn config(dir: &Dir, role: Role) -> Config {
    Config { data: dir.path().join("data"), role }
}

fn open_dir() -> Dir {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    std::fs::set_permissions(dir.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    Dir(dir)
}

fn postmaster(dir: &Dir) -> Option<i32> {
    let text = std::fs::read_to_string(dir.path().join("data/postgres/postmaster.pid")).ok()?;
    text.lines().next()?.parse().ok()
}

async fn until<F: AsyncFnMut() -> bool>(what: &str, mut done: F) {
    let deadline = Instant::now() + Duration::from_secs(30);
    while !done().await {
        assert!(Instant::now() < deadline, "{what} did not happen in time");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

fn ask(url: &str, sql: &str) -> String {
    let out = std::process::Command::new("psql").args(["-XAtc", sql, url]).output().unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8_lossy(&out.stdout).trim().to_owned()
}

#[tokio::test]
async fn starts_keeps_data_and_stops() {
    let dir = open_dir();
    let db = Database::start(&config(&dir, Role::Server)).await.unwrap();
    ask(db.url(), "CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)");
    assert_eq!(ask(db.url(), "SHOW listen_addresses"), "");
    let (pid, socket) = (postmaster(&dir).unwrap(), db.socket().to_owned());
    db.stop().await.unwrap();
    assert_eq!(probe(&socket).await, State::Absent);
    assert!(!std::path::Path::new(&format!("/proc/{pid}")).exists());

    let begun = Instant::now();
    let db = Database::start(&config(&dir, Role::Server)).await.unwrap();
    println!("second start: {:?}", begun.elapsed());
    assert_eq!(ask(db.url(), "SELECT n FROM kept"), "7");
    db.stop().await.unwrap();
}

#[tokio::test]
async fn a_second_server_is_refused_and_a_command_joins() {
    let dir = open_dir();
    let db = Database::start(&config(&dir, Role::Server)).await.unwrap();
    let error = Database::start(&config(&dir, Role::Server)).await.err().unwrap().to_string();
    assert!(error.contains(&std::process::id().to_string()), "{error}");
    let guest = Database::start(&config(&dir, Role::Command)).await.unwrap();
    assert_eq!(guest.url(), db.url());
    guest.stop().await.unwrap();
    assert_eq!(probe(db.socket()).await, State::Ready, "a command must not stop the server's database");
    db.stop().await.unwrap();
}

#[tokio::test]
async fn one_that_dies_is_started_again() {
    let dir = open_dir();
    let db = Database::start(&config(&dir, Role::Server)).await.unwrap();
    ask(db.url(), "CREATE TABLE kept ()");
    let first = postmaster(&dir).unwrap();
    kill(Pid::from_raw(first), Signal::SIGKILL).unwrap();
    until("a new PostgreSQL", async || {
        postmaster(&dir).is_some_and(|p| p != first) && probe(db.socket()).await == State::Ready
    })
    .await;
    assert_eq!(ask(db.url(), "SELECT count(*) FROM kept"), "0");
    db.stop().await.unwrap();
}

/// The child's own session is what survives; the lock falls with the process that was killed. Dropping the
/// parts without `stop` leaves the same picture behind.
#[tokio::test]
async fn one_left_running_is_adopted_and_then_stopped() {
    let dir = open_dir();
    let account = account::Account::choose().unwrap();
    let place = place::Place::prepare(&config(&dir, Role::Server).data, &account).unwrap();
    cluster::initialise(&place, &account).await.unwrap();
    let left = process::Process::up(&place, &account).await.unwrap();
    let pid = postmaster(&dir).unwrap();
    let group = nix::unistd::getpgid(Some(Pid::from_raw(pid))).unwrap();
    assert_eq!(group.as_raw(), pid, "not the leader of a process group of its own");
    assert_eq!(nix::unistd::getsid(Some(Pid::from_raw(pid))).unwrap().as_raw(), pid);
    tokio::spawn(async move {
        let mut left = left;
        left.ended().await;
    });
    let db = Database::start(&config(&dir, Role::Server)).await.unwrap();
    assert_eq!(postmaster(&dir), Some(pid), "the running one was not adopted");
    db.stop().await.unwrap();
    assert_eq!(probe(&place.socket()).await, State::Absent);
}

#[tokio::test]
async fn a_stale_pid_file_does_not_hinder() {
    let dir = open_dir();
    let db = Database::start(&config(&dir, Role::Server)).await.unwrap();
    db.stop().await.unwrap();
    let file = dir.path().join("data/postgres/postmaster.pid");
    /// Past the highest process id that Linux gives.
    const UNUSED: i32 = 4_194_305;
    std::fs::write(&file, format!("{UNUSED}\n/elsewhere\n0\n5432\n/run\n")).unwrap();
    let account = account::Account::choose().unwrap();
    account.own(&file).unwrap();
    std::fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    let started = Database::start(&config(&dir, Role::Server)).await;
    started.unwrap().stop().await.unwrap();
    assert_eq!(postmaster(&dir), None);
}
