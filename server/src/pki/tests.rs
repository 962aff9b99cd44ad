//! Judged by others: openssl and GnuTLS' certtool read what we issue; the dates are made up.

use super::*;
use crate::engine::SystemClock;
use model::clock::Clock;
use std::process::Command;
use time::{Duration, macros::datetime};

const NOW: OffsetDateTime = datetime!(2026-06-01 12:00 UTC);

fn run(program: &str, args: &[&str], paths: &[&Path]) -> (bool, String) {
    let out = Command::new(program).args(args).args(paths).output().unwrap();
    let text = [out.stdout, out.stderr].map(|b| String::from_utf8_lossy(&b).into_owned()).concat();
    (out.status.success(), text)
}

#[test]
fn the_first_open_makes_all_and_the_second_nothing() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let pki = Pki::open(dir.path(), &[], NOW).unwrap();
    let before = std::fs::read(pki.server_cert()).unwrap();
    for key in ["ca/cakey.pem", "server/key.pem", "client/clientkey.pem"] {
        let mode = std::fs::metadata(dir.path().join(key)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{key}");
    }
    let again = Pki::open(dir.path(), &[], NOW + Duration::days(30)).unwrap();
    assert_eq!(std::fs::read(again.server_cert()).unwrap(), before);
    assert_eq!(again.ca().pem(), pki.ca().pem());
}

#[test]
fn renewed_when_due_or_for_other_names() {
    let dir = tempfile::tempdir().unwrap();
    let pki = Pki::open(dir.path(), &[], NOW).unwrap();
    assert!(!pki.renew(&[], NOW).unwrap());
    assert!(pki.renew(&["drover.example".into(), "192.0.2.9".into()], NOW).unwrap());
    let names = Held::read(&pki.server_cert()).unwrap().names;
    for name in ["localhost", "127.0.0.1", "::1", "drover.example", "192.0.2.9"] {
        assert!(names.iter().any(|n| n == name), "{name} is not among {names:?}");
    }
    assert!(pki.renew(&["drover.example".into(), "192.0.2.9".into()], NOW + Duration::days(300)).unwrap());
}

#[test]
fn openssl_and_gnutls_accept_a_host_certificate() {
    let dir = tempfile::tempdir().unwrap();
    let now = SystemClock.now();
    let pki = Pki::open(&dir.path().join("pki"), &[], now).unwrap();
    let out = dir.path().join("node1");
    pki.write_host(&out, &pki.issue_host("node1.example", "192.0.2.11", now).unwrap()).unwrap();
    let (ca, cert) = (out.join("cacert.pem"), out.join("servercert.pem"));
    for purpose in ["sslserver", "sslclient"] {
        let args = ["verify", "-x509_strict", "-purpose", purpose, "-verify_ip", "192.0.2.11", "-CAfile"];
        let (ok, text) = run("openssl", &args, &[&ca, &cert]);
        assert!(ok, "{text}");
    }
    let (ok, text) = run(
        "certtool",
        &["--verify", "--verify-hostname", "node1.example", "--load-ca-certificate"],
        &[&ca, Path::new("--infile"), &cert],
    );
    assert!(ok && text.contains("Verified"), "{text}");
}

#[test]
fn foreign_expired_and_wrongly_named_ones_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    let now = SystemClock.now();
    let pki = Pki::open(&dir.path().join("pki"), &[], now).unwrap();
    let check = |issued: &Issued| {
        let out = dir.path().join("out");
        pki.write_host(&out, issued).unwrap();
        let args = ["verify", "-verify_hostname", "node1", "-CAfile"];
        run("openssl", &args, &[&out.join("cacert.pem"), &out.join("servercert.pem")])
    };
    let request = IssueRequest {
        name: "node1".into(),
        addresses: vec![],
        not_before: now - Duration::days(2),
        not_after: now + Duration::days(2),
        purpose: Purpose::Host,
    };
    assert!(check(&pki.ca().issue(&request).unwrap()).0);
    let expired = IssueRequest { not_after: now - Duration::days(1), ..request.clone() };
    assert!(check(&pki.ca().issue(&expired).unwrap()).1.contains("expired"));
    let wrong = IssueRequest { name: "node2".into(), ..request.clone() };
    assert!(check(&pki.ca().issue(&wrong).unwrap()).1.contains("hostname mismatch"));
    let foreign = Ca::create(request.not_before, request.not_after).unwrap();
    assert!(!check(&foreign.issue(&request).unwrap()).0);
}

#[test]
fn bad_names_and_half_authorities_are_told() {
    let dir = tempfile::tempdir().unwrap();
    let pki = Pki::open(dir.path(), &[], NOW).unwrap();
    for name in ["", "two words", "-x", "a..b", "a/b"] {
        assert!(matches!(pki.issue_host(name, "192.0.2.1", NOW), Err(PkiError::BadName(_))), "{name}");
    }
    std::fs::remove_file(dir.path().join("ca/cakey.pem")).unwrap();
    let text = Pki::open(dir.path(), &[], NOW).err().unwrap().to_string();
    assert!(text.contains("key is gone"), "{text}");
}
