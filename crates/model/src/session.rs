//! What one's account page shows: sessions and the second factor.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;

/// Somebody's session.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SessionRow {
    pub key: Uuid,
    /// The one that asks.
    pub this: bool,
    pub address: String,
    /// `Firefox, Linux`
    pub browser: String,
    #[serde(with = "time::serde::rfc3339")]
    pub begun: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339")]
    pub seen: OffsetDateTime,
}

/// How one's second factor stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SecondFactorState {
    /// Another directory has its own.
    pub internal: bool,
    /// Since when a code is asked for.
    #[serde(default, with = "time::serde::rfc3339::option")]
    pub since: Option<OffsetDateTime>,
    /// Recovery codes that are not used up.
    pub codes_left: i64,
    /// A key that is to be confirmed.
    pub offer: Option<Offer>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Offer {
    /// To be typed into a device.
    pub key: String,
    /// To be read by it: `otpauth://…`
    pub address: String,
}

/// How somebody's sign-in stands, for those who manage users.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Standing {
    /// After too many wrong passwords.
    #[serde(default, with = "time::serde::rfc3339::option")]
    pub locked_until: Option<OffsetDateTime>,
    /// Since when they have a second factor.
    #[serde(default, with = "time::serde::rfc3339::option")]
    pub second_factor: Option<OffsetDateTime>,
    pub sessions: Vec<SessionRow>,
}

/// A browser and a system in the words of what it says of itself. Whoever claims to be everything is known by the
/// rarest claim, so the order matters.
pub fn browser(agent: &str) -> String {
    const BROWSERS: [(&str, &str); 7] = [
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chromium/", "Chromium"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
        ("curl/", "curl"),
    ];
    const SYSTEMS: [(&str, &str); 6] = [
        ("Android", "Android"),
        ("iPhone", "iOS"),
        ("iPad", "iPadOS"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ];
    let known = |names: &[(&str, &'static str)]| {
        names.iter().find(|(sign, _)| agent.contains(sign)).map(|(_, name)| *name)
    };
    match (known(&BROWSERS), known(&SYSTEMS)) {
        (Some(browser), Some(system)) => format!("{browser}, {system}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => agent.chars().take(40).collect(),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn browsers_by_what_they_say() {
        for (agent, name) in [
            ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox, Linux"),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0",
                "Edge, Windows",
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.0 Safari/605.1.15",
                "Safari, macOS",
            ),
            (
                "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36",
                "Chrome, Android",
            ),
            ("curl/8.5.0", "curl"),
            ("something else", "something else"),
            ("", ""),
        ] {
            assert_eq!(super::browser(agent), name);
        }
    }
}
