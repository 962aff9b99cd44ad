//! Which columns of a list somebody wants to see, in their order. A column is known by the word by which it sorts, so
//! that what was kept still fits when a later version has more of them.

use serde::{Deserialize, Serialize};

use crate::id::Kind;
use crate::{FieldErrors, Text};

/// More than any list has.
const MOST: usize = 50;

/// The words of the columns that are shown, the first at the left.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Columns(pub Vec<String>);

impl Columns {
    pub fn errors(&self) -> FieldErrors {
        let mut e = FieldErrors::default();
        if self.0.is_empty() {
            e.add("columns", Text::new("field-columns-none"));
        }
        let word = |w: &String| {
            !w.is_empty()
                && w.len() <= MOST
                && w.bytes().all(|b| b.is_ascii_lowercase() || b == b'_' || b == b'-')
        };
        let twice = (1..self.0.len()).any(|n| self.0[..n].contains(&self.0[n]));
        if self.0.len() > MOST || twice || !self.0.iter().all(word) {
            e.add("columns", Text::new("field-unknown-choice"));
        }
        e
    }
}

/// Under what the columns of a kind's list are kept.
pub fn key(kind: Kind) -> String {
    format!("columns.{}", kind.as_str())
}

/// What is shown of `all` in which order, each with whether it is shown to whom has not chosen: the numbers of the
/// columns. The first column has the name and the link, and always stays.
pub fn shown(all: &[(&str, bool)], chosen: Option<&Columns>) -> Vec<usize> {
    let usual = || (0..all.len()).filter(|n| *n == 0 || all[*n].1).collect();
    let Some(chosen) = chosen else { return usual() };
    let place = |word: &String| all.iter().position(|(known, _)| known == word);
    let mut found: Vec<usize> = chosen.0.iter().filter_map(place).collect();
    if !found.contains(&0) {
        found.insert(0, 0);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(words: &[&str]) -> Columns {
        Columns(words.iter().map(|w| (*w).to_owned()).collect())
    }

    #[test]
    fn what_is_shown() {
        let all = [("name", true), ("comment", false), ("status", true), ("id", false)];
        for (chosen, numbers) in [
            (None, vec![0, 2]),
            (Some(columns(&["status", "name"])), vec![2, 0]),
            (Some(columns(&["id", "gone", "status"])), vec![0, 3, 2]),
            (Some(columns(&["gone"])), vec![0]),
        ] {
            assert_eq!(shown(&all, chosen.as_ref()), numbers, "{chosen:?}");
        }
    }

    #[test]
    fn what_can_be_kept() {
        let long = "x".repeat(51);
        for (words, fine) in [
            (vec!["name", "data_center"], true),
            (vec![], false),
            (vec!["name", "name"], false),
            (vec!["Name"], false),
            (vec![long.as_str()], false),
            (vec![""], false),
        ] {
            assert_eq!(columns(&words).errors().is_empty(), fine, "{words:?}");
        }
    }
}
