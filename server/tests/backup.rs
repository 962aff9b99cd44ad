//! `drover backup` and `drover restore` on real databases: the round trip, and everything that is refused.

#![allow(clippy::unwrap_used)]

mod support;

use nix::sys::signal::Signal;
use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};
use support::{Estate, Running, psql, refused, said};

const ADA: &str = "INSERT INTO users (id, name, created_at) VALUES (gen_random_uuid(), 'ada', now())";
const COUNT: &str = "SELECT count(*) FROM users WHERE name = 'ada'";

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn end(mut running: Running) {
    running.signal(Signal::SIGTERM);
    running.wait();
}

/// An estate that was used and has ended, with a backup made while it ran.
fn backed_up() -> (Estate, PathBuf) {
    let estate = Estate::new();
    let running = estate.serve();
    estate.health();
    estate.sql(ADA);
    let file = estate.dir.path().join("monday.drover");
    said(&mut estate.drover(&["backup", text(&file)]));
    end(running);
    (estate, file)
}

#[test]
fn what_was_backed_up_comes_back_elsewhere() {
    let (first, file) = backed_up();
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let second = Estate::new();
    let told = said(&mut second.drover(&["restore", text(&file)]));
    assert!(told.contains("was restored: made by Drover"), "{told}");
    for kept in ["pki/ca/cakey.pem", "pki/server/cert.pem", "initial-admin-password", "secret.key"] {
        let (old, new) = (first.data().join(kept), second.data().join(kept));
        assert_eq!(fs::read(&old).unwrap(), fs::read(&new).unwrap(), "{kept}");
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode();
        assert_eq!(mode(&old), mode(&new), "{kept}");
    }
    assert!(!second.data().join("restore.new").exists());
    let running = second.serve();
    second.until_says("/readyz", "ready\nschema: current\nrole: leader\nlive: connected\n");
    assert_eq!(second.sql(COUNT), "1");
    end(running);

    // Also of a server that does not run.
    let again = second.dir.path().join("again.drover");
    said(&mut second.drover(&["backup", text(&again)]));
    assert_eq!(second.postmaster(), None, "the command left a database running");
    let told = refused(&mut second.drover(&["backup", text(&again)]));
    assert!(told.contains("exists already"), "{told}");
}

#[test]
fn the_configuration_file_is_kept_beside() {
    let (first, file) = (Estate::new(), Estate::new());
    let config = first.dir.path().join("drover.toml");
    fs::write(&config, "session_idle = '7m'\n").unwrap();
    let running = first.serve_with(&[("DROVER_CONFIG", text(&config))]);
    first.health();
    let archive = file.dir.path().join("x.drover");
    said(first.drover(&["backup", text(&archive)]).env("DROVER_CONFIG", &config));
    end(running);
    let told = said(&mut file.drover(&["restore", text(&archive)]));
    assert!(told.contains("compare it with yours"), "{told}");
    assert_eq!(
        fs::read_to_string(file.data().join("restored-drover.toml")).unwrap(),
        "session_idle = '7m'\n"
    );
}

#[test]
fn a_directory_in_use_or_not_empty_is_refused_and_force_removes_nothing() {
    let (estate, file) = backed_up();
    let mut running = estate.serve();
    estate.health();
    for force in [&[][..], &["--force"]] {
        let told = refused(estate.drover(&["restore", text(&file)]).args(force));
        assert!(told.contains("another drover (process"), "{told}");
    }
    running.signal(Signal::SIGKILL);
    running.wait();
    let told = refused(&mut estate.drover(&["restore", text(&file), "--force"]));
    assert!(told.contains("still runs"), "{told}");
    let running = estate.serve();
    estate.health();
    estate.sql("DELETE FROM users WHERE name = 'ada'");
    end(running);

    let told = refused(&mut estate.drover(&["restore", text(&file)]));
    assert!(told.contains("is not empty") && told.contains("--force"), "{told}");
    for number in ["1", "2"] {
        let told = said(&mut estate.drover(&["restore", text(&file), "--force"]));
        let aside = estate.data().join(format!("before-restore-{number}"));
        assert!(told.contains(text(&aside)), "{told}");
        assert!(aside.join("postgres/PG_VERSION").exists() && aside.join("pki/ca/cakey.pem").exists());
    }
    // One that was cut short while it was put in place is done again; even what it had made is kept.
    let unfinished = estate.data().join("restore.unfinished");
    fs::create_dir(&unfinished).unwrap();
    fs::rename(estate.data().join("postgres"), unfinished.join("postgres")).unwrap();
    said(&mut estate.drover(&["restore", text(&file), "--force"]));
    assert!(estate.data().join("before-restore-3/restore.unfinished/postgres/PG_VERSION").exists());
    let _running = estate.serve();
    estate.health();
    assert_eq!(estate.sql(COUNT), "1");
}

