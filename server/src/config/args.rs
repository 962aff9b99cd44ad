//! The command line. Every setting is optional here, because its default is decided after the file is read;
//! the help text therefore states the default itself.

use super::{LogFormat, parse_duration};
use clap::{Args, Parser, Subcommand};
use std::{net::SocketAddr, path::PathBuf, time::Duration};

const EXAMPLES: &str = "\
Examples:
  drover serve                              the product: portals, API and database, on https://<this machine>:8443
  drover serve --data ./data --listen 127.0.0.1:8443
  drover serve --http --listen 127.0.0.1:8080 --public-url https://drover.example.org
                                            behind a proxy that does TLS
  drover admin user add ada@internal        asks for a password and makes the user
  drover admin user grant ada@internal SuperUser
  drover pki host node1 192.0.2.11 ./node1  certificates for libvirtd on the host node1
  drover backup /srv/backups/monday.drover  everything that cannot be made anew, in one file

A setting is looked for in this order: flag, environment variable, configuration file, default.
The configuration file is TOML with the flags' names, _ for -:
  data = \"/srv/drover\"
  listen = \"0.0.0.0:8443\"
  tls_names = [\"drover.example.org\", \"192.0.2.10\"]
  session_idle = \"30m\"

The first administrator is admin@internal; its first password is in <data>/initial-admin-password.";

/// Drover manages KVM hosts and the virtual machines on them.
#[derive(Debug, Parser)]
#[command(name = "drover", version, after_help = EXAMPLES, max_term_width = 110)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
    #[command(flatten)]
    pub settings: SettingArgs,
}

#[derive(Debug, Clone, Subcommand)]
pub enum Command {
    /// Run the server until SIGINT (Ctrl-C) or SIGTERM.
    Serve(ServeArgs),
    /// Work on the data of this machine's server, whether it runs or not.
    #[command(subcommand)]
    Admin(AdminCommand),
    /// What people did and were refused, as a chain that shows whether somebody changed it.
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Certificates for libvirt hosts, from Drover's own certificate authority.
    #[command(subcommand)]
    Pki(PkiCommand),
    /// Write the database, the certificates and the secrets to one file, beside a running server or without one.
    ///
    /// The file holds every secret of this installation; it is made readable by its owner only.
    Backup {
        /// Must not exist; appears only when it is whole.
        file: PathBuf,
    },
    /// Make the data directory of a backup, while no server uses it.
    ///
    /// The backup is checked first, and nothing changes before all of it is there. With --database-url the
    /// database goes there, which must be empty.
    Restore {
        /// What `drover backup` wrote.
        file: PathBuf,
        /// Also when the data directory is not empty: what is there is set aside in it, never removed.
        #[arg(long)]
        force: bool,
    },
}

#[derive(Debug, Clone, Default, Args)]
pub struct ServeArgs {}

#[derive(Debug, Clone, Subcommand)]
pub enum AdminCommand {
    /// Users, their passwords and their roles.
    #[command(subcommand)]
    User(UserCommand),
    /// Bring data centers, clusters, hosts, storage, networks and templates to what FILE (TOML) describes.
    ///
    /// What is missing is made, what exists is left; running it twice changes nothing.
    Apply {
        /// The description of the estate; - reads standard input.
        file: PathBuf,
    },
}

#[derive(Debug, Clone, Subcommand)]
pub enum UserCommand {
    /// Make a user. The password is asked for on the terminal, or read as one line from standard input.
    Add {
        /// Name and domain, such as ada@internal.
        name: String,
    },
    /// Set a user's password, and end all of its sessions.
    Password {
        /// Name and domain, such as ada@internal.
        name: String,
        /// Make the user choose another one at the next sign-in.
        #[arg(long)]
        must_change: bool,
    },
    /// Give a user or a group a role, on everything or on one object.
    Grant {
        /// Name and directory, such as ada@internal or operators@example.org.
        name: String,
        /// Such as SuperUser or UserVmManager.
        role: String,
        /// The object the role holds on, as kind/name: vm/web1, cluster/Lab. Default: everything.
        #[arg(long, value_name = "KIND/NAME")]
        on: Option<String>,
    },
    /// Let a user sign in again who was locked out after too many wrong passwords.
    Unlock {
        /// Name and directory, such as ada@internal or ada@example.org.
        name: String,
    },
    /// Take a user's second factor away, and end all of its sessions.
    ResetSecondFactor {
        /// Name and directory, such as ada@internal or ada@example.org.
        name: String,
    },
    /// Remove a user or a group with all permissions; the last one who may do everything stays.
    Remove {
        /// Name and directory, such as ada@internal or operators@example.org.
        name: String,
    },
    /// All users with their roles.
    List,
}

#[derive(Debug, Clone, Subcommand)]
pub enum AuditCommand {
    /// Walk the chain from its beginning; names the first row that was changed, taken out or put in.
    ///
    /// Prints the number and the hash of the newest row. Kept elsewhere and given the next time, they show whether
    /// rows were cut off at the end.
    Verify {
        /// What an earlier run printed, as NUMBER:HASH.
        #[arg(value_name = "NUMBER:HASH")]
        noted: Option<String>,
    },
    /// Print the newest rows, one a line: number, time, who, from where, what, on what, how it ended, request, words.
    Show {
        /// How many.
        #[arg(long, default_value_t = 100)]
        last: u32,
    },
}

