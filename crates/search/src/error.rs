//! What is wrong with a search, where, and what could stand there instead.

use std::ops::Range;

use model::Text;

/// The kinds of mistakes; oVirt's names are in its `SyntaxError.java`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Problem {
    /// INVALID_SEARCH_OBJECT
    NoEntity,
    /// COLON_NOT_NEXT_TO_SEARCH_OBJECT
    NoColon,
    TooLong,
    TooDeep,
    /// INVALID_CONDITION_FILED, INVALID_POST_COLON_PHRASE
    NoField,
    /// INVALID_CONDITION_RELATION
    NoOperator,
    /// INVALID_CONDITION_VALUE, where nothing is
    NoValue,
    /// INVALID_CONDITION_VALUE
    BadValue,
    /// INVALID_CHARECTER
    BadCharacter,
    /// A quote within a word, or without its end.
    BadQuote,
    /// A value that ends in `\`.
    BadEscape,
    /// FREE_TEXT_ALLOWED_ONCE_PER_OBJ
    FreeTextTwice,
    /// INVALID_POST_CROSS_REF_OBJ
    AfterRelated,
    /// DOT_NOT_NEXT_TO_CROSS_REF_OBJ
    DotApart,
    /// INVALID_POST_CONDITION_VALUE_PHRASE
    Unexpected,
    /// INVALID_POST_OR_AND_PHRASE
    AfterConnector,
    /// INVALID_SORT_FIELD
    BadSortField,
    /// INVALID_SORT_DIRECTION
    BadDirection,
    /// INVALID_PAGE_FEILD
    BadPage,
    /// NOTHING_COMES_AFTER_PAGE_VALUE
    AfterPage,
    Unopened,
    Unclosed,
}

impl Problem {
    fn key(self) -> &'static str {
        match self {
            Problem::NoEntity => "search-error-entity",
            Problem::NoColon => "search-error-colon",
            Problem::TooLong => "search-error-long",
            Problem::TooDeep => "search-error-deep",
            Problem::NoField => "search-error-field",
            Problem::NoOperator => "search-error-operator",
            Problem::NoValue => "search-error-no-value",
            Problem::BadValue => "search-error-value",
            Problem::BadCharacter => "search-error-character",
            Problem::BadQuote => "search-error-quote",
            Problem::BadEscape => "search-error-escape",
            Problem::FreeTextTwice => "search-error-free-text",
            Problem::AfterRelated => "search-error-after-related",
            Problem::DotApart => "search-error-dot",
            Problem::Unexpected => "search-error-unexpected",
            Problem::AfterConnector => "search-error-after-connector",
            Problem::BadSortField => "search-error-sort-field",
            Problem::BadDirection => "search-error-direction",
            Problem::BadPage => "search-error-page",
            Problem::AfterPage => "search-error-after-page",
            Problem::Unopened => "search-error-unopened",
            Problem::Unclosed => "search-error-unclosed",
        }
    }
}

/// A mistake at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    pub problem: Problem,
    /// Bytes of the text.
    pub at: Range<usize>,
    /// What stands there.
    pub found: String,
    /// What could.
    pub expected: Vec<String>,
}

/// More than a person reads of what is there.
const SHOWN: usize = 40;
/// More than a person reads of what could be there.
const LISTED: usize = 12;

impl SyntaxError {
    pub(crate) fn new(problem: Problem, text: &str, at: Range<usize>, expected: Vec<String>) -> SyntaxError {
        let found = text.get(at.clone()).unwrap_or_default();
        SyntaxError { problem, at, found: found.chars().take(SHOWN).collect(), expected }
    }

    /// The place as people count it: the character, from 1.
    pub fn place(&self, text: &str) -> usize {
        text.get(..self.at.start).map_or(1, |before| before.chars().count() + 1)
    }

    /// In words; `text` is what was searched for.
    pub fn text(&self, text: &str) -> Text {
        let mut expected = self.expected.iter().take(LISTED).cloned().collect::<Vec<_>>().join(", ");
        if self.expected.len() > LISTED {
            expected.push_str(", …");
        }
        Text::new(self.problem.key())
            .with("found", &self.found)
            .with("place", self.place(text))
            .with("expected", expected)
    }
}
