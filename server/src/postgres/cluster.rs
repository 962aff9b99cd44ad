//! Makes the cluster on the first start: `initdb`, then the one database, in a directory beside the final one
//! that is renamed when all is done. A start that is killed midway leaves nothing that looks finished.

use super::{NAME, PostgresError, account::Account, install, place::Place};
use std::{
    path::Path,
    process::{Command, Output, Stdio},
};

pub async fn initialise(place: &Place, account: &Account) -> Result<(), PostgresError> {
    if place.cluster.join("PG_VERSION").exists() {
        return Ok(());
    }
    let (place, account) = (place.clone(), account.clone());
    let made = tokio::task::spawn_blocking(move || make(&place, &account)).await;
    made.map_err(|e| PostgresError::Command {
        what: "initialising the database".into(),
        output: e.to_string(),
    })?
}

fn make(place: &Place, account: &Account) -> Result<(), PostgresError> {
    let bin = install::choose(&place.cluster, &install::installed())?.bin;
    tracing::info!(cluster = %place.cluster.display(), "making the database; this happens once");
    let fresh = place.data.join("postgres.new");
    if fresh.exists() {
        std::fs::remove_dir_all(&fresh).map_err(PostgresError::io("removing", &fresh))?;
    }
    std::fs::create_dir(&fresh).map_err(PostgresError::io("making", &fresh))?;
    account.own(&fresh)?;
    let mut initdb = Command::new(bin.join("initdb"));
    initdb.arg("-D").arg(&fresh).args(["-U", NAME, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]);
    run("initdb", account.run(initdb.args(["--data-checksums", "--no-instructions"])), "")?;
    let mut single = Command::new(bin.join("postgres"));
    single.args(["--single", "-F", "-j", "-D"]).arg(&fresh).arg("postgres");
    run("making the database", account.run(&mut single), &format!("CREATE DATABASE {NAME};\n\n"))?;
    sync(&fresh)?;
    std::fs::rename(&fresh, &place.cluster).map_err(PostgresError::io("renaming", &fresh))?;
    sync(&place.data)
}

/// Makes a rename or the single-user session's work last through a power cut.
fn sync(dir: &Path) -> Result<(), PostgresError> {
    let handle = std::fs::File::open(dir).map_err(PostgresError::io("opening", dir))?;
    nix::unistd::syncfs(&handle).map_err(PostgresError::io("writing out", dir))
}

fn run(what: &str, command: &mut Command, input: &str) -> Result<(), PostgresError> {
    let failed = |output: String| PostgresError::Command { what: what.to_owned(), output };
    // The account may not be allowed to stand where we stand.
    command.current_dir("/").env("LC_ALL", "C.UTF-8").env_remove("PGDATA");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|e| failed(e.to_string()))?;
    if let Some(mut stdin) = child.stdin.take() {
        std::io::Write::write_all(&mut stdin, input.as_bytes()).map_err(|e| failed(e.to_string()))?;
    }
    let output = child.wait_with_output().map_err(|e| failed(e.to_string()))?;
    if output.status.success() && !said(&output).contains("ERROR:") {
        return Ok(());
    }
    Err(failed(said(&output)))
}

fn said(output: &Output) -> String {
    [&output.stdout, &output.stderr].map(|o| String::from_utf8_lossy(o).into_owned()).concat()
}
