//! The configuration file: TOML, the same names as the flags with `_` for `-`. An unknown name is an error
//! that shows its line, because a misspelt setting that is silently ignored costs an afternoon.

use super::{ConfigError, LogFormat, duration};
use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};

#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct File {
    pub data: Option<PathBuf>,
    pub listen: Option<SocketAddr>,
    pub http: Option<bool>,
    pub tls_names: Vec<String>,
    pub lab_allow_tcp: Option<bool>,
    pub database_url: Option<String>,
    pub log_format: Option<LogFormat>,
    pub log_filter: Option<String>,
    #[serde(deserialize_with = "duration::deserialize")]
    pub session_idle: Option<Duration>,
    #[serde(deserialize_with = "duration::deserialize")]
    pub session_limit: Option<Duration>,
    pub public_url: Option<String>,
    pub events_retention_days: Option<u16>,
}

impl File {
    pub fn read(path: &Path) -> Result<File, ConfigError> {
        let text = std::fs::read_to_string(path)
            .map_err(|cause| ConfigError::Unreadable { path: path.to_owned(), cause })?;
        Self::parse(path, &text)
    }

    pub fn parse(path: &Path, text: &str) -> Result<File, ConfigError> {
        toml::from_str(text)
            .map_err(|cause| ConfigError::Wrong { path: path.to_owned(), cause: Box::new(cause) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_name_is_told_with_its_line() {
        let err =
            File::parse(Path::new("x.toml"), "http = true\nlistn = '1.2.3.4:1'").unwrap_err().to_string();
        assert!(err.contains("x.toml") && err.contains("listn") && err.contains("line 2"), "{err}");
    }

    /// The package's file says nothing as it is, and every setting when its comments are taken away.
    #[test]
    fn the_packaged_file_has_every_setting_commented() {
        let text = include_str!("../../debian/drover.toml");
        assert!(toml::from_str::<toml::Table>(text).unwrap().is_empty());
        let setting = |line: &&str| line.starts_with('#') && !line.starts_with("# ");
        let set: Vec<&str> = text.lines().filter(setting).map(|line| &line[1..]).collect();
        let set = set.join("\n");
        File::parse(Path::new("drover.toml"), &set).unwrap();
        let shown: std::collections::BTreeSet<String> =
            toml::from_str::<toml::Table>(&set).unwrap().keys().cloned().collect();
        // An unknown name's error lists the known ones.
        let known = File::parse(Path::new("x"), "unknown = 1").unwrap_err().to_string();
        let known = known.split("expected one of").nth(1).unwrap().split('`').skip(1).step_by(2);
        assert_eq!(shown, known.map(str::to_owned).collect());
    }

    #[test]
    fn a_wrong_duration_says_how_to_write_one() {
        let err = File::parse(Path::new("x.toml"), "session_idle = '30'").unwrap_err().to_string();
        assert!(err.contains("such as 30m"), "{err}");
    }
}
