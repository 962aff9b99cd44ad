//! Which PostgreSQL programs are used. New data gets the newest installed version; existing data only the one
//! that made it, because another major version cannot read it.

use super::PostgresError;
use std::path::{Path, PathBuf};

/// The oldest major version whose SQL Drover's queries are checked against.
const OLDEST: u32 = 15;

/// The programs of one major version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Install {
    pub major: u32,
    pub bin: PathBuf,
}

/// All installed versions that Drover can use, oldest first. Debian's layout, then the PGDG RPMs'.
pub fn installed() -> Vec<Install> {
    let debian = list("/usr/lib/postgresql").into_iter().map(|(n, p)| (n, p.join("bin")));
    let rpm = list("/usr")
        .into_iter()
        .filter_map(|(n, p)| Some((n.strip_prefix("pgsql-")?.to_owned(), p.join("bin"))));
    let mut found: Vec<Install> = debian
        .chain(rpm)
        .filter_map(|(name, bin)| Some(Install { major: name.parse().ok()?, bin }))
        .filter(|i| i.major >= OLDEST && i.bin.join("postgres").is_file() && i.bin.join("initdb").is_file())
        .collect();
    found.sort_by_key(|i| i.major);
    found
}

fn list(dir: &str) -> Vec<(String, PathBuf)> {
    let entries = std::fs::read_dir(dir).into_iter().flatten().flatten();
    entries.map(|e| (e.file_name().to_string_lossy().into_owned(), e.path())).collect()
}

/// Chooses among `installed` for the cluster, which need not exist yet.
pub fn choose(cluster: &Path, installed: &[Install]) -> Result<Install, PostgresError> {
    let newest = installed.last().ok_or_else(|| PostgresError::NotInstalled {
        looked: "/usr/lib/postgresql/*/bin, /usr/pgsql-*/bin".into(),
    })?;
    let Some(made) = version_of(cluster)? else { return Ok(newest.clone()) };
    if let Some(same) = installed.iter().find(|i| i.major == made) {
        return Ok(same.clone());
    }
    let found = installed.iter().map(|i| i.major.to_string()).collect::<Vec<_>>().join(", ");
    Err(PostgresError::OtherVersion {
        data: cluster.to_owned(),
        made,
        found,
        newest: newest.major,
        command: upgrade_command(cluster, made, newest),
    })
}

fn version_of(cluster: &Path) -> Result<Option<u32>, PostgresError> {
    let file = cluster.join("PG_VERSION");
    match std::fs::read_to_string(&file) {
        Ok(text) => text.trim().parse().map(Some).map_err(|_| {
            PostgresError::io("reading", &file)(std::io::Error::other(format!("{text:?} is not a version")))
        }),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(e) => Err(PostgresError::io("reading", &file)(e)),
    }
}

fn upgrade_command(cluster: &Path, made: u32, newest: &Install) -> String {
    let (old, new) = (cluster.display(), newest.bin.display());
    let old_bin = newest.bin.to_string_lossy().replace(&newest.major.to_string(), &made.to_string());
    format!(
        "{new}/initdb -D {old}.new -U {name} -A trust -E UTF8 --locale=C.UTF-8 --data-checksums\n  \
         {new}/pg_upgrade -U {name} -b {old_bin} -B {new} -d {old} -D {old}.new\n  \
         mv {old} {old}.{made} && mv {old}.new {old}",
        name = super::NAME,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn install(major: u32) -> Install {
        Install { major, bin: format!("/usr/lib/postgresql/{major}/bin").into() }
    }

    #[test]
    fn new_data_gets_the_newest_and_old_data_its_own() {
        let dir = tempfile::tempdir().unwrap();
        let have = [install(15), install(17)];
        assert_eq!(choose(dir.path(), &have).unwrap().major, 17);
        std::fs::write(dir.path().join("PG_VERSION"), "15\n").unwrap();
        assert_eq!(choose(dir.path(), &have).unwrap().major, 15);
    }

    #[test]
    fn data_of_a_missing_version_is_refused_with_the_commands() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("PG_VERSION"), "16\n").unwrap();
        let text = choose(dir.path(), &[install(15), install(17)]).unwrap_err().to_string();
        assert!(text.contains("made by PostgreSQL 16") && text.contains("15, 17"), "{text}");
        assert!(text.contains("pg_upgrade") && text.contains("/usr/lib/postgresql/16/bin"), "{text}");
    }

    #[test]
    fn nothing_installed_says_what_to_install() {
        let text = choose(Path::new("/nowhere"), &[]).unwrap_err().to_string();
        assert!(text.contains("apt-get install postgresql"), "{text}");
    }
}
