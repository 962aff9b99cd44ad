//! The chunk of what proposes while somebody types a search: the language, and the list under the search bar. The
//! grammar, fields and words are known here; names are looked up on the server.
#![allow(unsafe_code, reason = "the macro's own way into the chunk")]

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_split::wasm_split;
use model::text::{t, tn};
use search::{Completion, Line, Names, complete, value_of};

use super::{Chunk, Given, called, later};
use crate::api;
use crate::frame::{PROPOSALS, Typing, proposal_id};

pub fn proposals(typing: Typing) -> AnyView {
    later(Chunk::Proposals, Box::new(move || called(made(typing))))
}

#[wasm_split(proposals, fallible, wasm_split_path = leptos::wasm_split, preload(fetch))]
pub(super) fn made(typing: Typing) -> Given {
    Ok(list(typing))
}

/// A completion with the names that the server knows.
#[derive(Clone, PartialEq)]
struct Shown {
    text: String,
    completion: Completion,
    names: Vec<String>,
}

impl Shown {
    fn lines(&self) -> Vec<Line> {
        let before = self.text.get(..self.completion.handled).unwrap_or_default().trim_end();
        let before = if before.is_empty() { String::new() } else { format!("{before} ") };
        let names = self.names.iter().map(|name| Line { before: before.clone(), word: value_of(name) });
        names.chain(self.completion.lines.iter().cloned()).collect()
    }
}

/// More than anybody reads at once.
const MOST: usize = 60;

fn list(typing: Typing) -> AnyView {
    let completion =
        Memo::new(move |_| (typing.text.get(), complete(typing.entity.get(), &typing.text.get())));
    let names = known(completion, typing.open);
    let shown = Memo::new(move |_| {
        let (text, completion) = completion.get();
        Shown { text, completion, names: names.get() }
    });
    let lines = Memo::new(move |_| {
        let mut lines = shown.with(Shown::lines);
        lines.truncate(MOST);
        lines
    });
    typing.key.set_value(Some(Callback::new(move |key: String| pressed(&key, typing, lines))));
    let one = move |(n, line): (usize, Line)| proposal(n, line, typing);
    view! {
        <ul id=PROPOSALS class="dr-search__list" role="listbox" aria-label=t("search-proposals") hidden=move || !shows(typing, lines, shown)>
            {move || lines.get().into_iter().enumerate().map(one).collect_view()}
            {move || shown.with(wrong)}
        </ul>
        <div class="pf-v6-screen-reader" role="status">{move || told(typing, lines, shown)}</div>
    }
    .into_any()
}

fn shows(typing: Typing, lines: Memo<Vec<Line>>, shown: Memo<Shown>) -> bool {
    typing.open.get() && (!lines.with(Vec::is_empty) || shown.with(|s| s.completion.error.is_some()))
}

/// What a screen reader says of it.
fn told(typing: Typing, lines: Memo<Vec<Line>>, shown: Memo<Shown>) -> Option<String> {
    if !typing.open.get() {
        return None;
    }
    let wrong = shown.with(|s| s.completion.error.as_ref().map(|error| error.text(&s.text).to_string()));
    wrong.or_else(|| Some(tn("search-count", lines.with(Vec::len) as u64)))
}

fn proposal(n: usize, line: Line, typing: Typing) -> AnyView {
    let chosen = move || typing.active.get() == Some(n);
    let taken = line.clone();
    view! {
        <li
            id=proposal_id(n)
            class="dr-search__line"
            role="option"
            aria-selected=move || chosen().to_string()
            // The input keeps the focus.
            on:pointerdown=move |ev| { ev.prevent_default(); take(&taken, typing); }
        >
            <span class="dr-search__known">{line.before}</span>
            <strong>{line.word}</strong>
        </li>
    }
    .into_any()
}

/// The mistake, where it is: what was understood, what was not, and why.
fn wrong(shown: &Shown) -> Option<AnyView> {
    let error = shown.completion.error.as_ref()?;
    let (known, rest) = shown.text.split_at_checked(shown.completion.handled)?;
    Some(
        view! {
            <li class="dr-search__line dr-search__line--wrong" role="option" aria-disabled="true" aria-selected="false">
                <span class="dr-search__known">{known.to_owned()}</span>
                <span class="dr-search__wrong">{rest.to_owned()}</span>
                <span class="dr-search__why">{error.text(&shown.text).to_string()}</span>
            </li>
        }
        .into_any(),
    )
}

fn take(line: &Line, typing: Typing) {
    typing.text.set(line.taken());
    typing.active.set(None);
}

/// Whether the key was for the proposals.
fn pressed(key: &str, typing: Typing, lines: Memo<Vec<Line>>) -> bool {
    let (count, open) = (lines.with_untracked(Vec::len), typing.open.get_untracked());
    let active = typing.active.get_untracked();
    match key {
        "ArrowDown" | "ArrowUp" if count > 0 => {
            typing.open.set(true);
            typing.active.set(moved(active, count, key == "ArrowDown"));
            show_active(typing.active.get_untracked());
            true
        }
        "Enter" | "Tab" if open => {
            let line = active.and_then(|n| lines.with_untracked(|lines| lines.get(n).cloned()));
            line.is_some_and(|line| {
                take(&line, typing);
                true
            })
        }
        "Escape" if open => {
            typing.open.set(false);
            typing.active.set(None);
            true
        }
        _ => false,
    }
}

/// Beyond the ends is the input itself.
fn moved(active: Option<usize>, count: usize, down: bool) -> Option<usize> {
    match (active, down) {
        (None, true) => Some(0),
        (None, false) => Some(count - 1),
        (Some(n), true) => Some(n + 1).filter(|n| *n < count),
        (Some(n), false) => n.checked_sub(1),
    }
}

fn show_active(active: Option<usize>) {
    let Some(line) = active.and_then(|n| document().get_element_by_id(&proposal_id(n))) else { return };
    line.scroll_into_view_with_bool(false);
}

/// Names that fit, once the server has said; none while it has not.
fn known(completion: Memo<(String, Completion)>, open: RwSignal<bool>) -> RwSignal<Vec<String>> {
    let names = RwSignal::new(Vec::new());
    let wanted = Memo::new(move |_| completion.with(|(_, c)| c.names.clone()).filter(|_| open.get()));
    Effect::new(move |_| {
        let Some((of, begins)) = wanted.get() else { return names.set(Vec::new()) };
        let word = match of {
            Names::Of(entity) => entity.as_str(),
            Names::Tags => api::search::TAGS,
        };
        spawn_local(async move {
            let found = api::search::names(word.to_owned(), begins.clone()).await.unwrap_or_default();
            // Somebody may have typed on, or gone elsewhere.
            if wanted.try_get_untracked().flatten() == Some((of, begins)) {
                let _ = names.try_set(found);
            }
        });
    });
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arrows_go_through_the_input() {
        for (active, down, then) in [
            (None, true, Some(0)),
            (Some(0), true, Some(1)),
            (Some(2), true, None),
            (None, false, Some(2)),
            (Some(0), false, None),
        ] {
            assert_eq!(moved(active, 3, down), then);
        }
    }
}
