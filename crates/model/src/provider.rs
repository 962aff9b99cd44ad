//! OpenID Connect providers: directories whose people sign in over there. What is said to one is the crate `openid`'s
//! business; here is what a person says of one, and the rules.

use serde::{Deserialize, Serialize};

use crate::directory::{ca, directory_name};
use crate::{FieldErrors, Text, field};

const MOST_SCOPES: usize = 20;
/// As many groups as are added at once.
pub const MOST_GROUPS: usize = 100;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProviderConfig {
    /// What stands behind the @ of its users, and on the button that leads there.
    pub name: String,
    /// As the provider calls itself, to the letter.
    pub issuer: String,
    pub client_id: String,
    /// Beside `openid`, which is always asked for.
    pub scopes: Vec<String>,
    /// Where in what the provider says of somebody their user name stands; see `openid::claims` for the way there.
    pub user_claim: String,
    pub full_name_claim: String,
    pub mail_claim: String,
    /// Empty: nobody is in a group.
    pub groups_claim: String,
    /// PEM; empty for the authorities that the machine trusts.
    pub ca: String,
    /// Whether the sign-in offers it.
    pub enabled: bool,
    /// Whether somebody gets in who was not added and is in no group that was.
    pub everybody: bool,
}

impl ProviderConfig {
    pub fn errors(&self) -> FieldErrors {
        let mut e = FieldErrors::default();
        directory_name(&mut e, &self.name);
        e.check("issuer", issuer(&self.issuer));
        e.check("client_id", required(&self.client_id));
        e.check("scopes", self.scopes());
        e.check("user_claim", required(&self.user_claim));
        let others = [
            ("full_name_claim", &self.full_name_claim),
            ("mail_claim", &self.mail_claim),
            ("groups_claim", &self.groups_claim),
        ];
        for (name, claim) in others {
            e.check(name, field::line(claim, 255));
        }
        e.check("ca", ca(&self.ca));
        e
    }

    fn scopes(&self) -> Result<(), Text> {
        if self.scopes.len() > MOST_SCOPES {
            return Err(Text::new("field-too-many").with("max", MOST_SCOPES));
        }
        // RFC 6749, section 3.3.
        let token = |scope: &String| {
            scope.bytes().all(|b| matches!(b, 0x21 | 0x23..=0x5b | 0x5d..=0x7e)) && scope.len() <= 255
        };
        if self.scopes.iter().all(token) { Ok(()) } else { Err(Text::new("field-scopes")) }
    }
}

fn required(value: &str) -> Result<(), Text> {
    if value.is_empty() { Err(Text::new("field-required")) } else { field::line(value, 255) }
}

/// An address that begins with https, or with http on the machine itself: what is said there is not for others.
fn issuer(value: &str) -> Result<(), Text> {
    let wrong = || Text::new("field-issuer-url");
    if value.is_empty() {
        return Err(Text::new("field-required"));
    }
    field::line(value, 1000)?;
    let (scheme, rest) = value.split_once("://").ok_or_else(wrong)?;
    let authority = rest.split('/').next().unwrap_or_default();
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, port),
        _ => (authority, "443"),
    };
    let plain = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    field::address(plain).map_err(|_| wrong())?;
    let odd = value.contains(['?', '#', '@', ' ', '\\']) || !port.parse().is_ok_and(|port: u16| port > 0);
    if odd || !secure(scheme, plain) { Err(wrong()) } else { Ok(()) }
}

/// Whether a secret may be said to this host in this way.
pub fn secure(scheme: &str, host: &str) -> bool {
    scheme == "https" || (scheme == "http" && matches!(host, "localhost" | "127.0.0.1" | "::1" | "[::1]"))
}

/// The names of groups as a provider says them, and what is wrong with them.
pub fn group_names(names: &[String]) -> Result<(), Text> {
    match names.len() {
        0 => return Err(Text::new("field-required")),
        n if n > MOST_GROUPS => return Err(Text::new("field-too-many").with("max", MOST_GROUPS)),
        _ => {}
    }
    names.iter().try_for_each(|name| required(name))
}

