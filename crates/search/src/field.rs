//! What a field can be asked: its type says which operators it has, what may stand after them, and how it is worded
//! again.

use crate::Entity;

/// A comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Op {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
}

impl Op {
    /// The longer ones first, so that `<=` is not read as `<`.
    pub const ALL: &'static [Op] = &[Op::Ne, Op::Le, Op::Ge, Op::Eq, Op::Lt, Op::Gt];

    pub fn as_str(self) -> &'static str {
        match self {
            Op::Eq => "=",
            Op::Ne => "!=",
            Op::Lt => "<",
            Op::Le => "<=",
            Op::Gt => ">",
            Op::Ge => ">=",
        }
    }
}

/// What a plain number of the field counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    One,
    Byte,
    Mib,
    Gib,
}

impl Unit {
    /// Bytes in one; none for what is no size.
    pub fn bytes(self) -> Option<u64> {
        match self {
            Unit::One => None,
            Unit::Byte => Some(1),
            Unit::Mib => Some(1 << 20),
            Unit::Gib => Some(1 << 30),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    /// Any text, with wildcards.
    Text,
    /// One of a few; `also` are other words for some of them. As in the database; people write them without `_`.
    Words {
        all: &'static [&'static str],
        also: &'static [(&'static str, &'static str)],
    },
    /// The same where a later word is more than an earlier one.
    Ranks(&'static [&'static str]),
    Bool,
    Number(Unit),
    /// A day or a moment.
    Date,
    /// How long: `[d.]hh:mm:ss`, or `2d`, `3h`, `5m`.
    Span,
    Id,
    /// A tag's name; stands for its descendants too.
    Tag,
}

impl Type {
    pub fn ops(self) -> &'static [Op] {
        match self {
            Type::Text | Type::Words { .. } | Type::Bool | Type::Id | Type::Tag => &[Op::Eq, Op::Ne],
            Type::Ranks(_) | Type::Number(_) | Type::Date | Type::Span => {
                &[Op::Eq, Op::Ne, Op::Lt, Op::Le, Op::Gt, Op::Ge]
            }
        }
    }

    /// The words that may stand after an operator, if they are few, as people write them.
    pub fn words(self) -> Vec<String> {
        let shown = |all: &[&str]| all.iter().map(|word| shown(word)).collect();
        match self {
            Type::Words { all, .. } | Type::Ranks(all) => shown(all),
            Type::Bool => shown(&["true", "false"]),
            Type::Date => shown(&crate::date::WORDS),
            _ => Vec::new(),
        }
    }
}

/// A word of the database as it is written in a search.
pub fn shown(word: &str) -> String {
    word.replace('_', "")
}

/// Whose names can be proposed as values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Names {
    Of(Entity),
    Tags,
}

/// A field of an entity.
#[derive(Debug, PartialEq, Eq)]
pub struct Field {
    pub name: &'static str,
    pub kind: Type,
    pub names: Option<Names>,
    /// Understood, but not proposed: another word for one that is.
    pub hidden: bool,
    /// Left out when a word is looked for anywhere.
    pub apart: bool,
}

impl Field {
    pub(crate) const fn new(name: &'static str, kind: Type) -> Field {
        Field { name, kind, names: None, hidden: false, apart: false }
    }

    pub(crate) const fn text(name: &'static str) -> Field {
        Field::new(name, Type::Text)
    }

    pub(crate) const fn words(name: &'static str, all: &'static [&'static str]) -> Field {
        Field::new(name, Type::Words { all, also: &[] })
    }

    pub(crate) const fn number(name: &'static str) -> Field {
        Field::new(name, Type::Number(Unit::One))
    }

    /// The names of these are proposed.
    pub(crate) const fn naming(self, names: Names) -> Field {
        Field { names: Some(names), ..self }
    }

    pub(crate) const fn hidden(self) -> Field {
        Field { hidden: true, ..self }
    }

    pub(crate) const fn apart(self) -> Field {
        Field { apart: true, ..self }
    }

    /// Whether a word that is looked for anywhere is looked for here.
    pub fn free(&self) -> bool {
        self.kind == Type::Text && !self.hidden && !self.apart
    }
}
