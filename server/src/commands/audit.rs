//! `drover audit`: whether the chain is whole, and its newest rows.

use control::App;
use control::audit::{self, Broken, Flaw};
use store::audit::Entry;
use time::format_description::well_known::Rfc3339;

use super::Failure;
use super::admin::Opened;
use crate::config::{AuditCommand, Settings};

pub async fn run(settings: &Settings, command: &AuditCommand) -> Result<(), Failure> {
    let opened = Opened::new(settings).await?;
    let done = match command {
        AuditCommand::Verify { noted } => verify(&opened.app, noted.as_deref()).await,
        AuditCommand::Show { last } => show(&opened.app, *last).await,
    };
    opened.close().await?;
    done
}

async fn verify(app: &App, noted: Option<&str>) -> Result<(), Failure> {
    let noted = noted.map(number_and_hash).transpose()?;
    let verdict = audit::verify(app, noted).await?;
    if let Some(Broken { seq, what }) = verdict.broken {
        let words = match what {
            Flaw::Missing => "is missing",
            Flaw::Changed => "was changed, or the row before it was",
            Flaw::NotTheNoted => "is not the one that was noted",
        };
        return Err(format!("the audit is not whole: row {seq} {words}").into());
    }
    println!("the audit is whole: {}:{}", verdict.rows, verdict.head);
    Ok(())
}

fn number_and_hash(noted: &str) -> Result<(i64, &str), Failure> {
    let parts = noted.split_once(':').and_then(|(seq, hash)| Some((seq.parse().ok()?, hash)));
    parts.ok_or_else(|| "write what an earlier run printed, as NUMBER:HASH".into())
}

async fn show(app: &App, last: u32) -> Result<(), Failure> {
    for row in audit::newest(app, last).await? {
        println!("{}", line(&row)?);
    }
    Ok(())
}

fn line(row: &Entry) -> Result<String, Failure> {
    let object = match (&row.object_kind, row.object_id) {
        (Some(kind), Some(id)) => format!("{kind}/{id} {}", row.object_name.as_deref().unwrap_or_default()),
        _ => String::new(),
    };
    let words = [
        row.seq.to_string(),
        row.at.format(&Rfc3339)?,
        row.actor.clone(),
        row.address.clone(),
        row.action.clone(),
        object,
        row.outcome.clone(),
        row.correlation.clone(),
        row.message.clone(),
    ];
    // A name may hold anything; a row is a line.
    Ok(words.map(|word| word.replace(['\t', '\n', '\r'], " ")).join("\t"))
}