#[derive(Debug, Clone, Subcommand)]
pub enum PkiCommand {
    /// Issue a host's certificate: writes cacert.pem, servercert.pem and serverkey.pem to OUTDIR.
    ///
    /// On the host they belong in /etc/pki/CA/cacert.pem, /etc/pki/libvirt/servercert.pem and
    /// /etc/pki/libvirt/private/serverkey.pem.
    Host {
        /// The host's DNS name.
        name: String,
        /// The address (IP or DNS name) that Drover reaches it by.
        address: String,
        /// Made if missing; files of these names in it are replaced.
        outdir: PathBuf,
    },
    /// Show every certificate, those given to hosts too: when it ends and when it is renewed.
    #[command(visible_alias = "show")]
    Status,
}

#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Settings")]
pub struct SettingArgs {
    /// Configuration file [default: /etc/drover/drover.toml, if it exists]
    #[arg(long, global = true, value_name = "FILE", env = "DROVER_CONFIG")]
    pub config: Option<PathBuf>,

    /// Directory for the database, certificates and the first password [default: /var/lib/drover]
    #[arg(long, global = true, value_name = "DIR", env = "DROVER_DATA")]
    pub data: Option<PathBuf>,

    /// Address and port to serve on [default: 0.0.0.0:8443]
    #[arg(long, global = true, value_name = "IP:PORT", env = "DROVER_LISTEN")]
    pub listen: Option<SocketAddr>,

    /// Serve without TLS; only behind a proxy that adds it [default: false]
    #[arg(long, global = true, env = "DROVER_HTTP", num_args = 0..=1, require_equals = true,
        default_missing_value = "true", value_name = "BOOL")]
    pub http: Option<bool>,

    /// A further name or address for the server's certificate; may be repeated, or separated by commas
    /// [default: localhost, this machine's name, 127.0.0.1 and ::1 are always in it]
    #[arg(
        long = "tls-name",
        global = true,
        value_name = "NAME",
        env = "DROVER_TLS_NAMES",
        value_delimiter = ','
    )]
    pub tls_names: Vec<String>,

    /// Allow hosts over libvirt's TCP transport, which is neither encrypted nor authenticated: for a lab
    /// only [default: false]
    #[arg(long, global = true, env = "DROVER_LAB_ALLOW_TCP", num_args = 0..=1, require_equals = true,
        default_missing_value = "true", value_name = "BOOL")]
    pub lab_allow_tcp: Option<bool>,

    /// Use this PostgreSQL (15 or later), postgres://user:password@host/database. DATABASE_URL is read too
    /// [default: a private PostgreSQL under the data directory]
    #[arg(long, global = true, value_name = "URL", env = "DROVER_DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<String>,

    /// How log lines look [default: text]
    #[arg(long, global = true, value_enum, env = "DROVER_LOG_FORMAT", value_name = "FORMAT")]
    pub log_format: Option<LogFormat>,

    /// What is logged: a level, and levels by module, such as info,control=debug [default: info,sqlx=warn]
    #[arg(long, global = true, value_name = "FILTER", env = "DROVER_LOG")]
    pub log_filter: Option<String>,

    /// A sign-in ends after this time without use; a number and s, m, h or d [default: 30m]
    #[arg(long, global = true, value_name = "TIME", env = "DROVER_SESSION_IDLE", value_parser = parse_duration)]
    pub session_idle: Option<Duration>,

    /// A sign-in ends after this time in any case [default: 12h]
    #[arg(long, global = true, value_name = "TIME", env = "DROVER_SESSION_LIMIT", value_parser = parse_duration)]
    pub session_limit: Option<Duration>,

    /// Events older than so many days are removed [default: 30]
    #[arg(long, global = true, value_name = "DAYS", env = "DROVER_EVENTS_RETENTION_DAYS",
        value_parser = clap::value_parser!(u16).range(1..))]
    pub events_retention_days: Option<u16>,

    /// The URL that people type, when a proxy makes it differ from what the server sees
    /// [default: what the browser asked for]
    #[arg(long, global = true, value_name = "URL", env = "DROVER_PUBLIC_URL")]
    pub public_url: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_declaration_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn help_names_every_variable_and_default() {
        let help = Cli::command().render_long_help().to_string();
        for word in
            ["DROVER_DATA", "DROVER_LISTEN", "[default: 30m]", "0.0.0.0:8443", "initial-admin-password"]
        {
            assert!(help.contains(word), "{word} is missing from --help");
        }
    }

    #[test]
    fn settings_may_follow_the_subcommand() {
        let cli = Cli::try_parse_from(["drover", "pki", "status", "--data", "/x"]).unwrap();
        assert_eq!(cli.settings.data, Some("/x".into()));
    }
}