#[test]
fn damaged_foreign_and_newer_archives_are_refused_untouched() {
    let (estate, file) = backed_up();
    let fresh = Estate::new();
    let bad = estate.dir.path().join("bad.drover");
    let whole = fs::read(&file).unwrap();
    let try_it = || refused(&mut fresh.drover(&["restore", text(&bad)]));
    let mut damaged = whole.clone();
    damaged[whole.len() / 2] ^= 1;
    fs::write(&bad, damaged).unwrap();
    assert!(try_it().contains("is damaged"));
    fs::write(&bad, &whole[..whole.len() / 2]).unwrap();
    assert!(try_it().contains("is damaged"));
    fs::write(&bad, "a letter").unwrap();
    assert!(try_it().contains("is not a backup made by Drover"));
    let newer = r#"
        cd "$(mktemp -d)" && tar -xf "$1" && sed -i 's/"product": "[^"]*"/"product": "99.1.0"/' manifest.json
        printf %s "$(sha256sum manifest.json | cut -d' ' -f1)" > manifest.sha256
        tar -cf "$2" $(tar -tf "$1")"#;
    said(Command::new("sh").args(["-ec", newer, "sh"]).args([&file, &bad]));
    let told = try_it();
    assert!(told.contains("made by Drover 99.1.0") && told.contains("Install Drover 99.1.0"), "{told}");
    assert!(!fresh.data().exists(), "a refused restore made something");
}

#[test]
fn a_full_disk_half_way_changes_nothing() {
    if !nix::unistd::geteuid().is_root() {
        return; // Only root makes a disk that is soon full.
    }
    let (estate, file) = backed_up();
    let script = r#"
        mount -t tmpfs -o size=24m,mode=755 none "$2"
        mkdir "$2/data" && echo precious > "$2/data/kept"
        "$3" restore "$1" --force --data "$2/data" 2>&1 && exit 1
        echo "left: $(ls "$2/data") $(cat "$2/data/kept")""#;
    let disk = estate.dir.path().join("disk");
    fs::create_dir(&disk).unwrap();
    let mut command = Command::new("unshare");
    command.args(["--mount", "sh", "-ec", script, "sh"]).args([&file, &disk]).arg(support::DROVER);
    let told = said(command.env_remove("DATABASE_URL"));
    assert!(told.contains("the disk of") && told.contains("is full"), "{told}");
    assert!(told.contains("Everything is as it was before"), "{told}");
    assert!(told.contains("left: kept\nlock precious"), "{told}");
}

#[test]
fn a_backup_onto_a_full_disk_leaves_nothing_behind() {
    if !nix::unistd::geteuid().is_root() {
        return; // Only root makes a disk that is soon full.
    }
    let (estate, _) = backed_up();
    let script = r#"
        mount -t tmpfs -o size=16k none "$2"
        "$3" backup "$2/x.drover" --data "$1" 2>&1 && exit 1
        echo "left: $(ls -A "$2")""#;
    let disk = estate.dir.path().join("disk");
    fs::create_dir(&disk).unwrap();
    let mut command = Command::new("unshare");
    command.args(["--mount", "sh", "-ec", script, "sh"]).args([&estate.data(), &disk]).arg(support::DROVER);
    let told = said(command.env_remove("DATABASE_URL"));
    assert!(told.contains("the disk of") && told.contains("is full"), "{told}");
    assert!(told.ends_with("left: \n"), "{told}");
}

#[test]
fn an_external_database_goes_both_ways() {
    let host = Estate::new();
    let _running = host.serve();
    host.health();
    host.sql(ADA);
    let (url, file) = (host.database_url(), host.dir.path().join("x.drover"));
    // Another server's data directory; only its database is elsewhere.
    let apart = Estate::new();
    let standby = apart.serve_with(&[("DATABASE_URL", &url)]);
    apart.health();
    said(apart.drover(&["backup", text(&file)]).env("DATABASE_URL", &url));
    let told = refused(apart.drover(&["restore", text(&file), "--force"]).env("DATABASE_URL", &url));
    assert!(told.contains("another drover (process"), "{told}");
    end(standby);

    let fresh = Estate::new();
    let told = refused(fresh.drover(&["restore", text(&file)]).env("DATABASE_URL", &url));
    assert!(told.contains("is not empty. A restore never removes tables"), "{told}");
    host.sql("CREATE DATABASE fresh");
    let empty = url.replace("/drover?", "/fresh?");
    said(fresh.drover(&["restore", text(&file)]).env("DATABASE_URL", &empty));
    assert_eq!(psql(&empty, COUNT), "1");
    assert!(fresh.data().join("pki/ca/cakey.pem").exists() && !fresh.data().join("postgres").exists());
}

#[test]
fn nothing_to_back_up_and_a_restore_that_was_cut_short_are_told() {
    let estate = Estate::new();
    let told = refused(&mut estate.drover(&["backup", "/tmp/never.drover"]));
    assert!(told.contains("there is nothing to back up") && !estate.data().exists(), "{told}");
    fs::create_dir_all(estate.data().join("restore.unfinished")).unwrap();
    for apart in [None, Some(("DATABASE_URL", "postgres://nobody@localhost/x"))] {
        let told = refused(estate.drover(&["serve"]).envs(apart).stdout(Stdio::null()));
        assert!(told.contains("was cut short"), "{told}");
    }
}
