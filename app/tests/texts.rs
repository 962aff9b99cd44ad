//! Every text that a person reads comes from the catalogue: no view has words of its own, and every key that the
//! sources name is there.

#![allow(clippy::unwrap_used)]

use std::path::Path;

use model::text::known;
use regex::Regex;

/// What keys begin with. A literal that begins so and goes on is meant as a key.
const AREAS: &[&str] = &[
    "action",
    "alert",
    "bookmark",
    "bookmarks",
    "allocation",
    "cluster",
    "clusters",
    "dashboard",
    "data-center",
    "data-centers",
    "deed",
    "disks",
    "event",
    "events",
    "fault",
    "field",
    "form",
    "frame",
    "guest",
    "host",
    "hosts",
    "job",
    "jobs",
    "kind",
    "list",
    "network",
    "networks",
    "page",
    "palette",
    "part",
    "password",
    "quota",
    "quotas",
    "refusal",
    "remove",
    "severity",
    "sign-in",
    "span",
    "standing",
    "storage",
    "tab",
    "tag",
    "tags",
    "template",
    "templates",
    "time",
    "tree",
    "unit",
    "use",
    "users",
    "value",
    "vm",
    "vms",
];

/// Attributes that are read out or shown.
const SPOKEN: &str = "label|title|text|help|placeholder|alt|aria-label|aria-description|submit|unit|subtitle";

fn sources() -> Vec<(String, String)> {
    fn walk(dir: &Path, out: &mut Vec<(String, String)>) {
        for entry in std::fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, out);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                // Tests may say what they like.
                let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default().to_owned();
                out.push((path.display().to_string(), code));
            }
        }
    }
    let mut out = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut out);
    out.retain(|(path, _)| !path.ends_with("tests.rs"));
    out
}

#[test]
fn no_view_has_words_of_its_own() {
    let quoted = Regex::new(r#"(?:[^=-]|/)>\s*"([^"\n]*[A-Za-z]{2,}[^"\n]*)"\s*[<{]"#).unwrap();
    let bare = Regex::new(r"<([a-z][a-z0-9]*)[^<>]*>\s*([A-Za-z][A-Za-z ,.!?]+)</[a-z]").unwrap();
    let spoken = Regex::new(&format!(r#"\s(?:{SPOKEN})="([^"]*[A-Za-z]{{2,}}[^"]*)""#)).unwrap();
    let mut found = Vec::new();
    for (path, code) in sources() {
        for rule in [&quoted, &bare, &spoken] {
            found.extend(rule.captures_iter(&code).map(|c| format!("{path}: {}", &c[0])));
        }
    }
    assert!(found.is_empty(), "words outside of the catalogue:\n{}", found.join("\n"));
}

#[test]
fn every_key_that_is_named_is_there() {
    let called = Regex::new(r#"\b(?:t|ta|tn|Text::new|Refusal::new|Fault::refused)\(\s*"([^"]+)""#).unwrap();
    let literal = Regex::new(r#""([a-z]+(?:-[a-z0-9]+)+)""#).unwrap();
    let mut missing = Vec::new();
    for (path, code) in sources() {
        let named = called.captures_iter(&code).map(|c| c[1].to_owned());
        let meant = literal.captures_iter(&code).map(|c| c[1].to_owned()).filter(|key| is_meant_as_key(key));
        missing.extend(named.chain(meant).filter(|key| !known(key)).map(|key| format!("{path}: {key}")));
    }
    assert!(missing.is_empty(), "keys that the catalogue lacks:\n{}", missing.join("\n"));
}

fn is_meant_as_key(word: &str) -> bool {
    AREAS.iter().any(|area| word.strip_prefix(area).is_some_and(|rest| rest.starts_with('-')) && !AREAS.contains(&word))
        // The id of the sign-in's form; pages of the help; a word in an address; what keys begin with.
        && !["sign-in", "storage-domains", "vm-portal", "remove-nic", "quota-mode"].contains(&word)
}

#[test]
fn every_key_that_is_made_is_there() {
    use model::host::{Acceleration, Transport};
    let transports = Transport::ALL.iter().flat_map(|t| {
        let word = t.as_str();
        [format!("transport-{word}"), format!("transport-{word}-help")]
    });
    let accelerations = Acceleration::ALL.iter().map(|a| format!("acceleration-{}", a.as_str()));
    let empty = ["vm-no-disks", "vm-no-nics", "vm-no-guest"].map(|key| format!("{key}-hint"));
    let spans = model::statistics::Span::ALL.iter().map(|span| format!("span-{}", span.as_str()));
    let standings = model::dashboard::Standing::ALL.iter().map(|s| format!("standing-{}", s.as_str()));
    for key in transports.chain(accelerations).chain(empty).chain(spans).chain(standings) {
        assert!(known(&key), "{key}");
    }
}
