//! From text to pieces, by the table of what may follow what (catalogue 01 §2). The same scanner reads a finished
//! search and one that is being typed: then the word at the end is left over, for completion to finish.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::error::{Problem, SyntaxError};
use crate::field::{Field, Op, Type};
use crate::value::{Pattern, Value};
use crate::{Entity, Object};

/// Longer ones are refused; nobody types so much.
pub const MAX_LENGTH: usize = 4096;
/// Of parentheses within parentheses.
pub const MAX_DEPTH: usize = 32;

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Piece {
    Open,
    Close,
    Related(Object),
    Dot,
    Field(&'static Field),
    Op(Op),
    Value(Value),
    And,
    Or,
    SortBy,
    SortField(&'static Field),
    /// Whether descending.
    Direction(bool),
    Page,
    Number(u32),
}

/// Where the text stands, which is what may come next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// Nothing yet, or behind `(` or a connector: a condition.
    Start,
    Connected,
    Opened,
    /// A condition is complete.
    Complete,
    AfterRelated(Object),
    AfterDot(Object),
    AfterField(Object, &'static Field),
    /// Free text over a related object, behind its operator.
    BeforeText(Object),
    BeforeValue(Object, &'static Field),
    BeforeSortField,
    Sorted,
    Directed,
    BeforePage,
    End,
}

pub(crate) struct Scan {
    pub pieces: Vec<(Piece, Range<usize>)>,
    pub state: State,
    pub depth: usize,
    /// From where nothing was understood, or where the word at the end begins.
    pub rest: usize,
    pub error: Option<SyntaxError>,
}

pub(crate) struct Scanner<'a> {
    entity: Entity,
    text: &'a str,
    /// Whether the word at the end is complete.
    finished: bool,
    at: usize,
    depth: usize,
    state: State,
    pieces: Vec<(Piece, Range<usize>)>,
    /// For which objects a word is looked for anywhere already.
    free: BTreeSet<Object>,
}

/// What a step of the scanner comes to.
enum Next {
    Took(Piece, usize, State),
    /// The word at the end is being typed.
    Typing,
}

type Stepped = Result<Next, SyntaxError>;

pub(crate) fn scan(entity: Entity, text: &str, finished: bool) -> Scan {
    let mut scanner = Scanner {
        entity,
        text,
        finished,
        at: 0,
        depth: 0,
        state: State::Start,
        pieces: Vec::new(),
        free: BTreeSet::new(),
    };
    let error = scanner.run().err();
    Scan { pieces: scanner.pieces, state: scanner.state, depth: scanner.depth, rest: scanner.at, error }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

impl<'a> Scanner<'a> {
    fn run(&mut self) -> Result<(), SyntaxError> {
        if self.text.len() > MAX_LENGTH {
            return Err(SyntaxError::new(Problem::TooLong, "", 0..0, vec![MAX_LENGTH.to_string()]));
        }
        loop {
            self.at = self.skip(self.at);
            if self.at == self.text.len() {
                return Ok(());
            }
            match self.step()? {
                Next::Typing => return Ok(()),
                Next::Took(piece, end, state) => {
                    match piece {
                        Piece::Open => self.depth += 1,
                        Piece::Close => self.depth -= 1,
                        _ => {}
                    }
                    self.pieces.push((piece, self.at..end));
                    (self.at, self.state) = (end, state);
                }
            }
        }
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn skip(&self, from: usize) -> usize {
        let rest = &self.text[from..];
        from + rest.len() - rest.trim_start().len()
    }

    fn fails<T>(&self, problem: Problem, end: usize, expected: Vec<String>) -> Result<T, SyntaxError> {
        Err(SyntaxError::new(problem, self.text, self.at..end, expected))
    }

    /// The end of the run of letters, digits and `_` here.
    fn word_end(&self) -> usize {
        self.at + self.rest().find(|c| !is_word(c)).unwrap_or(self.rest().len())
    }

    /// The end of what stands here up to the next blank.
    fn blank_end(&self) -> usize {
        self.at + self.rest().find(char::is_whitespace).unwrap_or(self.rest().len())
    }

    /// Whether a word that ends there may still grow.
    fn growing(&self, end: usize) -> bool {
        !self.finished && end == self.text.len()
    }

    fn step(&mut self) -> Stepped {
        match self.state {
            State::Start | State::Connected | State::Opened | State::Complete => self.condition(),
            State::AfterRelated(object) => self.after_related(object),
            State::AfterDot(object) => self.field(object),
            State::AfterField(object, field) => self.operator(object, field),
            State::BeforeText(object) => self.free_text(object),
            State::BeforeValue(_, field) => self.value(field),
            State::BeforeSortField => self.sort_field(),
            State::Sorted | State::Directed => self.after_sort(),
            State::BeforePage => self.page(),
            State::End => self.fails(Problem::AfterPage, self.text.len(), Vec::new()),
        }
    }

    fn condition(&mut self) -> Stepped {
        if let Some(next) = self.parenthesis()? {
            return Ok(next);
        }
        let end = self.word_end();
        let word = &self.text[self.at..end];
        if self.growing(end) && !word.is_empty() {
            return Ok(Next::Typing);
        }
        if let Some(next) = self.keyword(word, end)? {
            return Ok(next);
        }
        let (own, after) = (Object::Of(self.entity), self.text[end..].trim_start());
        let compared = after.starts_with(['=', '<', '>']) || after.starts_with("!=");
        if let Some(object) = self.entity.related_named(word) {
            let dot = self.text[end..].starts_with('.');
            if dot || (compared && own.field(word).is_none()) {
                return Ok(Next::Took(Piece::Related(object), end, State::AfterRelated(object)));
            }
            if after.starts_with('.') {
                return self.fails(Problem::DotApart, end, vec![format!("{word}.")]);
            }
        }
        let follows = self.text[end..].chars().next();
        if let Some(field) = own.field(word)
            && follows.is_some_and(|c| c.is_whitespace() || matches!(c, '!' | '=' | '<' | '>'))
        {
            return Ok(Next::Took(Piece::Field(field), end, State::AfterField(own, field)));
        }
        if compared && !word.is_empty() {
            return self.fails(Problem::NoField, end, crate::complete::conditions(self.entity));
        }
        self.free_text(own)
    }

    fn parenthesis(&self) -> Result<Option<Next>, SyntaxError> {
        let end = self.at + 1;
        if self.rest().starts_with('(') {
            if self.depth == MAX_DEPTH {
                return self.fails(Problem::TooDeep, end, vec![MAX_DEPTH.to_string()]);
            }
            return Ok(Some(Next::Took(Piece::Open, end, State::Opened)));
        }
        if self.rest().starts_with(')') {
            return match self.state {
                State::Complete if self.depth > 0 => Ok(Some(Next::Took(Piece::Close, end, State::Complete))),
                _ if self.depth == 0 => self.fails(Problem::Unopened, end, Vec::new()),
                _ => self.fails(Problem::NoValue, end, Vec::new()),
            };
        }
        Ok(None)
    }

    /// `and`, `or`, `sortby` and `page`, where they mean that.
    fn keyword(&self, word: &str, end: usize) -> Result<Option<Next>, SyntaxError> {
        let connector = match word.to_ascii_lowercase().as_str() {
            "and" => Some(Piece::And),
            "or" => Some(Piece::Or),
            "sortby" | "page" if self.depth > 0 => {
                return self.fails(Problem::Unclosed, end, vec![")".to_owned()]);
            }
            "sortby" | "page" if self.state == State::Connected => {
                return self.fails(Problem::AfterConnector, end, Vec::new());
            }
            "sortby" => return Ok(Some(Next::Took(Piece::SortBy, end, State::BeforeSortField))),
            "page" => return Ok(Some(Next::Took(Piece::Page, end, State::BeforePage))),
            _ => return Ok(None),
        };
        match (connector, self.state) {
            (Some(piece), State::Complete) => Ok(Some(Next::Took(piece, end, State::Connected))),
            (Some(_), State::Connected) => self.fails(Problem::AfterConnector, end, Vec::new()),
            (Some(_), _) => self.fails(Problem::NoField, end, crate::complete::conditions(self.entity)),
            (None, _) => Ok(None),
        }
    }

    fn after_related(&self, object: Object) -> Stepped {
        if self.rest().starts_with('.') {
            return Ok(Next::Took(Piece::Dot, self.at + 1, State::AfterDot(object)));
        }
        match self.op(&[Op::Eq, Op::Ne]) {
            Some(Ok((op, end))) => Ok(Next::Took(Piece::Op(op), end, State::BeforeText(object))),
            Some(Err(())) => Ok(Next::Typing),
            None => {
                let expected = vec![".".to_owned(), "=".to_owned(), "!=".to_owned()];
                self.fails(Problem::AfterRelated, self.blank_end(), expected)
            }
        }
    }

    fn field(&self, object: Object) -> Stepped {
        let end = self.word_end();
        if self.growing(end) {
            return Ok(Next::Typing);
        }
        match object.field(&self.text[self.at..end]) {
            Some(field) => Ok(Next::Took(Piece::Field(field), end, State::AfterField(object, field))),
            None => {
                // What is no word at all is told by its first character.
                let first = self.rest().chars().next().map_or(0, char::len_utf8);
                self.fails(Problem::NoField, end.max(self.at + first), fields_of(object))
            }
        }
    }

    /// The operator here: none, one that may still grow, or a whole one with its end.
    fn op(&self, allowed: &[Op]) -> Option<Result<(Op, usize), ()>> {
        let rest = self.rest();
        if !self.finished && matches!(rest, "<" | ">" | "!") {
            return Some(Err(()));
        }
        let op = Op::ALL.iter().copied().find(|op| rest.starts_with(op.as_str()))?;
        allowed.contains(&op).then(|| Ok((op, self.at + op.as_str().len())))
    }

    fn operator(&self, object: Object, field: &'static Field) -> Stepped {
        match self.op(field.kind.ops()) {
            Some(Ok((op, end))) => Ok(Next::Took(Piece::Op(op), end, State::BeforeValue(object, field))),
            Some(Err(())) => Ok(Next::Typing),
            None => self.fails(Problem::NoOperator, self.blank_end(), ops_of(field)),
        }
    }

    fn value(&self, field: &'static Field) -> Stepped {
        let Some((text, end, quoted)) = self.raw_value()? else { return Ok(Next::Typing) };
        match Value::of(field.kind, text, quoted) {
            Some(value) => Ok(Next::Took(Piece::Value(value), end, State::Complete)),
            None => self.fails(Problem::BadValue, end, expected_value(field.kind)),
        }
    }

    fn free_text(&mut self, object: Object) -> Stepped {
        let Some((text, end, _)) = self.raw_value()? else { return Ok(Next::Typing) };
        if text.is_empty() {
            return self.fails(Problem::NoValue, end, Vec::new());
        }
        if !self.free.insert(object) {
            return self.fails(Problem::FreeTextTwice, end, Vec::new());
        }
        Ok(Next::Took(Piece::Value(Value::Text(Pattern(text.to_owned()))), end, State::Complete))
    }

    /// A word, or a text in quotes without them: what it is, where it ends, and whether it was quoted. None while it is
    /// being typed.
    fn raw_value(&self) -> Result<Option<(&'a str, usize, bool)>, SyntaxError> {
        match self.rest().strip_prefix('"') {
            Some(inside) => self.quoted(inside),
            None => self.bare(),
        }
    }

    fn quoted(&self, inside: &'a str) -> Result<Option<(&'a str, usize, bool)>, SyntaxError> {
        let mut escaped = false;
        let close = inside.char_indices().find(|(_, c)| {
            let closes = *c == '"' && !escaped;
            escaped = *c == '\\' && !escaped;
            closes
        });
        let Some((length, _)) = close else {
            return if self.finished {
                self.fails(Problem::BadQuote, self.text.len(), vec!["\"".to_owned()])
            } else {
                Ok(None)
            };
        };
        let end = self.at + length + 2;
        if self.growing(end) {
            return Ok(None);
        }
        let closed = self.depth > 0 && self.text[end..].starts_with(')');
        if end < self.text.len() && !closed && !self.text[end..].starts_with(char::is_whitespace) {
            let at = end..self.blank_after(end);
            return Err(SyntaxError::new(Problem::BadQuote, self.text, at, Vec::new()));
        }
        Ok(Some((&inside[..length], end, true)))
    }

    fn blank_after(&self, from: usize) -> usize {
        from + self.text[from..].find(char::is_whitespace).unwrap_or(self.text.len() - from)
    }

    fn bare(&self) -> Result<Option<(&'a str, usize, bool)>, SyntaxError> {
        let mut end = self.blank_end();
        if self.depth > 0 {
            let closing = self.text[self.at..end].trim_end_matches(')');
            end = self.at + closing.len();
        }
        let word = &self.text[self.at..end];
        if let Some(n) = word.find(['\'', ';', '"']) {
            let problem = if word[n..].starts_with('"') { Problem::BadQuote } else { Problem::BadCharacter };
            let at = self.at + n..self.at + n + 1;
            return Err(SyntaxError::new(problem, self.text, at, Vec::new()));
        }
        if self.growing(end) {
            return Ok(None);
        }
        if word.is_empty() {
            return self.fails(Problem::NoValue, end, Vec::new());
        }
        if word.bytes().rev().take_while(|b| *b == b'\\').count() % 2 == 1 {
            return self.fails(Problem::BadEscape, end, Vec::new());
        }
        Ok(Some((word, end, false)))
    }

    fn sort_field(&self) -> Stepped {
        let end = self.word_end();
        if self.growing(end) {
            return Ok(Next::Typing);
        }
        let object = Object::Of(self.entity);
        match object.field(&self.text[self.at..end]) {
            Some(field) => Ok(Next::Took(Piece::SortField(field), end, State::Sorted)),
            None => self.fails(Problem::BadSortField, self.blank_end(), fields_of(object)),
        }
    }

    fn after_sort(&self) -> Stepped {
        let end = self.blank_end();
        if self.growing(end) {
            return Ok(Next::Typing);
        }
        match (self.text[self.at..end].to_ascii_lowercase().as_str(), self.state) {
            ("asc", State::Sorted) => Ok(Next::Took(Piece::Direction(false), end, State::Directed)),
            ("desc", State::Sorted) => Ok(Next::Took(Piece::Direction(true), end, State::Directed)),
            ("page", _) => Ok(Next::Took(Piece::Page, end, State::BeforePage)),
            (_, State::Sorted) => self.fails(Problem::BadDirection, end, words(&["asc", "desc", "page"])),
            _ => self.fails(Problem::Unexpected, end, words(&["page"])),
        }
    }

    fn page(&self) -> Stepped {
        let end = self.blank_end();
        if self.growing(end) {
            return Ok(Next::Typing);
        }
        match self.text[self.at..end].parse::<u32>() {
            Ok(number) if number > 0 => Ok(Next::Took(Piece::Number(number), end, State::End)),
            _ => self.fails(Problem::BadPage, end, Vec::new()),
        }
    }
}

fn words(all: &[&str]) -> Vec<String> {
    all.iter().map(ToString::to_string).collect()
}

pub(crate) fn fields_of(object: Object) -> Vec<String> {
    object.fields().iter().filter(|f| !f.hidden).map(|f| f.name.to_owned()).collect()
}

pub(crate) fn ops_of(field: &Field) -> Vec<String> {
    field.kind.ops().iter().map(|op| op.as_str().to_owned()).collect()
}

/// What a value of that type looks like: its words, or an example.
fn expected_value(kind: Type) -> Vec<String> {
    match kind {
        Type::Number(unit) if unit.bytes().is_some() => words(&["4096", "4G", "512M"]),
        Type::Number(_) => words(&["42"]),
        Type::Span => words(&["2d", "3h", "1.12:30:00"]),
        Type::Id => words(&["123e4567-e89b-12d3-a456-426614174000"]),
        Type::Date => {
            let mut all = kind.words();
            all.push("2026-11-25".to_owned());
            all
        }
        _ => kind.words(),
    }
}
