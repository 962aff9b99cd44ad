//! What a field is compared with.

use std::fmt::{Display, Formatter};

use uuid::Uuid;

use crate::date::{self, When};
use crate::field::{Type, Unit, shown};

/// A text with wildcards, as it was typed: `*` is any run of characters, `?` any one; `\` takes the meaning from the
/// character behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern(pub String);

enum Part {
    Char(char),
    Any,
    One,
}

impl Pattern {
    fn parts(&self) -> impl Iterator<Item = Part> + '_ {
        let mut chars = self.0.chars().peekable();
        std::iter::from_fn(move || {
            Some(match chars.next()? {
                '\\' => match chars.next_if(|c| matches!(c, '*' | '?' | '\\' | '"')) {
                    Some(c) => Part::Char(c),
                    None => Part::Char('\\'),
                },
                '*' => Part::Any,
                '?' => Part::One,
                c => Part::Char(c),
            })
        })
    }

    /// The text that it stands for; none when it has wildcards.
    pub fn literal(&self) -> Option<String> {
        self.parts().map(|part| if let Part::Char(c) = part { Some(c) } else { None }).collect()
    }

    /// What every text that fits begins with; nothing when it begins with a wildcard.
    pub fn beginning(&self) -> String {
        self.parts().map_while(|part| if let Part::Char(c) = part { Some(c) } else { None }).collect()
    }

    /// As a pattern of SQL's LIKE, whose escape is `\`.
    pub fn like(&self) -> String {
        let mut like = String::new();
        for part in self.parts() {
            match part {
                Part::Any => like.push('%'),
                Part::One => like.push('_'),
                Part::Char(c) => {
                    if matches!(c, '%' | '_' | '\\') {
                        like.push('\\');
                    }
                    like.push(c);
                }
            }
        }
        like
    }
}

impl Display for Pattern {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        quoted(f, &self.0)
    }
}

/// In quotes, with what would end them escaped.
fn quoted(f: &mut Formatter<'_>, text: &str) -> std::fmt::Result {
    f.write_str("\"")?;
    let mut escaped = false;
    for c in text.chars() {
        if c == '"' && !escaped {
            f.write_str("\\")?;
        }
        escaped = c == '\\' && !escaped;
        write!(f, "{c}")?;
    }
    // A single one at the end would take the quote's meaning away.
    f.write_str(if escaped { "\\\"" } else { "\"" })
}

#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Nothing there.
    Null,
    Text(Pattern),
    /// As in the database.
    Word(&'static str),
    /// Place in the order of the field's words.
    Rank(usize, &'static str),
    Bool(bool),
    /// In the field's unit.
    Number(f64),
    When(When),
    /// Seconds.
    Span(i64),
    Id(Uuid),
}

impl Value {
    /// `text` as a value of a field of this type, wildcards and escapes as typed; in quotes, `null` is a word like
    /// others. None when it is none.
    pub fn of(kind: Type, text: &str, quoted: bool) -> Option<Value> {
        if text.is_empty() || (!quoted && text.eq_ignore_ascii_case("null")) {
            return Some(Value::Null);
        }
        match kind {
            Type::Text | Type::Tag => Some(Value::Text(Pattern(text.to_owned()))),
            Type::Words { all, also } => word(all, also, text).map(|(_, word)| Value::Word(word)),
            Type::Ranks(all) => word(all, &[], text).map(|(n, word)| Value::Rank(n, word)),
            Type::Bool => match text.to_ascii_lowercase().as_str() {
                "true" | "yes" => Some(Value::Bool(true)),
                "false" | "no" => Some(Value::Bool(false)),
                _ => None,
            },
            Type::Number(unit) => number(unit, text).map(Value::Number),
            Type::Date => When::parse(text).map(Value::When),
            Type::Span => date::span(text).map(Value::Span),
            Type::Id => text.parse().ok().map(Value::Id),
        }
    }
}

fn word(
    all: &'static [&'static str],
    also: &[(&'static str, &'static str)],
    text: &str,
) -> Option<(usize, &'static str)> {
    let text = shown(&text.to_ascii_lowercase());
    let meant = also.iter().find(|(word, _)| shown(word) == text).map_or(text, |(_, word)| shown(word));
    all.iter().copied().enumerate().find(|(_, word)| shown(word) == meant)
}

