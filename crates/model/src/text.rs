//! Every text that a person reads, from one catalogue for each language (`texts/*.ftl`), for the browser, the server,
//! the command line and stored events alike. Refusals and events are keys with arguments until somebody reads them, and
//! are worded in the reader's language (`crate::language`). A missing key shows the key, and a test finds it first.
//! The server has all catalogues; a browser is given the one of its page.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use crate::language::{Language, spoken};

mod catalogue;
mod pattern;
#[cfg(test)]
mod tests;

pub use catalogue::Catalogue;
use catalogue::Words;
use pattern::{Value, put};

/// The source of a language's catalogue. A browser's program has none of them.
#[cfg(not(target_arch = "wasm32"))]
fn source(language: Language) -> &'static str {
    match language {
        Language::English => include_str!("../texts/en.ftl"),
        Language::German => include_str!("../texts/de.ftl"),
    }
}

/// The catalogue of a language.
#[cfg(not(target_arch = "wasm32"))]
pub fn catalogue(language: Language) -> &'static Catalogue {
    static ALL: [OnceLock<Catalogue>; 2] = [const { OnceLock::new() }; 2];
    ALL[language as usize].get_or_init(|| Catalogue::read(source(language)))
}

/// The words as they stand in the catalogue of the reader's language; in English where that lacks them.
#[cfg(not(target_arch = "wasm32"))]
fn written(key: &str) -> Option<Words> {
    catalogue(spoken()).get(key).or_else(|| catalogue(Language::English).get(key))
}

#[cfg(target_arch = "wasm32")]
static GIVEN: OnceLock<Catalogue> = OnceLock::new();

/// Gives a browser the catalogue of its page, for as long as that page is there.
#[cfg(target_arch = "wasm32")]
pub fn give(language: Language, source: String) {
    crate::language::speak_always(language);
    let _ = GIVEN.set(Catalogue::read(source.leak()));
}

#[cfg(target_arch = "wasm32")]
fn written(key: &str) -> Option<Words> {
    GIVEN.get()?.get(key)
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

/// In place of a key: a list of texts.
const LINES: &str = "lines";

fn word(value: Value) -> Option<String> {
    match value {
        Value::Word(word) => Some(word),
        Value::Number(_) => None,
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

    /// Several, each on a line of its own.
    pub fn lines(texts: impl IntoIterator<Item = Text>) -> Self {
        let numbered = texts.into_iter().enumerate().map(|(n, text)| (format!("{n:04}"), Arg::Text(text)));
        Text { key: LINES.to_owned(), args: numbered.collect() }
    }

    /// As a column of words keeps it, so that it can still be worded for whoever reads it.
    pub fn kept(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// What a column of words has. An earlier version kept the words themselves.
    pub fn of_kept(words: &str) -> Self {
        serde_json::from_str(words).unwrap_or_else(|_| Text::new("plain").with("text", words))
    }

    pub fn with(mut self, name: &str, value: impl Into<Arg>) -> Self {
        self.args.insert(name.to_owned(), value.into());
        self
    }
}

impl std::fmt::Display for Text {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let value = |name: &str| {
            Some(match self.args.get(name)? {
                Arg::Number(n) => Value::Number(*n),
                Arg::Word(s) => Value::Word(s.clone()),
                Arg::Text(t) => Value::Word(t.to_string()),
            })
        };
        if self.key == LINES {
            let lines: Vec<String> = self.args.keys().filter_map(|name| word(value(name)?)).collect();
            return f.write_str(&lines.join("\n"));
        }
        // A size is a text like others where it is stored, and a number of the reader's where it is read.
        if self.key == crate::size::KEY
            && let Some(Arg::Number(n)) = self.args.get("n")
        {
            return f.write_str(&crate::size::bytes(*n as u64));
        }
        f.write_str(&format(&self.key, &value))
    }
}

fn format(key: &str, args: pattern::Args<'_>) -> String {
    let Some(Words { words, simple }) = written(key) else { return key.to_owned() };
    if simple {
        return words.to_owned();
    }
    let mut out = String::with_capacity(words.len());
    put(&mut out, words, args);
    out
}

/// The words for `key`.
pub fn t(key: &str) -> String {
    format(key, &|_| None)
}

/// The words for `key` with named string arguments.
pub fn ta(key: &str, args: &[(&str, &str)]) -> String {
    let value = |name: &str| {
        let (_, value) = args.iter().find(|(known, _)| *known == name)?;
        Some(Value::Word((*value).to_owned()))
    };
    format(key, &value)
}

/// The words for `key` with a number named `n`, so that plurals come out right.
pub fn tn(key: &str, n: u64) -> String {
    format(key, &|name| (name == "n").then_some(Value::Number(n as f64)))
}

/// Whether the catalogue has `key`.
pub fn known(key: &str) -> bool {
    written(key).is_some()
}

/// A number as the reader writes it: `10.000` and `1,5` in German.
pub fn number(n: f64) -> String {
    let language = spoken();
    let plain = if n.fract() == 0.0 { format!("{n:.0}") } else { n.to_string() };
    let (whole, fraction) = plain.split_once('.').map_or((plain.as_str(), None), |(w, f)| (w, Some(f)));
    let mut out = grouped(whole, language);
    if let Some(fraction) = fraction {
        out.push(language.decimal());
        out.push_str(fraction);
    }
    out
}

/// The same for what is counted.
pub fn count(n: u64) -> String {
    grouped(&n.to_string(), spoken())
}

/// Thousands stand apart from ten thousand on.
fn grouped(digits: &str, language: Language) -> String {
    if digits.len() < 5 {
        return digits.to_owned();
    }
    let mut out = String::with_capacity(digits.len() + 4);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) && digit != '-' && !out.ends_with('-') {
            out.push(language.thousands());
        }
        out.push(digit);
    }
    out
}

/// A step of a job, by its name.
pub fn step(name: &str) -> Text {
    let key = format!("step-{}", name.replace('_', "-"));
    if known(&key) { Text::new(&key) } else { Text::new("plain").with("text", name) }
}
