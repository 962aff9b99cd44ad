//! `drover pki`: certificates for hosts, and what is held. Works with the server running or not: everything
//! is in files, and issuing changes none of them.

use super::Failure;
use crate::engine::SystemClock;
use crate::{
    config::{PkiCommand, Settings},
    pki::{Pki, renew_at},
};
use model::clock::Clock;
use time::macros::format_description;

pub fn run(settings: &Settings, command: &PkiCommand) -> Result<(), Failure> {
    let now = SystemClock.now();
    let pki = Pki::open(&settings.pki_dir(), &settings.tls_names, now)?;
    match command {
        PkiCommand::Host { name, address, outdir } => {
            pki.write_host(outdir, &pki.issue_host(name, address, now)?)?;
            println!(
                "{}: cacert.pem, servercert.pem, serverkey.pem for {name} ({address})",
                outdir.display()
            );
        }
        PkiCommand::Show => show(&pki)?,
    }
    Ok(())
}

fn show(pki: &Pki) -> Result<(), Failure> {
    let day = format_description!("[year]-[month]-[day]");
    for (role, held) in pki.held()? {
        let ends = held.not_after.format(day)?;
        let renewed = renew_at(held.not_before, held.not_after).format(day)?;
        println!("{role:<10} {}", held.subject);
        println!("           ends {ends}, due from {renewed}");
        if !held.names.is_empty() {
            println!("           for {}", held.names.join(", "));
        }
    }
    println!("libvirt's pkipath: {}", pki.client_dir().display());
    Ok(())
}
