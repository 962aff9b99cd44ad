//! A language's texts: a key, and the words as they stand in the file. The files are Fluent's; what is read of it
//! is what they use: words, arguments, literals, and a choice by a number or a word. Fluent's own reader would be a tenth
//! of what a browser is sent, and take tens of times as long; a test holds every text against it.

use std::collections::HashMap;

use super::pattern::simple;

/// Key and words, as written.
#[derive(Debug)]
pub struct Catalogue(HashMap<&'static str, &'static str>);

impl Catalogue {
    pub fn read(source: &'static str) -> Catalogue {
        let mut texts = HashMap::with_capacity(source.len() / 48);
        // A text begins at a line's beginning; what goes on with it is indented, or closes its brace.
        let mut begun: Option<(&'static str, usize, usize)> = None;
        let mut at = 0;
        for line in source.split_inclusive('\n') {
            let end = at + line.trim_end().len();
            match (key(line), &mut begun) {
                (Some((key, words)), _) => {
                    keep(&mut texts, source, begun.take());
                    begun = Some((key, at + words, end));
                }
                (None, Some((_, _, until))) if line.starts_with([' ', '}']) => *until = end.max(*until),
                (None, _) => keep(&mut texts, source, begun.take()),
            }
            at += line.len();
        }
        keep(&mut texts, source, begun);
        Catalogue(texts)
    }

    pub fn get(&self, key: &str) -> Option<&'static str> {
        self.0.get(key).copied()
    }

    /// The words of a text that has no arguments, all that most have.
    pub fn simple(&self, key: &str) -> Option<&'static str> {
        self.get(key).filter(|words| simple(words))
    }

    #[cfg(not(target_arch = "wasm32"))]
    pub fn keys(&self) -> impl Iterator<Item = &'static str> {
        self.0.keys().copied()
    }
}

/// The key that a line begins with, and where its words begin.
fn key(line: &'static str) -> Option<(&'static str, usize)> {
    if !line.starts_with(|c: char| c.is_ascii_lowercase()) {
        return None;
    }
    let (key, words) = line.split_once('=')?;
    Some((key.trim_end(), line.len() - words.trim_start_matches(' ').len()))
}

fn keep(
    texts: &mut HashMap<&'static str, &'static str>,
    source: &'static str,
    text: Option<(&'static str, usize, usize)>,
) {
    if let Some((key, from, to)) = text {
        texts.insert(key, &source[from.min(to)..to]);
    }
}
