//! The binary itself: its start, its end and its refusals, as an operator sees them.

#![allow(clippy::unwrap_used)]

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use std::{
    net::TcpListener,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant},
};

const DROVER: &str = env!("CARGO_BIN_EXE_drover");

/// A data directory of its own, and nothing left running whatever a test does.
struct Estate {
    dir: tempfile::TempDir,
    port: u16,
}

impl Drop for Estate {
    fn drop(&mut self) {
        if let Some(pid) = self.postmaster() {
            let _ = kill(pid, Signal::SIGQUIT);
        }
    }
}

/// One `drover serve`; killed with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Running {
    fn signal(&self, signal: Signal) {
        kill(Pid::from_raw(self.0.id() as i32), signal).unwrap();
    }

    fn wait(&mut self) -> std::process::ExitStatus {
        patiently("the server's end", || self.0.try_wait().unwrap())
    }
}

impl Estate {
    fn new() -> Estate {
        let dir = tempfile::tempdir().unwrap();
        std::fs::set_permissions(dir.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        Estate { dir, port }
    }

    fn data(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    fn serve(&self) -> Running {
        Running(
            command(&["serve"], &self.data(), self.port)
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .unwrap(),
        )
    }

    /// Until the server answers; gives the answer.
    fn health(&self) -> String {
        patiently("an answer", || {
            let out = self.curl(&self.data().join("pki/ca/cacert.pem"));
            out.status.success().then(|| String::from_utf8_lossy(&out.stdout).into_owned())
        })
    }

    fn curl(&self, ca: &Path) -> Output {
        let url = format!("https://localhost:{}/healthz", self.port);
        Command::new("curl").args(["-sS", "--cacert"]).arg(ca).arg(url).output().unwrap()
    }

    fn postmaster(&self) -> Option<Pid> {
        let text = std::fs::read_to_string(self.data().join("postgres/postmaster.pid")).ok()?;
        text.lines().next()?.parse().ok().map(Pid::from_raw)
    }
}

fn command(args: &[&str], data: &Path, port: u16) -> Command {
    let mut command = Command::new(DROVER);
    command.env_remove("DATABASE_URL").args(args).arg("--data").arg(data);
    command.arg("--listen").arg(format!("127.0.0.1:{port}"));
    command
}

fn patiently<T>(what: &str, mut attempt: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + Duration::from_secs(60);
    loop {
        if let Some(value) = attempt() {
            return value;
        }
        assert!(Instant::now() < deadline, "{what} did not come");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn serves_ends_with_its_database_and_survives_a_kill() {
    let estate = Estate::new();
    let mut first = estate.serve();
    assert_eq!(estate.health(), "ok\ndatabase: ready\n");
    let begun = Instant::now();
    first.signal(Signal::SIGINT);
    assert!(first.wait().success());
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    assert_eq!(estate.postmaster(), None, "the database was left running");

    let mut killed = estate.serve();
    estate.health();
    let database = estate.postmaster().unwrap();
    killed.signal(Signal::SIGKILL);
    killed.wait();
    let mut again = estate.serve();
    assert_eq!(estate.health(), "ok\ndatabase: ready\n");
    assert_eq!(estate.postmaster(), Some(database), "the database was not adopted");
    again.signal(Signal::SIGTERM);
    assert!(again.wait().success());
    assert_eq!(estate.postmaster(), None);
}

#[test]
fn a_second_one_is_refused_in_words() {
    let estate = Estate::new();
    let _running = estate.serve();
    estate.health();
    let other = Estate::new();
    let refused = |mut command: Command| {
        let out = command.output().unwrap();
        assert!(!out.status.success());
        String::from_utf8_lossy(&out.stderr).into_owned()
    };
    let text = refused(command(&["serve"], &estate.data(), 0));
    assert!(text.contains("another drover (process"), "{text}");
    let text = refused(command(&["serve"], &other.data(), estate.port));
    assert!(text.contains("cannot listen on") && text.contains("--listen"), "{text}");
}

#[test]
fn a_data_directory_that_the_database_cannot_reach_is_told() {
    if !nix::unistd::geteuid().is_root() {
        return; // Only root runs the database as somebody else.
    }
    let estate = Estate::new();
    std::fs::set_permissions(estate.dir.path(), std::fs::Permissions::from_mode(0o700)).unwrap();
    let out = command(&["serve"], &estate.data(), 0).output().unwrap();
    let text = String::from_utf8_lossy(&out.stderr);
    assert!(text.contains("cannot enter") && text.contains("chmod o+x"), "{text}");
}

#[test]
fn certificates_for_a_host_by_one_command() {
    let estate = Estate::new();
    let out = estate.dir.path().join("node1");
    let mut issue = command(&["pki", "host", "node1", "192.0.2.11"], &estate.data(), 0);
    assert!(issue.arg(&out).output().unwrap().status.success());
    for (file, mode) in [("cacert.pem", 0o644), ("servercert.pem", 0o644), ("serverkey.pem", 0o600)] {
        let meta = std::fs::metadata(out.join(file)).unwrap();
        assert_eq!(meta.permissions().mode() & 0o777, mode, "{file}");
    }
    let shown = Command::new(DROVER).args(["pki", "show", "--data"]).arg(estate.data()).output().unwrap();
    let text = String::from_utf8_lossy(&shown.stdout);
    assert!(text.contains("Drover CA") && text.contains("pkipath") && text.contains("localhost"), "{text}");
}
