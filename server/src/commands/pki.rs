//! `drover pki`: certificates for hosts, and what is held. Works with the server running or not: everything
//! is in files.

use super::Failure;
use crate::engine::SystemClock;
use crate::{
    config::{PkiCommand, Settings},
    pki::{Kept, LEAF_LIFE, Pki, Role, prepare_at, renew_at},
};
use model::clock::Clock;
use std::path::Path;
use time::OffsetDateTime;

pub fn run(settings: &Settings, command: &PkiCommand) -> Result<(), Failure> {
    let now = SystemClock.now();
    let pki = Pki::open(&settings.pki_dir(), &settings.tls_names, now)?;
    match command {
        PkiCommand::Host { name, address, outdir } => host(&pki, name, address, outdir, now)?,
        PkiCommand::Status => status(&pki, now)?,
    }
    Ok(())
}

fn host(pki: &Pki, name: &str, address: &str, out: &Path, now: OffsetDateTime) -> Result<(), Failure> {
    let issued = pki.issue_host(name, address, now)?;
    pki.write_host(out, &issued, now)?;
    pki.note_host(name, &issued)?;
    println!("{}: cacert.pem, servercert.pem, serverkey.pem for {name} ({address})", out.display());
    let due = renew_at(now, issued.not_after).date();
    println!(
        "It ends on {}. Issue a new one from {due} on; drover pki status tells.",
        issued.not_after.date()
    );
    Ok(())
}

fn status(pki: &Pki, now: OffsetDateTime) -> Result<(), Failure> {
    for kept in pki.held()? {
        let (role, note) = words(&kept, now);
        let left = (kept.held.not_after - now).whole_days();
        let end = kept.held.not_after.date();
        println!("{role:<15} {}", kept.held.subject);
        match left {
            ..0 => println!("{:15} ended on {end}; {note}", ""),
            _ => println!("{:15} ends on {end}, in {left} days; {note}", ""),
        }
        if !kept.held.names.is_empty() {
            println!("{:15} for {}", "", kept.held.names.join(", "));
        }
    }
    println!("libvirt's pkipath: {}", pki.client_dir().display());
    Ok(())
}

/// The role's name, and what happens when.
fn words(kept: &Kept, now: OffsetDateTime) -> (&'static str, String) {
    let due = renew_at(kept.held.not_before, kept.held.not_after).date();
    let by_itself = format!("renewed by itself from {due} on");
    match kept.role {
        Role::Authority => {
            ("authority", format!("the next one is made from {} on", prepare_at(kept.held.not_after).date()))
        }
        Role::NextAuthority => ("next authority", "trusted already, issues later".to_owned()),
        Role::OldAuthority if kept.held.not_after > now + LEAF_LIFE => {
            ("old authority", "still trusted, issues no more".to_owned())
        }
        Role::OldAuthority => ("old authority", "no longer given to hosts".to_owned()),
        Role::Server => ("server", by_itself),
        Role::Client => ("client", by_itself),
        Role::Host if due <= now.date() => ("host", "ISSUE A NEW ONE NOW with drover pki host".to_owned()),
        Role::Host => ("host", format!("issue a new one from {due} on")),
    }
}
