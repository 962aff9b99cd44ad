//! Directories: where users and groups come from that Drover does not keep itself, and who may be taken out of it.
//! What is in a directory is asked by the crate `directory`; here is what a person says of one, and the rules.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::provider::ProviderConfig;
use crate::user::INTERNAL;
use crate::vm::words;
use crate::{DirectoryId, Fault, FieldErrors, Refusal, Text, field};

words! {
    /// How a directory names things: which attributes and classes stand for users and groups.
    Schema {
        OpenLdap = "openldap", Rfc2307 = "rfc2307", ActiveDirectory = "active-directory", FreeIpa = "freeipa",
    }
}

words! {
    /// How what is said to a directory is kept from others.
    Security { Ldaps = "ldaps", StartTls = "starttls", Plain = "plain" }
}

impl Security {
    /// Where a server listens for it, unless told otherwise.
    pub fn port(self) -> u16 {
        if self == Security::Ldaps { 636 } else { 389 }
    }
}

const MOST_SERVERS: usize = 8;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DirectoryConfig {
    /// What stands behind the @ of its users.
    pub name: String,
    pub schema: Schema,
    /// `host` or `host:port`, in the order in which they are asked.
    pub servers: Vec<String>,
    pub security: Security,
    /// PEM; empty for the authorities that the machine trusts.
    pub ca: String,
    pub base_dn: String,
    /// As whom Drover looks; empty for nobody.
    pub bind_dn: String,
}

impl DirectoryConfig {
    pub fn errors(&self) -> FieldErrors {
        let mut e = FieldErrors::default();
        directory_name(&mut e, &self.name);
        e.check("servers", self.servers());
        e.check("ca", ca(&self.ca));
        e.check("base_dn", dn(&self.base_dn, true));
        e.check("bind_dn", dn(&self.bind_dn, false));
        e
    }

    fn servers(&self) -> Result<(), Text> {
        if self.servers.is_empty() {
            return Err(Text::new("field-required"));
        }
        if self.servers.len() > MOST_SERVERS {
            return Err(Text::new("field-too-many").with("max", MOST_SERVERS));
        }
        self.servers.iter().try_for_each(|server| server_address(server, self.security).map(drop))
    }
}

/// Host and port of a server as it was written.
pub fn server_address(text: &str, security: Security) -> Result<(String, u16), Text> {
    let (host, port) = match text.rsplit_once(':') {
        // More than one colon is an address of IPv6.
        Some((host, port)) if !host.contains(':') => {
            (host, port.parse().ok().filter(|port| *port > 0).ok_or_else(|| Text::new("field-server-port"))?)
        }
        _ => (text, security.port()),
    };
    field::address(host)?;
    Ok((host.to_owned(), port))
}

/// What stands behind the @ of its users.
pub(crate) fn directory_name(e: &mut FieldErrors, name: &str) {
    e.check("name", field::name(name, 255));
    if name.eq_ignore_ascii_case(INTERNAL) {
        e.add("name", Text::new("field-directory-internal"));
    }
}

pub(crate) fn ca(pem: &str) -> Result<(), Text> {
    field::free_text(pem, 100_000)?;
    if pem.trim().is_empty() || pem.contains("-----BEGIN CERTIFICATE-----") {
        Ok(())
    } else {
        Err(Text::new("field-ca-pem"))
    }
}

/// A distinguished name, or what Active Directory takes for one: `reader@example.org`.
fn dn(value: &str, required: bool) -> Result<(), Text> {
    field::line(value, 1000)?;
    match value {
        "" if required => Err(Text::new("field-required")),
        "" => Ok(()),
        _ if value.contains('=') || (!required && value.contains(['@', '\\'])) => Ok(()),
        _ => Err(Text::new("field-dn")),
    }
}

/// A change of a directory; no password leaves the one that there is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EditDirectory {
    pub version: i64,
    pub config: DirectoryConfig,
    pub password: Option<String>,
}

/// What is said of one: how it is asked with names and passwords, or where it lets its people sign in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Means {
    Ldap(DirectoryConfig),
    OpenId(ProviderConfig),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DirectoryRow {
    pub id: DirectoryId,
    pub version: i64,
    pub name: String,
    pub config: Means,
    pub has_password: bool,
    /// Added from it.
    pub users: u32,
    pub groups: u32,
    /// When who is in which group was last read anew.
    #[serde(with = "time::serde::rfc3339::option")]
    pub read_at: Option<OffsetDateTime>,
    /// Why it could not be read.
    pub trouble: Option<Text>,
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
}

impl DirectoryRow {
    pub fn ldap(&self) -> Option<&DirectoryConfig> {
        match &self.config {
            Means::Ldap(config) => Some(config),
            Means::OpenId(_) => None,
        }
    }

    pub fn openid(&self) -> Option<&ProviderConfig> {
        match &self.config {
            Means::OpenId(config) => Some(config),
            Means::Ldap(_) => None,
        }
    }
}

