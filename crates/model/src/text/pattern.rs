//! Puts arguments into a text's words, as they stand in the catalogue.

use super::number;

/// What an argument is while it is put in.
#[derive(Debug, Clone)]
pub enum Value {
    /// Chooses plurals.
    Number(f64),
    Word(String),
}

/// Gives the argument of a name.
pub type Args<'a> = &'a dyn Fn(&str) -> Option<Value>;

/// Whether there is nothing to put in.
pub fn simple(words: &str) -> bool {
    !words.contains('{')
}

pub fn put(out: &mut String, words: &str, args: Args<'_>) {
    let mut rest = words;
    while let Some((before, from)) = rest.split_once('{') {
        out.push_str(before);
        let inside = &from[..closing(from)];
        place(out, inside.trim(), args);
        rest = from.get(inside.len() + 1..).unwrap_or_default();
    }
    out.push_str(rest);
}

/// Where the brace that is open is closed.
fn closing(words: &str) -> usize {
    // Mostly an argument stands there, and nothing else.
    if let Some(end) = words.find('}').filter(|end| !words[..*end].contains(['{', '"'])) {
        return end;
    }
    let (mut depth, mut quoted) = (0, false);
    for (at, c) in words.char_indices() {
        match c {
            '"' if depth == 0 && words.trim_start().starts_with('"') => quoted = !quoted,
            '{' if !quoted => depth += 1,
            '}' if !quoted && depth == 0 => return at,
            '}' if !quoted => depth -= 1,
            _ => {}
        }
    }
    words.len()
}

/// What stands between braces: a literal, an argument, or a choice by one.
fn place(out: &mut String, inside: &str, args: Args<'_>) {
    let Some(named) = inside.strip_prefix('$') else {
        out.push_str(inside.trim_matches('"'));
        return;
    };
    let (name, cases) = named.split_once("->").map_or((named, None), |(name, cases)| (name, Some(cases)));
    let value = args(name.trim());
    match (cases, value) {
        (Some(cases), value) => put(out, chosen(cases, value.as_ref()), args),
        (None, Some(Value::Word(word))) => out.push_str(&word),
        (None, Some(Value::Number(n))) => out.push_str(&number(n)),
        (None, None) => {
            out.push_str("{$");
            out.push_str(name);
            out.push('}');
        }
    }
}

/// The words of the first case that fits, or of the one with the star.
fn chosen<'a>(cases: &'a str, value: Option<&Value>) -> &'a str {
    let (mut rest, mut other) = (cases.trim_start(), "");
    while let Some((head, from)) = rest.split_once(']') {
        let words = &from[..ending(from)];
        let name = head.trim_start_matches('*').trim_start_matches('[').trim();
        if value.is_some_and(|value| fits(value, name)) {
            return words.trim();
        }
        if head.starts_with('*') {
            other = words.trim();
        }
        rest = from[words.len()..].trim_start();
    }
    other
}

/// Where a case ends: at the line that begins another.
fn ending(words: &str) -> usize {
    let mut depth = 0;
    for (at, c) in words.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            '\n' if depth == 0 && words[at..].trim_start().starts_with(['[', '*']) => return at,
            _ => {}
        }
    }
    words.len()
}

/// One and other are all the plurals that English and German have.
fn fits(value: &Value, case: &str) -> bool {
    match value {
        Value::Word(word) => word == case,
        Value::Number(n) if case == "one" => *n == 1.0,
        Value::Number(n) => case.parse() == Ok(*n),
    }
}