/// A change of a provider; no secret leaves the one that there is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EditProvider {
    pub version: i64,
    pub config: ProviderConfig,
    pub secret: Option<String>,
}

/// Whether the secret that is kept may go on being used: somebody who could send it elsewhere could read it.
pub fn keeps_secret(before: &ProviderConfig, after: &ProviderConfig) -> bool {
    before.issuer == after.issuer && before.client_id == after.client_id
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config() -> ProviderConfig {
        ProviderConfig {
            name: "example.org".into(),
            issuer: "https://id.example.org/realms/staff".into(),
            client_id: "drover".into(),
            scopes: vec!["profile".into(), "https://example.org/groups".into()],
            user_claim: "preferred_username".into(),
            full_name_claim: "name".into(),
            mail_claim: String::new(),
            groups_claim: "realm_access.roles".into(),
            ca: String::new(),
            enabled: true,
            everybody: false,
        }
    }

    #[test]
    fn what_is_wrong_with_a_provider() {
        type Change = fn(&mut ProviderConfig);
        let cases: [(Change, &str); 12] = [
            (|_| {}, ""),
            (|c| c.name = String::new(), "name"),
            (|c| c.name = "Internal".into(), "name"),
            (|c| c.issuer = String::new(), "issuer"),
            (|c| c.client_id = String::new(), "client_id"),
            (|c| c.client_id = "a\nb".into(), "client_id"),
            (|c| c.scopes = vec!["a b".into()], "scopes"),
            (|c| c.scopes = vec!["a".into(); 21], "scopes"),
            (|c| c.user_claim = String::new(), "user_claim"),
            (|c| c.groups_claim = "a\0".into(), "groups_claim"),
            (|c| c.full_name_claim = String::new(), ""),
            (|c| c.ca = "certificate".into(), "ca"),
        ];
        for (n, (change, wrong)) in cases.into_iter().enumerate() {
            let mut config = config();
            change(&mut config);
            let fields: Vec<_> = config.errors().0.into_iter().map(|(field, _)| field).collect();
            assert_eq!(fields.join(","), wrong, "case {n}");
        }
    }

    #[test]
    fn who_may_be_an_issuer() {
        for (text, fine) in [
            ("https://id.example.org", true),
            ("https://id.example.org:8443/realms/a/", true),
            ("https://[2001:db8::1]:8443/a", true),
            ("https://[2001:db8::1]", true),
            ("http://127.0.0.1:3000", true),
            ("http://localhost", true),
            ("http://[::1]:3000", true),
            ("http://id.example.org", false),
            ("http://127.0.0.1.example.org", false),
            ("https://", false),
            ("https:///a", false),
            ("id.example.org", false),
            ("ftp://id.example.org", false),
            ("https://a@id.example.org", false),
            ("https://id.example.org?x=1", false),
            ("https://id.example.org/#a", false),
            ("https://id.example.org:0", false),
            ("https://id.example.org:99999", false),
        ] {
            assert_eq!(issuer(text).is_ok(), fine, "{text}");
        }
    }

    #[test]
    fn a_secret_goes_nowhere_else() {
        type Change = fn(&mut ProviderConfig);
        let cases: [(Change, bool); 4] = [
            (|_| {}, true),
            (|c| c.name = "other".into(), true),
            (|c| c.issuer = "https://elsewhere.example.org".into(), false),
            (|c| c.client_id = "other".into(), false),
        ];
        for (change, kept) in cases {
            let mut after = config();
            change(&mut after);
            assert_eq!(keeps_secret(&config(), &after), kept, "{after:?}");
        }
    }

    #[test]
    fn groups_have_names() {
        for (names, fine) in [
            (vec!["/staff".to_owned()], true),
            (vec![], false),
            (vec![String::new()], false),
            (vec!["a".into(); 101], false),
        ] {
            assert_eq!(group_names(&names).is_ok(), fine, "{names:?}");
        }
    }
}
