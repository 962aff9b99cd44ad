//! What could be typed next, without asking anybody: grammar, fields, operators and words. Names of objects are asked
//! for elsewhere; here it is said of what, and how they begin.

use crate::error::SyntaxError;
use crate::field::{Names, Type};
use crate::query::parse;
use crate::scan::{State, fields_of, ops_of, scan};
use crate::{Entity, Object};

/// What is known of a search that is being typed.
#[derive(Debug, Clone, PartialEq)]
pub struct Completion {
    /// Bytes of the text that are understood; the rest is being typed, or wrong.
    pub handled: usize,
    pub lines: Vec<Line>,
    pub error: Option<SyntaxError>,
    /// Names that would fit as well, and how they begin.
    pub names: Option<(Names, String)>,
}

/// One proposal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What stands there already, up to the word.
    pub before: String,
    pub word: String,
}

impl Line {
    /// The whole text once this is taken. A blank says that the word is complete.
    pub fn taken(&self) -> String {
        let end = if self.word.ends_with('.') { "" } else { " " };
        format!("{}{}{end}", self.before, self.word)
    }
}

/// What a condition on this may begin with.
pub(crate) fn conditions(entity: Entity) -> Vec<String> {
    let related = entity.related().iter().map(|object| format!("{}.", object.as_str().to_ascii_lowercase()));
    fields_of(Object::Of(entity)).into_iter().chain(related).collect()
}

fn keywords(all: &[&str]) -> Vec<String> {
    all.iter().map(ToString::to_string).collect()
}

/// Proposals for the end of `text`, a search of `entity` without its word and colon.
pub fn complete(entity: Entity, text: &str) -> Completion {
    let scan = scan(entity, text, false);
    let (handled, typed) = text.split_at(scan.rest.min(text.len()));
    let nothing = Completion { handled: handled.len(), lines: Vec::new(), error: None, names: None };
    if scan.error.is_some() {
        return Completion { error: scan.error, ..nothing };
    }
    let lines = lines(entity, scan.state, scan.depth, handled, typed);
    let names = names(scan.state, typed);
    let wrong = lines.is_empty() && names.is_none() && !typed.is_empty() && !open(scan.state);
    let error = wrong.then(|| parse(entity, text).err()).flatten();
    Completion { lines, names, error, ..nothing }
}

/// Whether any word may stand there.
fn open(state: State) -> bool {
    match state {
        State::Start | State::Opened | State::Connected | State::Complete | State::BeforeText(_) => true,
        State::BeforeValue(_, field) => field.kind.words().is_empty() || field.kind == Type::Date,
        State::BeforePage => true,
        _ => false,
    }
}

fn lines(entity: Entity, state: State, depth: usize, handled: &str, typed: &str) -> Vec<Line> {
    let words = match state {
        State::Start => [conditions(entity), keywords(&["sortby", "page"])].concat(),
        State::Opened | State::Connected => conditions(entity),
        State::Complete if depth > 0 => [keywords(&[")", "and", "or"]), conditions(entity)].concat(),
        State::Complete => [keywords(&["and", "or", "sortby", "page"]), conditions(entity)].concat(),
        State::AfterRelated(_) => keywords(&[".", "=", "!="]),
        State::AfterDot(object) => fields_of(object),
        State::AfterField(_, field) => ops_of(field),
        State::BeforeValue(_, field) => field.kind.words(),
        State::BeforeSortField => fields_of(Object::Of(entity)),
        State::Sorted => keywords(&["asc", "desc", "page"]),
        State::Directed => keywords(&["page"]),
        State::BeforeText(_) | State::BeforePage | State::End => Vec::new(),
    };
    let lower = typed.to_lowercase();
    let close = handled.trim_end();
    let before = |word: &str| match word {
        "." | ")" => close.to_owned(),
        _ if close.is_empty() => String::new(),
        _ if close.ends_with(['.', '(']) => close.to_owned(),
        _ => format!("{close} "),
    };
    let fits = words.into_iter().filter(|word| word.starts_with(&lower));
    fits.map(|word| Line { before: before(&word), word }).collect()
}

fn names(state: State, typed: &str) -> Option<(Names, String)> {
    let State::BeforeValue(_, field) = state else { return None };
    let begin = typed.strip_prefix('"').unwrap_or(typed);
    Some((field.names?, begin.to_owned()))
}

/// A name as a value: in quotes where it would mean something else without them.
pub fn value_of(name: &str) -> String {
    let plain = |c: char| !c.is_whitespace() && !"'\";\\*?()".contains(c);
    if !name.is_empty() && name.chars().all(plain) && !name.eq_ignore_ascii_case("null") {
        return name.to_owned();
    }
    let escaped: String =
        name.chars().flat_map(|c| "\"\\*?".contains(c).then_some('\\').into_iter().chain([c])).collect();
    format!("\"{escaped}\"")
}
