//! Log lines on standard error, as text for people or as JSON for collectors.

use crate::config::LogFormat;
use std::io::IsTerminal;
use tracing_subscriber::{EnvFilter, fmt};

/// Once per process. A filter that cannot be read is told, and `info` taken instead: a server that does not
/// start because of its log level helps nobody.
pub fn init(format: LogFormat, filter: &str) {
    let parsed = EnvFilter::try_new(filter);
    let wrong = parsed.as_ref().err().map(ToString::to_string);
    let filter = parsed.unwrap_or_else(|_| EnvFilter::new("info"));
    let builder = fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let done = match format {
        LogFormat::Text => builder.with_target(false).with_ansi(std::io::stderr().is_terminal()).try_init(),
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
    };
    if let Err(error) = done {
        eprintln!("logging is already set up: {error}");
    }
    if let Some(error) = wrong {
        tracing::warn!(%error, "the log filter is wrong; logging at info");
    }
}
