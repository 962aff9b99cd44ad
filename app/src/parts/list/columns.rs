//! Which columns a list shows: those that somebody chose, else those that everybody begins with. The server renders
//! with the same, so nothing jumps.

use leptos::prelude::*;
use model::columns::{Columns, shown};

use super::Head;
use super::kind::ListKind;
use crate::pages::portal::Begun;

/// The columns that are shown, each with its number among all of them.
pub fn of_list(kind: &ListKind) -> Vec<(usize, Head)> {
    let heads = (kind.heads)();
    let begun = use_context::<Begun>().and_then(|begun| begun.0);
    let chosen = begun.and_then(|mut start| start.columns.remove(kind.kind.as_str()));
    numbers(&heads, chosen.as_ref()).into_iter().map(|n| (n, heads[n])).collect()
}

/// The numbers of those of `heads` that are shown.
pub fn numbers(heads: &[Head], chosen: Option<&Columns>) -> Vec<usize> {
    let all: Vec<(&str, bool)> = heads.iter().map(|head| (head.word(), !head.hidden)).collect();
    shown(&all, chosen)
}
