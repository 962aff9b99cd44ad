//! A search, understood: a tree of conditions, an order and a page. Worded again it is read as the same.

use std::fmt::{Display, Formatter};

use crate::error::{Problem, SyntaxError};
use crate::field::{Field, Op};
use crate::scan::{Piece, State, scan};
use crate::value::Value;
use crate::{Entity, Object};

#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    pub entity: Entity,
    pub condition: Option<Expr>,
    pub sort: Option<Sort>,
    /// From 1.
    pub page: Option<u32>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sort {
    pub field: &'static Field,
    pub descending: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Expr {
    All(Vec<Expr>),
    Any(Vec<Expr>),
    Is(Condition),
}

#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    /// Something that is referred to; none is what is searched itself.
    pub of: Option<Object>,
    /// None looks for the text in every text of the object.
    pub field: Option<&'static Field>,
    pub op: Op,
    pub value: Value,
}

/// Reads a search of `entity`, without its word and colon.
pub fn parse(entity: Entity, text: &str) -> Result<Query, SyntaxError> {
    let scan = scan(entity, text, true);
    if let Some(error) = scan.error {
        return Err(error);
    }
    let ends = |problem, expected| Err(SyntaxError::new(problem, text, text.len()..text.len(), expected));
    match scan.state {
        State::Connected => return ends(Problem::AfterConnector, crate::complete::conditions(entity)),
        State::Opened => return ends(Problem::NoField, crate::complete::conditions(entity)),
        State::AfterRelated(_) => {
            return ends(Problem::AfterRelated, vec![".".into(), "=".into(), "!=".into()]);
        }
        State::AfterDot(object) => return ends(Problem::NoField, crate::scan::fields_of(object)),
        State::AfterField(_, field) => return ends(Problem::NoOperator, crate::scan::ops_of(field)),
        State::BeforeText(_) => return ends(Problem::NoValue, Vec::new()),
        State::BeforeValue(_, field) => return ends(Problem::NoValue, field.kind.words()),
        State::BeforeSortField => {
            return ends(Problem::BadSortField, crate::scan::fields_of(Object::Of(entity)));
        }
        State::BeforePage => return ends(Problem::BadPage, Vec::new()),
        State::Complete if scan.depth > 0 => return ends(Problem::Unclosed, vec![")".into()]),
        State::Start | State::Complete | State::Sorted | State::Directed | State::End => {}
    }
    let pieces = scan.pieces.into_iter().map(|(piece, _)| piece).collect::<Vec<_>>();
    Ok(Builder { entity, pieces: pieces.into_iter().peekable() }.query())
}

/// The search without its page, as it was typed.
pub fn without_page(entity: Entity, text: &str) -> &str {
    let pieces = scan(entity, text, true).pieces;
    let page = pieces.into_iter().find(|(piece, _)| *piece == Piece::Page);
    page.map_or(text, |(_, at)| &text[..at.start]).trim_end()
}

/// Reads a whole search, `Vms: …`.
pub fn parse_whole(text: &str) -> Result<Query, SyntaxError> {
    let words = || Entity::ALL.iter().map(|e| format!("{}:", e.as_str())).collect();
    let Some((word, rest)) = text.split_once(':') else {
        let known = Entity::named(text.trim()).is_some();
        let (problem, at) = match known {
            true => (Problem::NoColon, text.len()..text.len()),
            false => (Problem::NoEntity, 0..text.len()),
        };
        return Err(SyntaxError::new(problem, text, at, words()));
    };
    let entity = Entity::named(word.trim())
        .ok_or_else(|| SyntaxError::new(Problem::NoEntity, text, 0..word.len(), words()))?;
    let before = text.len() - rest.len();
    parse(entity, rest).map_err(|e| SyntaxError { at: e.at.start + before..e.at.end + before, ..e })
}

/// From pieces that are known to be in order. `and` binds first, then `or`; conditions beside each other without a
/// word between them are joined last, by *and* (catalogue 01 §1, rule 4).
struct Builder<I: Iterator<Item = Piece>> {
    entity: Entity,
    pieces: std::iter::Peekable<I>,
}

