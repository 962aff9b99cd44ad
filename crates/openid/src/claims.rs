//! Who somebody is by what a provider says of them. A claim is found by its name, or by the way to it with dots between,
//! such as `realm_access.roles`; names that have dots themselves, such as addresses, are found first.

use model::provider::ProviderConfig;
use serde_json::{Map, Value};

use crate::OpenIdError;

/// More groups than these are nobody's.
const MOST_GROUPS: usize = 2_000;

/// Somebody as the provider has them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Who they are for ever: the issuer and what it calls them.
    pub id: String,
    pub name: String,
    pub full_name: String,
    pub mail: String,
    pub groups: Vec<String>,
}

/// Everything that was said of somebody.
pub type Said = Map<String, Value>;

pub fn find<'a>(said: &'a Said, claim: &str) -> Option<&'a Value> {
    if claim.is_empty() {
        return None;
    }
    if let Some(value) = said.get(claim) {
        return Some(value).filter(|value| !value.is_null());
    }
    // The longest beginning that there is: a name with dots may stand at every step of the way.
    claim.match_indices('.').rev().find_map(|(at, _)| match said.get(&claim[..at]) {
        Some(Value::Object(inner)) => find(inner, &claim[at + 1..]),
        _ => None,
    })
}

fn word(said: &Said, claim: &str) -> String {
    match find(said, claim) {
        Some(Value::String(text)) => text.trim().to_owned(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    }
}

/// A list of words, or one alone.
fn words(said: &Said, claim: &str) -> Vec<String> {
    let one =
        |value: &Value| value.as_str().map(str::trim).filter(|word| !word.is_empty()).map(str::to_owned);
    let mut words: Vec<String> = match find(said, claim) {
        Some(Value::Array(all)) => all.iter().take(MOST_GROUPS).filter_map(one).collect(),
        Some(value) => one(value).into_iter().collect(),
        None => Vec::new(),
    };
    words.sort();
    words.dedup();
    words
}

/// Whether something is missing that the provider may say elsewhere.
pub fn missing(config: &ProviderConfig, said: &Said) -> bool {
    [&config.user_claim, &config.full_name_claim, &config.mail_claim, &config.groups_claim]
        .iter()
        .any(|claim| !claim.is_empty() && find(said, claim).is_none())
}

pub fn person(config: &ProviderConfig, subject: &str, said: &Said) -> Result<Person, OpenIdError> {
    let name = word(said, &config.user_claim);
    if name.is_empty() || model::field::line(&name, 255).is_err() {
        return Err(OpenIdError::Claim(config.user_claim.clone()));
    }
    let shown = |claim: &str| word(said, claim).chars().filter(|c| !c.is_control()).take(255).collect();
    Ok(Person {
        id: format!("{} {subject}", config.issuer),
        name,
        full_name: shown(&config.full_name_claim),
        mail: shown(&config.mail_claim),
        groups: words(said, &config.groups_claim),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn config(user: &str, groups: &str) -> ProviderConfig {
        ProviderConfig {
            name: "example".into(),
            issuer: "https://id.example.org".into(),
            client_id: "drover".into(),
            scopes: vec![],
            user_claim: user.into(),
            full_name_claim: "name".into(),
            mail_claim: "email".into(),
            groups_claim: groups.into(),
            ca: String::new(),
            enabled: true,
            everybody: false,
        }
    }

    #[test]
    fn groups_come_in_many_shapes() {
        let said = json!({
            "groups": ["b", "a", " b ", "", 7], "one": "staff", "none": null, "empty": [],
            "realm_access": { "roles": ["admin"] }, "https://example.org/groups": ["url"],
            "a": { "b.c": { "d": "deep" } }, "a.b": { "x": "dotted" }, "number": 5,
        });
        for (claim, groups) in [
            ("groups", vec!["a", "b"]),
            ("one", vec!["staff"]),
            ("realm_access.roles", vec!["admin"]),
            ("https://example.org/groups", vec!["url"]),
            ("a.b.c.d", vec!["deep"]),
            ("a.b.x", vec!["dotted"]),
            ("none", vec![]),
            ("empty", vec![]),
            ("number", vec![]),
            ("realm_access", vec![]),
            ("realm_access.", vec![]),
            ("missing.roles", vec![]),
            ("", vec![]),
        ] {
            let words = words(said.as_object().unwrap(), claim);
            assert_eq!(words, groups, "{claim}");
        }
    }

    #[test]
    fn who_somebody_is() {
        let said = json!({ "sub": "7", "preferred_username": "ada", "name": "Ada\u{7} Lovelace", "groups": "staff" });
        let said = said.as_object().unwrap();
        let ada = person(&config("preferred_username", "groups"), "7", said).unwrap();
        let wanted = Person {
            id: "https://id.example.org 7".into(),
            name: "ada".into(),
            full_name: "Ada Lovelace".into(),
            mail: String::new(),
            groups: vec!["staff".into()],
        };
        assert_eq!(ada, wanted);
        assert!(missing(&config("preferred_username", "groups"), said), "the mail is");
        for claim in ["nickname", "", "groups.x"] {
            assert_eq!(person(&config(claim, ""), "7", said), Err(OpenIdError::Claim(claim.into())));
        }
        let lines = json!({ "preferred_username": "a\nb" });
        assert!(person(&config("preferred_username", ""), "7", lines.as_object().unwrap()).is_err());
    }
}