/// A number in the field's unit; sizes may be told in another one: `512M`, `4 GiB`, `2TB`, all of them binary.
fn number(unit: Unit, text: &str) -> Option<f64> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == ' ');
    let number: f64 = digits.parse().ok().filter(|n: &f64| n.is_finite() && n.abs() < 1e15)?;
    let suffix = text[digits.len()..].trim().to_ascii_lowercase();
    if suffix.is_empty() {
        return Some(number);
    }
    let own = unit.bytes()?;
    let power = match suffix.strip_suffix("ib").or(suffix.strip_suffix('b')).unwrap_or(&suffix) {
        "" if suffix == "b" => 0,
        "k" => 1,
        "m" => 2,
        "g" => 3,
        "t" => 4,
        _ => return None,
    };
    Some(number * 1024_f64.powi(power) / own as f64)
}

impl Display for Value {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        match self {
            Value::Null => f.write_str("null"),
            // The word alone would mean nothing there.
            Value::Text(pattern) => pattern.fmt(f),
            Value::Word(word) | Value::Rank(_, word) => f.write_str(&shown(word)),
            Value::Bool(on) => on.fmt(f),
            Value::Number(n) => n.fmt(f),
            Value::When(when) => when.fmt(f),
            Value::Span(seconds) => f.write_str(&date::spanned(*seconds)),
            Value::Id(id) => id.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::vm::VmStatus;

    #[test]
    fn wildcards_become_those_of_sql_and_nothing_else_does() {
        for (typed, like, literal) in [
            ("web*", "web%", None),
            ("w?b", "w_b", None),
            ("100%_a", "100\\%\\_a", Some("100%_a")),
            ("a\\*b", "a*b", Some("a*b")),
            ("d\\u", "d\\\\u", Some("d\\u")),
            ("a\\\\", "a\\\\", Some("a\\")),
        ] {
            let pattern = Pattern(typed.to_owned());
            assert_eq!((pattern.like().as_str(), pattern.literal().as_deref()), (like, literal), "{typed}");
        }
    }

    #[test]
    fn a_pattern_begins_with_what_stands_before_its_first_wildcard() {
        for (typed, beginning) in
            [("web*", "web"), ("w?b*", "w"), ("*web", ""), ("a\\*b*", "a*b"), ("web", "web")]
        {
            assert_eq!(Pattern(typed.to_owned()).beginning(), beginning, "{typed}");
        }
    }

    #[test]
    fn values_are_read_by_their_type() {
        let status = Type::Words { all: VmStatus::WORDS, also: &[("migratingto", "migrating")] };
        for (kind, text, value) in [
            (status, "PoweringUp", Some(Value::Word("powering_up"))),
            (status, "powering_up", Some(Value::Word("powering_up"))),
            (status, "MigratingTo", Some(Value::Word("migrating"))),
            (status, "up*", None),
            (status, "", Some(Value::Null)),
            (Type::Bool, "TRUE", Some(Value::Bool(true))),
            (Type::Bool, "1", None),
            (Type::Number(Unit::Mib), "512", Some(Value::Number(512.0))),
            (Type::Number(Unit::Mib), "4GiB", Some(Value::Number(4096.0))),
            (Type::Number(Unit::Gib), "512m", Some(Value::Number(0.5))),
            (Type::Number(Unit::Byte), "1k", Some(Value::Number(1024.0))),
            (Type::Number(Unit::One), "4G", None),
            (Type::Number(Unit::One), "-3.5", Some(Value::Number(-3.5))),
            (Type::Number(Unit::One), "NaN", None),
            (Type::Number(Unit::One), "1e400", None),
            (Type::Id, "no", None),
        ] {
            assert_eq!(Value::of(kind, text, false), value, "{text}");
        }
    }
}
