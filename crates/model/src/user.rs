//! People and their sessions. Passwords never come near this crate.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::{Text, UserId};

/// The directory of users that Drover keeps itself: `admin@internal`.
pub const INTERNAL: &str = "internal";
pub const MIN_PASSWORD: usize = 10;
pub const MAX_PASSWORD: usize = 512;

/// Who is signed in, as the frame of a page shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Me {
    pub id: UserId,
    /// `admin@internal`
    pub principal: String,
    pub must_change_password: bool,
    /// Holds an administrative role anywhere.
    pub administrator: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UserRow {
    pub id: UserId,
    pub name: String,
    pub domain: String,
    /// A group: nobody signs in as one, and its members hold what it holds.
    pub group: bool,
    pub full_name: String,
    pub mail: String,
    /// The groups that they are in, of those that were added.
    pub groups: Vec<String>,
    /// Since when their directory has them no more.
    #[serde(with = "time::serde::rfc3339::option")]
    pub gone_at: Option<OffsetDateTime>,
    /// What they hold on System, by name.
    pub roles: Vec<String>,
    pub tags: Vec<String>,
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
}

impl UserRow {
    /// `admin@internal`
    pub fn principal(&self) -> String {
        format!("{}@{}", self.name, self.domain)
    }
}

/// A new password's rules: long enough, not the name, not one character over and over.
pub fn password(value: &str, user: &str) -> Result<(), Text> {
    let length = value.chars().count();
    if length < MIN_PASSWORD {
        return Err(Text::new("password-too-short").with("min", MIN_PASSWORD));
    }
    if length > MAX_PASSWORD {
        return Err(Text::new("field-too-long").with("max", MAX_PASSWORD));
    }
    let mut chars = value.chars();
    let first = chars.next();
    if value.to_lowercase().contains(&user.to_lowercase()) || chars.all(|c| Some(c) == first) {
        return Err(Text::new("password-too-simple"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #[test]
    fn passwords() {
        for (value, good) in [
            ("correct horse", true),
            ("short", false),
            ("aaaaaaaaaaaa", false),
            ("my-admin-password", false),
            (&"x1".repeat(300), false),
            ("zehnzeich!", true),
        ] {
            assert_eq!(super::password(value, "admin").is_ok(), good, "{value:?}");
        }
    }
}