impl<I: Iterator<Item = Piece>> Builder<I> {
    fn query(mut self) -> Query {
        let condition = self.beside();
        let (mut sort, mut page) = (None, None);
        for piece in self.pieces {
            match piece {
                Piece::SortField(field) => sort = Some(Sort { field, descending: false }),
                Piece::Direction(descending) => sort = sort.map(|s: Sort| Sort { descending, ..s }),
                Piece::Number(number) => page = Some(number),
                _ => {}
            }
        }
        Query { entity: self.entity, condition, sort, page }
    }

    fn beside(&mut self) -> Option<Expr> {
        let mut all = Vec::new();
        while let Some(expr) = self.or() {
            all.push(expr);
        }
        joined(all, Expr::All)
    }

    fn or(&mut self) -> Option<Expr> {
        let mut any = vec![self.and()?];
        while self.pieces.next_if_eq(&Piece::Or).is_some() {
            any.extend(self.and());
        }
        joined(any, Expr::Any)
    }

    fn and(&mut self) -> Option<Expr> {
        let mut all = vec![self.one()?];
        while self.pieces.next_if_eq(&Piece::And).is_some() {
            all.extend(self.one());
        }
        joined(all, Expr::All)
    }

    fn one(&mut self) -> Option<Expr> {
        if self.pieces.next_if_eq(&Piece::Open).is_some() {
            let inside = self.beside();
            self.pieces.next_if_eq(&Piece::Close);
            return inside;
        }
        let starts = |p: &Piece| matches!(p, Piece::Related(_) | Piece::Field(_) | Piece::Value(_));
        if !self.pieces.peek().is_some_and(starts) {
            return None;
        }
        let mut condition = Condition { of: None, field: None, op: Op::Eq, value: Value::Null };
        for piece in self.pieces.by_ref() {
            match piece {
                Piece::Related(object) => condition.of = Some(object),
                Piece::Field(field) => condition.field = Some(field),
                Piece::Op(op) => condition.op = op,
                Piece::Value(value) => {
                    condition.value = value;
                    break;
                }
                _ => {}
            }
        }
        Some(Expr::Is(condition))
    }
}

fn joined(mut all: Vec<Expr>, join: fn(Vec<Expr>) -> Expr) -> Option<Expr> {
    if all.len() > 1 { Some(join(all)) } else { all.pop() }
}

impl Query {
    /// A search for everything.
    pub fn all(entity: Entity) -> Query {
        Query { entity, condition: None, sort: None, page: None }
    }

    /// As it is typed in a list of what it searches, without the word before the colon.
    pub fn rest(&self) -> String {
        let mut parts = Vec::new();
        match &self.condition {
            Some(Expr::All(all)) => parts.push(inside(all, " and ")),
            Some(Expr::Any(any)) => parts.push(inside(any, " or ")),
            Some(one) => parts.push(one.to_string()),
            None => {}
        }
        if let Some(sort) = self.sort {
            parts.push(format!(
                "sortby {} {}",
                sort.field.name,
                if sort.descending { "desc" } else { "asc" }
            ));
        }
        parts.extend(self.page.map(|page| format!("page {page}")));
        parts.join(" ")
    }
}

impl Display for Query {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.entity.as_str(), self.rest())
    }
}

fn inside(all: &[Expr], between: &str) -> String {
    all.iter().map(ToString::to_string).collect::<Vec<_>>().join(between)
}

impl Display for Expr {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        match self {
            Expr::All(all) => write!(f, "({})", inside(all, " and ")),
            Expr::Any(any) => write!(f, "({})", inside(any, " or ")),
            Expr::Is(condition) => condition.fmt(f),
        }
    }
}

impl Display for Condition {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        let of = self.of.map(Object::as_str);
        match (of, self.field) {
            (Some(of), Some(field)) => write!(f, "{of}.{} {} {}", field.name, self.op.as_str(), self.value),
            (None, Some(field)) => write!(f, "{} {} {}", field.name, self.op.as_str(), self.value),
            (Some(of), None) => write!(f, "{of} {} {}", self.op.as_str(), self.value),
            (None, None) => self.value.fmt(f),
        }
    }
}
