//! The binary itself: its start, its end and its refusals, as an operator sees them.

#![allow(clippy::unwrap_used)]

mod support;

use nix::sys::signal::Signal;
use std::{
    os::unix::fs::PermissionsExt,
    process::Command,
    time::{Duration, Instant},
};
use support::{DROVER, Estate, command, said};

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
    let shown = said(Command::new(DROVER).args(["pki", "status", "--data"]).arg(estate.data()));
    for word in ["Drover CA", "pkipath", "localhost", "for node1, 192.0.2.11", "issue a new one from"] {
        assert!(shown.contains(word), "{word} is missing in {shown}");
    }
}

#[test]
fn a_full_disk_at_renewal_is_told_and_the_old_certificate_serves_on() {
    if !nix::unistd::geteuid().is_root() {
        return; // Only root makes a disk that is soon full.
    }
    let estate = Estate::new();
    // Other names make a certificate due at once.
    let script = r#"
        mount -t tmpfs -o size=256k,mode=755 none "$1"
        status() { "$2" pki status --data "$1/data" "${@:3}" 2>&1; }
        status "$@" > /dev/null
        before=$(cat "$1"/data/pki/server/*.pem | sha256sum)
        cat /dev/zero > "$1/filler" 2> /dev/null || true
        status "$@" --tls-name drover.example
        [ "$before" = "$(cat "$1"/data/pki/server/*.pem | sha256sum)" ] && echo untouched
        rm "$1/filler"
        status "$@" --tls-name drover.example | grep -q drover.example && echo renewed"#;
    let mut command = Command::new("unshare");
    command.args(["--mount", "bash", "-ec", script, "bash"]).arg(estate.dir.path()).arg(DROVER);
    let told = said(&mut command);
    for word in ["is full; make room there", "the old ones stay in use", "untouched", "renewed"] {
        assert!(told.contains(word), "{word} is missing in {told}");
    }
}
