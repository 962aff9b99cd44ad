//! The server on simulated hosts, as the benchmarks of scale start it; see `server::sim`.

use clap::Parser;
use server::{commands, config::Cli};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    commands::run(Cli::parse()).await
}
