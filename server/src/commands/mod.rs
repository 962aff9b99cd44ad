//! What the binary can be told to do. Each command reads the settings, does its one job and returns; errors
//! are texts for the operator.

mod admin;
mod audit;
mod backup;
mod owner;
mod pki;
mod serve;

pub use serve::serve;

use crate::{
    config::{Cli, Command, Settings},
    lifecycle,
};

/// An error that `main` prints.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

pub async fn run(cli: Cli) -> Result<(), Failure> {
    let settings = Settings::load(&cli.settings)?;
    lifecycle::init_log(settings.log_format, &settings.log_filter);
    owner::check(&settings.data)?;
    match cli.command {
        Command::Serve(_) => serve(settings).await,
        Command::Admin(command) => admin::run(&settings, &command).await,
        Command::Audit(command) => audit::run(&settings, &command).await,
        Command::Pki(command) => pki::run(&settings, &command),
        Command::Backup { file } => backup::make(&settings, &file).await,
        Command::Restore { file, force } => backup::restore(&settings, &file, force).await,
    }
}
