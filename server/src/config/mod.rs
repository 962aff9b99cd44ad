//! What the operator may set, and where each value comes from: a flag beats an environment variable, that
//! beats the configuration file, that beats the default. `args` declares the command line (and so `--help`),
//! `file` the TOML file; this module merges them into one `Settings` in which nothing is optional that has
//! a default, so that the rest of the server asks no question twice.

mod args;
mod duration;
mod file;

pub use args::{AdminCommand, AuditCommand, Cli, Command, PkiCommand, ServeArgs, SettingArgs, UserCommand};
pub use duration::parse_duration;

use std::{
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    time::Duration,
};

/// Where the configuration file is looked for when nobody names one.
pub const DEFAULT_FILE: &str = "/etc/drover/drover.toml";
/// Where everything that Drover keeps lies unless told otherwise.
pub const DEFAULT_DATA: &str = "/var/lib/drover";
pub const DEFAULT_PORT: u16 = 8443;

#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("the configuration file {path} cannot be read: {cause}")]
    Unreadable { path: PathBuf, cause: std::io::Error },
    #[error("the configuration file {path} is wrong: {cause}")]
    Wrong { path: PathBuf, cause: Box<toml::de::Error> },
    #[error("{0}")]
    Invalid(String),
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// One readable line per event.
    Text,
    /// One JSON object per line, for log collectors.
    Json,
}

/// Every setting, decided.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The configuration file that was read, if there was one.
    pub file: Option<PathBuf>,
    /// Database, certificates, first password. Absolute.
    pub data: PathBuf,
    pub listen: SocketAddr,
    /// Serve without TLS, for use behind a proxy that has it.
    pub http: bool,
    /// Names and addresses that the server's certificate carries beyond the machine's own.
    pub tls_names: Vec<String>,
    /// Let hosts be reached over libvirt's unencrypted, unauthenticated TCP.
    pub lab_allow_tcp: bool,
    /// An external PostgreSQL; `None` means the built-in one.
    pub database_url: Option<String>,
    pub log_format: LogFormat,
    /// In the syntax of tracing's `EnvFilter`, such as `info,sqlx=warn`.
    pub log_filter: String,
    /// A session that is not used for this long ends.
    pub session_idle: Duration,
    /// A session ends this long after the sign-in, used or not.
    pub session_limit: Duration,
    /// Events older than so many days are removed.
    pub events_retention_days: u16,
    /// The address people type, without a slash at its end. `None`: whatever the browser says it asked for.
    pub public_url: Option<String>,
}

impl Settings {
    /// Merges the command line (which already holds the environment) with the file it names.
    pub fn load(args: &SettingArgs) -> Result<Settings, ConfigError> {
        let default = Path::new(DEFAULT_FILE).exists().then(|| DEFAULT_FILE.into());
        let path: Option<PathBuf> = args.config.clone().or(default);
        let file = path.as_deref().map_or_else(|| Ok(file::File::default()), file::File::read)?;
        let mut args = args.clone();
        // The name that PostgreSQL's own world uses; ours beats it.
        let common = std::env::var("DATABASE_URL").ok().filter(|url| !url.is_empty());
        args.database_url = args.database_url.or(common);
        Ok(Settings { file: path, ..Self::merge(args, file)? })
    }

    fn merge(args: SettingArgs, file: file::File) -> Result<Settings, ConfigError> {
        let tls_names = if args.tls_names.is_empty() { file.tls_names } else { args.tls_names };
        let settings = Settings {
            file: None,
            data: absolute(args.data.or(file.data).unwrap_or_else(|| DEFAULT_DATA.into()))?,
            listen: args
                .listen
                .or(file.listen)
                .unwrap_or(SocketAddr::new(Ipv4Addr::UNSPECIFIED.into(), DEFAULT_PORT)),
            http: args.http.or(file.http).unwrap_or(false),
            tls_names,
            lab_allow_tcp: args.lab_allow_tcp.or(file.lab_allow_tcp).unwrap_or(false),
            database_url: args.database_url.or(file.database_url),
            log_format: args.log_format.or(file.log_format).unwrap_or(LogFormat::Text),
            log_filter: args.log_filter.or(file.log_filter).unwrap_or_else(|| "info,sqlx=warn".into()),
            session_idle: args.session_idle.or(file.session_idle).unwrap_or(Duration::from_secs(30 * 60)),
            session_limit: args
                .session_limit
                .or(file.session_limit)
                .unwrap_or(Duration::from_secs(12 * 3600)),
            events_retention_days: args
                .events_retention_days
                .or(file.events_retention_days)
                .unwrap_or(control::app::EVENT_DAYS),
            public_url: args.public_url.or(file.public_url).map(|u| u.trim_end_matches('/').to_owned()),
        };
        settings.check()
    }

