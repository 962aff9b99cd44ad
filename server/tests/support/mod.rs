//! A `drover` with a data directory of its own, and how its answers are waited for.

// Each test file compiles this for itself and uses its part of it.
#![allow(dead_code)]

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use std::{
    net::TcpListener,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

pub const DROVER: &str = env!("CARGO_BIN_EXE_drover");
const PATIENCE: Duration = Duration::from_secs(60);

/// A data directory of its own, and nothing left running whatever a test does.
pub struct Estate {
    pub dir: tempfile::TempDir,
    pub port: u16,
}

impl Drop for Estate {
    fn drop(&mut self) {
        if let Some(pid) = self.postmaster() {
            let _ = kill(pid, Signal::SIGQUIT);
        }
    }
}

/// One `drover serve`; killed with the test.
pub struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Running {
    pub fn signal(&self, signal: Signal) {
        kill(Pid::from_raw(self.0.id() as i32), signal).unwrap();
    }

    pub fn wait(&mut self) -> std::process::ExitStatus {
        patiently("the server's end", || self.0.try_wait().unwrap())
    }
}

impl Estate {
    pub fn new() -> Estate {
        let dir = tempfile::tempdir().unwrap();
        std::fs::set_permissions(dir.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        Estate { dir, port }
    }

    pub fn data(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    pub fn serve(&self) -> Running {
        self.serve_with(&[])
    }

    /// With further environment.
    pub fn serve_with(&self, environment: &[(&str, &str)]) -> Running {
        let mut serve = command(&["serve"], &self.data(), self.port);
        serve.envs(environment.iter().copied()).stdout(Stdio::null()).stderr(Stdio::null());
        Running(serve.spawn().unwrap())
    }

    /// Until the server answers; gives the answer.
    pub fn health(&self) -> String {
        patiently("an answer", || self.get("/healthz")).1
    }

    /// Until the path answers with exactly this text.
    pub fn until_says(&self, path: &str, text: &str) {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let said = self.get(path);
            if said.as_ref().is_some_and(|(_, said)| said == text) {
                return;
            }
            assert!(Instant::now() < deadline, "{path} does not say {text:?}, but {said:?}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Status and text; `None` while nothing listens.
    pub fn get(&self, path: &str) -> Option<(u16, String)> {
        let url = format!("https://localhost:{}{path}", self.port);
        let mut curl = Command::new("curl");
        curl.args(["-sS", "--max-time", "10", "-w", "%{http_code}", "--cacert"]);
        let out = curl.arg(self.data().join("pki/ca/cacert.pem")).arg(url).output().unwrap();
        let text = String::from_utf8_lossy(&out.stdout).into_owned();
        let (body, status) = text.split_at_checked(text.len().checked_sub(3)?)?;
        let answered = (status.parse().ok()?, body.to_owned());
        out.status.success().then_some(answered)
    }

    /// Where the built-in database listens.
    pub fn database_url(&self) -> String {
        let file = std::fs::read_to_string(self.data().join("postgres/postmaster.pid")).unwrap();
        format!("postgres://drover@localhost/drover?host={}", file.lines().nth(4).unwrap())
    }

    pub fn sql(&self, sql: &str) -> String {
        psql(&self.database_url(), sql)
    }

    /// A command on this data directory.
    pub fn drover(&self, args: &[&str]) -> Command {
        command(args, &self.data(), self.port)
    }

    pub fn postmaster(&self) -> Option<Pid> {
        let text = std::fs::read_to_string(self.data().join("postgres/postmaster.pid")).ok()?;
        text.lines().next()?.parse().ok().map(Pid::from_raw)
    }
}

pub fn command(args: &[&str], data: &Path, port: u16) -> Command {
    let mut command = Command::new(DROVER);
    command.env_remove("DATABASE_URL").args(args).arg("--data").arg(data);
    command.arg("--listen").arg(format!("127.0.0.1:{port}"));
    command
}

pub fn patiently<T>(what: &str, mut attempt: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(value) = attempt() {
            return value;
        }
        assert!(Instant::now() < deadline, "{what} did not come");
        std::thread::sleep(Duration::from_millis(5));
    }
}

pub fn psql(url: &str, sql: &str) -> String {
    said(Command::new("psql").args(["-XAtc", sql, url])).trim().to_owned()
}

/// Runs a command that must succeed, and gives what it printed.
pub fn said(command: &mut Command) -> String {
    let out = command.output().unwrap();
    assert!(out.status.success(), "{command:?}: {}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8_lossy(&out.stdout).into_owned()
}

/// Runs a command that must fail, and gives its words.
pub fn refused(command: &mut Command) -> String {
    let out = command.output().unwrap();
    assert!(!out.status.success(), "{command:?} was not refused");
    String::from_utf8_lossy(&out.stderr).into_owned()
}
