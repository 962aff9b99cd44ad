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
    let mut pki = Pki::open(dir.path(), &[], NOW).unwrap();
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
    pki.write_host(&out, &pki.issue_host("node1.example", "192.0.2.11", now).unwrap(), now).unwrap();
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
        pki.write_host(&out, issued, now).unwrap();
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

/// A host with what it was last given, and how many days its operator lets pass between two certificates.
struct Machine {
    name: &'static str,
    dir: PathBuf,
    every: i64,
    given: OffsetDateTime,
}

impl Machine {
    /// As the command does it: a process of its own, beside the server.
    fn give(&mut self, pki: &Path, now: OffsetDateTime) {
        let pki = Pki::open(pki, &[], now).unwrap();
        let issued = pki.issue_host(self.name, "192.0.2.11", now).unwrap();
        pki.write_host(&self.dir, &issued, now).unwrap();
        self.given = now;
    }

    fn trust(&self) -> PathBuf {
        self.dir.join("cacert.pem")
    }

    fn cert(&self) -> PathBuf {
        self.dir.join("servercert.pem")
    }
}

fn accepted(cert: &Path, trust: &Path, purpose: &str, now: OffsetDateTime) {
    let at = now.unix_timestamp().to_string();
    let args = ["verify", "-x509_strict", "-attime", &at, "-purpose", purpose, "-CAfile"];
    let (ok, text) = run("openssl", &args, &[trust, cert]);
    assert!(ok, "{now}: {} by {}: {text}", cert.display(), trust.display());
}

/// libvirt refuses to work when any authority in its list has expired or is not valid yet.
fn authorities(trust: &Path, now: OffsetDateTime) -> usize {
    let text = std::fs::read_to_string(trust).unwrap();
    let blocks: Vec<&str> = text.split_inclusive("-----END CERTIFICATE-----\n").collect();
    for block in &blocks {
        let held = Held::parse(block.as_bytes()).unwrap();
        assert!(held.not_before <= now && now < held.not_after, "{now}: {}", trust.display());
    }
    blocks.len()
}

/// Twelve years with a look every ten days, longer than an authority lives. One host gets its certificate when it
/// is due, the other at the last moment; nobody does anything else. At every look everybody accepts everybody.
#[test]
fn ten_years_and_more_pass_without_anybody_being_refused() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().join("pki");
    let mut pki = Pki::open(&root, &[], NOW).unwrap();
    let first = pki.ca().pem().to_owned();
    let mut machines = [("node1", 264), ("node2", 390)].map(|(name, every)| Machine {
        name,
        dir: dir.path().join(name),
        every,
        given: NOW - Duration::days(1000),
    });
    let mut most = 0;
    for day in (0..12 * 365).step_by(10) {
        let now = NOW + Duration::days(day);
        pki.renew(&[], now).unwrap();
        for machine in &mut machines {
            if now - machine.given >= Duration::days(machine.every) {
                machine.give(&root, now);
            }
        }
        let (client, ours) = (root.join("client/clientcert.pem"), root.join("client/cacert.pem"));
        accepted(&pki.server_cert(), &ours, "sslserver", now);
        most = most.max(authorities(&ours, now));
        for (one, other) in [(0, 1), (1, 0)] {
            let (one, other) = (&machines[one], &machines[other]);
            accepted(&one.cert(), &ours, "sslserver", now);
            accepted(&client, &one.trust(), "sslclient", now);
            accepted(&other.cert(), &one.trust(), "sslclient", now);
            authorities(&one.trust(), now);
        }
    }
    assert_ne!(pki.ca().pem(), first, "the authority was never replaced");
    assert_eq!(most, 2, "there was no time when two authorities were trusted");
    assert!(!root.join("old").exists() && !root.join("ca.gone").exists());
}

/// No server ran for years. Near the end the next authority takes over at the last moment, and after the end at
/// once, because nothing accepts the old one any more.
#[test]
fn a_server_that_was_off_for_years_comes_back() {
    for (days, switches) in [(3500, false), (3640, true), (4000, true)] {
        let dir = tempfile::tempdir().unwrap();
        let first = Pki::open(dir.path(), &[], NOW).unwrap().ca().pem().to_owned();
        let now = NOW + Duration::days(days);
        let pki = Pki::open(dir.path(), &[], now).unwrap();
        assert_eq!(pki.ca().pem() != first, switches, "after {days} days");
        accepted(&pki.server_cert(), &dir.path().join("client/cacert.pem"), "sslserver", now);
    }
}

/// The power went in the middle of a switch: the next look finishes it, and nothing is issued by a lost key.
#[test]
fn a_switch_that_was_cut_short_is_finished() {
    let dir = tempfile::tempdir().unwrap();
    let now = NOW + Duration::days(2500);
    let pki = Pki::open(dir.path(), &[], NOW).unwrap();
    let old = pki.ca().pem().to_owned();
    Pki::open(dir.path(), &[], now).unwrap();
    let next = std::fs::read_to_string(dir.path().join("next/cacert.pem")).unwrap();
    std::fs::create_dir(dir.path().join("old")).unwrap();
    std::fs::write(dir.path().join("old/cacert.pem"), &old).unwrap();
    std::fs::rename(dir.path().join("ca"), dir.path().join("ca.gone")).unwrap();
    let pki = Pki::open(dir.path(), &[], now).unwrap();
    assert_eq!(pki.ca().pem(), next);
    assert!(!dir.path().join("ca.gone").exists() && !dir.path().join("next").exists());
    let trusted = std::fs::read_to_string(dir.path().join("client/cacert.pem")).unwrap();
    assert!(trusted.contains(&next) && trusted.contains(&old));
}

/// A key without its certificate would keep the next start from serving.
#[test]
fn what_cannot_be_written_leaves_the_old_pair_in_use() {
    let dir = tempfile::tempdir().unwrap();
    let pki = Pki::open(dir.path(), &[], NOW).unwrap();
    let before = (std::fs::read(pki.server_cert()).unwrap(), std::fs::read(pki.server_key()).unwrap());
    // Stands where the new certificate would be written.
    std::fs::create_dir(dir.path().join("server/cert.new")).unwrap();
    let due = NOW + Duration::days(300);
    let mut pki = Pki::open(dir.path(), &[], due).unwrap();
    assert!(matches!(pki.renew(&[], due), Err(PkiError::File { .. })));
    assert_eq!(before, (std::fs::read(pki.server_cert()).unwrap(), std::fs::read(pki.server_key()).unwrap()));
    let late = NOW + Duration::days(400);
    assert!(Pki::open(dir.path(), &[], late).is_err(), "an expired certificate is no use");
    std::fs::remove_dir(dir.path().join("server/cert.new")).unwrap();
    assert!(pki.renew(&[], due).unwrap());
}

#[test]
fn a_key_that_is_not_its_certificates_is_replaced() {
    let dir = tempfile::tempdir().unwrap();
    let mut pki = Pki::open(dir.path(), &[], NOW).unwrap();
    std::fs::copy(dir.path().join("client/clientkey.pem"), pki.server_key()).unwrap();
    assert!(pki.renew(&[], NOW).unwrap());
    assert!(!pki.renew(&[], NOW).unwrap());
}
