//! PostgreSQL's own programs that dump a database and read it in. The password of an external one goes through
//! the environment, because everybody on the machine can read a command line.

use super::BackupError;
use std::{
    fs::File,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};
use url::Url;

/// Where the programs lie, and the database they work on.
pub struct Programs {
    pub bin: PathBuf,
    pub url: String,
}

impl Programs {
    /// Everything in one snapshot, beside whoever works on the database.
    pub fn dump(&self, out: File) -> Result<(), BackupError> {
        let mut command = self.command("pg_dump")?;
        command.args(["--format=custom", "--no-owner", "--no-privileges"]).stdout(out);
        run("pg_dump", command)
    }

    /// All of it or nothing.
    pub fn read_in(&self, dump: &Path) -> Result<(), BackupError> {
        let mut command = self.command("pg_restore")?;
        command.args(["--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error"]);
        command.arg(dump).stdout(Stdio::null());
        run("pg_restore", command)
    }

    fn command(&self, program: &str) -> Result<Command, BackupError> {
        let (url, password) = without_password(&self.url)?;
        let mut command = Command::new(self.bin.join(program));
        command.env("LC_ALL", "C.UTF-8").arg("--no-password").arg(format!("--dbname={url}"));
        if let Some(password) = password {
            command.env("PGPASSWORD", password);
        }
        Ok(command)
    }
}

fn without_password(url: &str) -> Result<(String, Option<String>), BackupError> {
    let mut parsed = Url::parse(url).map_err(|e| BackupError::Url(e.to_string()))?;
    let password =
        parsed.password().map(|p| percent_encoding::percent_decode_str(p).decode_utf8_lossy().into());
    if password.is_some() && parsed.set_password(None).is_err() {
        return Err(BackupError::Url("it names no host".into()));
    }
    Ok((parsed.into(), password))
}

fn run(program: &'static str, mut command: Command) -> Result<(), BackupError> {
    let failed = |output: String| BackupError::Program { program, output };
    let child = command.stdin(Stdio::null()).stderr(Stdio::piped()).spawn();
    let output = child.and_then(std::process::Child::wait_with_output).map_err(|e| failed(e.to_string()))?;
    match output.status.success() {
        true => Ok(()),
        false => Err(failed(String::from_utf8_lossy(&output.stderr).trim().to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_leaves_the_command_line() {
        let (url, password) =
            without_password("postgres://ada:a%40b@db.example/drover?sslmode=require").unwrap();
        assert_eq!(url, "postgres://ada@db.example/drover?sslmode=require");
        assert_eq!(password.as_deref(), Some("a@b"));
        let socket = "postgres://drover@localhost/drover?host=%2Frun%2Fx";
        assert_eq!(without_password(socket).unwrap(), (socket.to_owned(), None));
    }
}