    fn check(self) -> Result<Settings, ConfigError> {
        if let Some(url) = &self.public_url
            && !(url.starts_with("https://") || url.starts_with("http://"))
        {
            return Err(ConfigError::Invalid(format!(
                "public-url must begin with https:// or http://, but is {url:?}"
            )));
        }
        if let Some(url) = &self.database_url
            && !(url.starts_with("postgres://") || url.starts_with("postgresql://"))
        {
            return Err(ConfigError::Invalid("database-url must begin with postgres://".into()));
        }
        if self.session_idle > self.session_limit {
            return Err(ConfigError::Invalid("session-idle must not be longer than session-limit".into()));
        }
        if self.events_retention_days == 0 {
            return Err(ConfigError::Invalid("events-retention-days must be at least 1".into()));
        }
        Ok(self)
    }

    /// The address to print for people: the public one, or one made of the listen address.
    pub fn url(&self) -> String {
        if let Some(url) = &self.public_url {
            return url.clone();
        }
        let scheme = if self.http { "http" } else { "https" };
        let host = match self.listen.ip() {
            ip if ip.is_unspecified() => "localhost".to_owned(),
            std::net::IpAddr::V6(ip) => format!("[{ip}]"),
            ip => ip.to_string(),
        };
        format!("{scheme}://{host}:{}", self.listen.port())
    }

    pub fn pki_dir(&self) -> PathBuf {
        self.data.join("pki")
    }
}

fn absolute(path: PathBuf) -> Result<PathBuf, ConfigError> {
    std::path::absolute(&path)
        .map_err(|e| ConfigError::Invalid(format!("the data directory {}: {e}", path.display())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    fn args(line: &[&str]) -> SettingArgs {
        Cli::try_parse_from(std::iter::once(&"drover").chain(line)).unwrap().settings
    }

    fn file(text: &str) -> file::File {
        file::File::parse(Path::new("test.toml"), text).unwrap()
    }

    #[test]
    fn defaults_stand_when_nothing_is_said() {
        let s = Settings::merge(args(&["serve"]), file("")).unwrap();
        assert_eq!(s.data, Path::new(DEFAULT_DATA));
        assert_eq!(s.listen.to_string(), "0.0.0.0:8443");
        assert_eq!(s.session_idle, Duration::from_secs(1800));
        assert_eq!(s.url(), "https://localhost:8443");
        assert!(!s.http && !s.lab_allow_tcp);
        assert_eq!(s.events_retention_days, 30);
    }

    #[test]
    fn the_file_beats_defaults_and_flags_beat_the_file() {
        let text = "listen = '127.0.0.1:9000'\nhttp = true\nsession_idle = '5m'\ntls_names = ['a.example']";
        let s = Settings::merge(args(&["serve"]), file(text)).unwrap();
        assert_eq!((s.listen.port(), s.http, s.session_idle.as_secs()), (9000, true, 300));
        let s = Settings::merge(
            args(&["serve", "--listen", "[::1]:9001", "--http=false", "--tls-name", "b.example"]),
            file(text),
        )
        .unwrap();
        assert_eq!((s.listen.port(), s.http, s.tls_names), (9001, false, vec!["b.example".to_owned()]));
    }

    #[test]
    fn contradictions_are_told() {
        let err = Settings::merge(args(&["serve", "--public-url", "drover.example"]), file("")).unwrap_err();
        assert!(err.to_string().contains("https://"), "{err}");
        assert!(Settings::merge(args(&["serve"]), file("events_retention_days = 0")).is_err());
        let err = Settings::merge(args(&["serve", "--session-idle", "13h"]), file("")).unwrap_err();
        assert!(err.to_string().contains("session-idle"), "{err}");
    }
}
