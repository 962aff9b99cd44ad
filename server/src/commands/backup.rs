//! `drover backup` and `drover restore`, as the operator sees them.

use super::Failure;
use crate::{backup, config::Settings, engine::SystemClock};
use model::clock::Clock;
use std::path::Path;

pub async fn make(settings: &Settings, file: &Path) -> Result<(), Failure> {
    let manifest = backup::make(settings, file, SystemClock.now()).await?;
    println!("{}: {}", file.display(), words(&manifest));
    Ok(())
}

pub async fn restore(settings: &Settings, file: &Path, force: bool) -> Result<(), Failure> {
    let restored = backup::restore(settings, file, force).await?;
    println!("{} was restored: {}", settings.data.display(), words(&restored.manifest));
    if let Some(aside) = restored.aside {
        println!("What was there before lies in {}; remove it when all is well.", aside.display());
    }
    if let Some(path) = restored.configuration {
        println!("The configuration of then is {}; compare it with yours.", path.display());
    }
    println!("Start the server now. No other server may use the same hosts.");
    Ok(())
}

fn words(manifest: &backup::Manifest) -> String {
    let bytes: u64 = manifest.files.iter().map(|f| f.size).sum();
    format!(
        "made by Drover {} on {}, schema step {}, {} files, {} KiB",
        manifest.product,
        manifest.made.date(),
        manifest.schema,
        manifest.files.len(),
        bytes.div_ceil(1024)
    )
}