/// Somebody, or a group, as a directory has them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    pub group: bool,
    /// What the directory calls them for ever, whatever their name becomes.
    pub id: String,
    pub name: String,
    pub dn: String,
    pub full_name: String,
    pub mail: String,
}

/// What a look into a directory found, and which of it is here already.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    pub found: Vec<Found>,
    /// The directory's ids of those that were added before.
    pub added: Vec<String>,
    /// There is more than is shown.
    pub more: bool,
}

words! {
    /// What a test of a directory tries, one after the other.
    Step {
        Resolve = "resolve", Connect = "connect", Tls = "tls", Bind = "bind", Base = "base", Users = "users",
        Groups = "groups", Discovery = "discovery", Keys = "keys", Pkce = "pkce",
    }
}

/// What became of a step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StepOutcome {
    pub step: Step,
    pub fine: bool,
    pub text: Text,
}

/// `ada@example.org` → `ada`, `example.org`. Without a directory it is Drover's own.
pub fn principal(text: &str) -> (&str, &str) {
    let text = text.trim();
    text.rsplit_once('@').map_or((text, INTERNAL), |(name, directory)| (name, directory))
}

/// A name with its directory, which is the internal one where none is said.
pub fn whole_name(text: &str) -> String {
    let (name, directory) = principal(text);
    format!("{name}@{directory}")
}

/// What speaks against taking somebody, or a group, out of Drover.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leaving {
    /// It is who asks.
    pub oneself: bool,
    /// People who would still be super users of everything.
    pub super_users_left: u64,
}

pub fn may_leave(leaving: Leaving) -> Result<(), Refusal> {
    if leaving.oneself {
        return Err(Refusal::new("refusal-remove-oneself"));
    }
    if leaving.super_users_left == 0 {
        return Err(Refusal::new("refusal-last-super-user"));
    }
    Ok(())
}

/// A password is set here only where it is kept here.
pub fn keeps_password(domain: &str) -> Result<(), Fault> {
    if domain == INTERNAL {
        Ok(())
    } else {
        Err(Refusal::new("refusal-password-directory").with("directory", domain).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config() -> DirectoryConfig {
        DirectoryConfig {
            name: "example.org".into(),
            schema: Schema::OpenLdap,
            servers: vec!["ldap1.example.org".into(), "10.0.0.2:1636".into()],
            security: Security::Ldaps,
            ca: String::new(),
            base_dn: "dc=example,dc=org".into(),
            bind_dn: String::new(),
        }
    }

    #[test]
    fn what_is_wrong_with_a_directory() {
        type Change = fn(&mut DirectoryConfig);
        let cases: [(Change, &str); 13] = [
            (|_| {}, ""),
            (|c| c.name = String::new(), "name"),
            (|c| c.name = "Internal".into(), "name"),
            (|c| c.name = "a b".into(), "name"),
            (|c| c.servers.clear(), "servers"),
            (|c| c.servers = vec!["a/b".into()], "servers"),
            (|c| c.servers = vec!["a:0".into()], "servers"),
            (|c| c.servers = vec!["a:70000".into()], "servers"),
            (|c| c.servers = vec!["a".into(); 9], "servers"),
            (|c| c.ca = "certificate".into(), "ca"),
            (|c| c.base_dn = String::new(), "base_dn"),
            (|c| c.base_dn = "example.org".into(), "base_dn"),
            (|c| c.bind_dn = "reader".into(), "bind_dn"),
        ];
        for (n, (change, wrong)) in cases.into_iter().enumerate() {
            let mut config = config();
            change(&mut config);
            let fields: Vec<_> = config.errors().0.into_iter().map(|(field, _)| field).collect();
            assert_eq!(fields.join(","), wrong, "case {n}");
        }
    }

    #[test]
    fn servers_have_ports() {
        for (text, security, host, port) in [
            ("a", Security::Ldaps, "a", 636),
            ("a", Security::StartTls, "a", 389),
            ("a:1", Security::Plain, "a", 1),
            ("fe80::1", Security::Plain, "fe80::1", 389),
        ] {
            assert_eq!(server_address(text, security), Ok((host.to_owned(), port)), "{text}");
        }
    }

    #[test]
    fn principals() {
        for (text, name, directory) in [
            ("ada", "ada", "internal"),
            (" ada@internal ", "ada", "internal"),
            ("ada@example.org", "ada", "example.org"),
            ("ada@x@example.org", "ada@x", "example.org"),
            ("", "", "internal"),
        ] {
            assert_eq!(principal(text), (name, directory), "{text}");
            assert_eq!(whole_name(text), format!("{name}@{directory}"));
        }
    }

    #[test]
    fn who_may_be_taken_out() {
        for (oneself, super_users_left, why) in [
            (false, 1, None),
            (false, 0, Some("refusal-last-super-user")),
            (true, 5, Some("refusal-remove-oneself")),
        ] {
            let told = may_leave(Leaving { oneself, super_users_left }).err().map(|r| r.text.key);
            assert_eq!(told.as_deref(), why);
        }
        assert!(keeps_password("internal").is_ok() && keeps_password("example.org").is_err());
    }
}
