//! Every text that a person reads, from one catalogue (Fluent, `texts/en.ftl`), for the browser, the
//! server, the command line and stored events alike. Fluent rather than a Leptos-bound catalogue, because
//! refusals and events are worded where no Leptos is. A missing key shows the key, and a test finds it first.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use serde::{Deserialize, Serialize};

/// The English catalogue's source, for the tests that check keys.
pub const ENGLISH: &str = include_str!("../texts/en.ftl");

fn english() -> &'static FluentBundle<FluentResource> {
    static BUNDLE: OnceLock<FluentBundle<FluentResource>> = OnceLock::new();
    BUNDLE.get_or_init(|| {
        let mut bundle = FluentBundle::new_concurrent(vec!["en".parse().unwrap_or_default()]);
        // The marks that Fluent puts around arguments for mixed writing directions would break searching.
        bundle.set_use_isolating(false);
        let resource = FluentResource::try_new(ENGLISH.to_owned()).unwrap_or_else(|(partial, _)| partial);
        bundle.add_resource_overriding(resource);
        bundle
    })
}

/// One argument of a text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Arg {
    Number(f64),
    Word(String),
    /// Itself a text: worded when the outer one is.
    Text(Text),
}

impl From<&str> for Arg {
    fn from(s: &str) -> Self {
        Arg::Word(s.to_owned())
    }
}
impl From<String> for Arg {
    fn from(s: String) -> Self {
        Arg::Word(s)
    }
}
impl From<&String> for Arg {
    fn from(s: &String) -> Self {
        Arg::Word(s.clone())
    }
}
impl From<i64> for Arg {
    fn from(n: i64) -> Self {
        Arg::Number(n as f64)
    }
}
impl From<u64> for Arg {
    fn from(n: u64) -> Self {
        Arg::Number(n as f64)
    }
}
impl From<u32> for Arg {
    fn from(n: u32) -> Self {
        Arg::Number(n.into())
    }
}
impl From<usize> for Arg {
    fn from(n: usize) -> Self {
        Arg::Number(n as f64)
    }
}
impl From<Text> for Arg {
    fn from(t: Text) -> Self {
        Arg::Text(t)
    }
}

/// A key of the catalogue with its arguments: what is stored and sent, worded only when shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Text {
    pub key: String,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub args: BTreeMap<String, Arg>,
}

impl Text {
    pub fn new(key: &str) -> Self {
        Text { key: key.to_owned(), args: BTreeMap::new() }
    }

    pub fn with(mut self, name: &str, value: impl Into<Arg>) -> Self {
        self.args.insert(name.to_owned(), value.into());
        self
    }
}

impl std::fmt::Display for Text {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut args = FluentArgs::new();
        for (name, value) in &self.args {
            let value: FluentValue<'_> = match value {
                Arg::Number(n) => FluentValue::from(*n),
                Arg::Word(s) => FluentValue::from(s.as_str()),
                Arg::Text(t) => FluentValue::from(t.to_string()),
            };
            args.set(name.as_str(), value);
        }
        f.write_str(&format(&self.key, Some(&args)))
    }
}

fn format(key: &str, args: Option<&FluentArgs<'_>>) -> String {
    let bundle = english();
    let Some(pattern) = bundle.get_message(key).and_then(|m| m.value()) else { return key.to_owned() };
    bundle.format_pattern(pattern, args, &mut Vec::new()).into_owned()
}

/// The words for `key`.
pub fn t(key: &str) -> String {
    format(key, None)
}

/// The words for `key` with named string arguments.
pub fn ta(key: &str, args: &[(&str, &str)]) -> String {
    let mut fluent = FluentArgs::new();
    for (name, value) in args {
        fluent.set(*name, FluentValue::from(*value));
    }
    format(key, Some(&fluent))
}

/// The words for `key` with a number named `n`, so that plurals come out right.
pub fn tn(key: &str, n: u64) -> String {
    let mut fluent = FluentArgs::new();
    fluent.set("n", FluentValue::from(n as f64));
    format(key, Some(&fluent))
}

/// Whether the catalogue has `key`.
pub fn known(key: &str) -> bool {
    english().has_message(key)
}

/// A step of a job, by its name.
pub fn step(name: &str) -> Text {
    let key = format!("step-{}", name.replace('_', "-"));
    if known(&key) { Text::new(&key) } else { Text::new("plain").with("text", name) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalogue_parses_whole() {
        assert!(FluentResource::try_new(ENGLISH.to_owned()).is_ok(), "texts/en.ftl has a syntax error");
    }

    #[test]
    fn arguments_plurals_and_nesting_come_out() {
        let inner = Text::new("kind-vm");
        let text = Text::new("refusal-name-taken").with("kind", inner).with("name", "web1");
        assert_eq!(text.to_string(), "A virtual machine named web1 exists already. Choose another name.");
    }

    #[test]
    fn an_unknown_key_shows_itself() {
        assert_eq!(t("no-such-key"), "no-such-key");
        assert!(!known("no-such-key"));
    }

    #[test]
    fn a_text_survives_json() {
        let text = Text::new("a").with("n", 3u64).with("w", "x").with("t", Text::new("b"));
        let json = serde_json::to_string(&text).unwrap();
        assert_eq!(serde_json::from_str::<Text>(&json).unwrap(), text);
    }
}
