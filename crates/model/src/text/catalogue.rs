//! A language's texts: a key, and the words as they stand in the file. The files are Fluent's; what is read of it
//! is what they use: words, arguments, literals, and a choice by a number or a word. Fluent's own reader is
//! much to send to a browser for that; a test holds every text against it.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use super::pattern::simple;

/// Words as written.
#[derive(Debug, Clone, Copy)]
pub struct Words {
    pub words: &'static str,
    /// There is nothing to put in, as in most.
    pub simple: bool,
}

type Texts = HashMap<&'static str, Words, BuildHasherDefault<Quick>>;

/// A page asks for thousands of texts, by keys that nobody else makes up: FNV-1a, which is quick for such.
struct Quick(u64);

impl Default for Quick {
    fn default() -> Self {
        Quick(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for Quick {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// Key and words.
#[derive(Debug)]
pub struct Catalogue(Texts);

impl Catalogue {
    pub fn read(source: &'static str) -> Catalogue {
        let mut texts = Texts::with_capacity_and_hasher(source.len() / 48, BuildHasherDefault::default());
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

    pub fn get(&self, key: &str) -> Option<Words> {
        self.0.get(key).copied()
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

fn keep(texts: &mut Texts, source: &'static str, text: Option<(&'static str, usize, usize)>) {
    if let Some((key, from, to)) = text {
        let words = &source[from.min(to)..to];
        texts.insert(key, Words { words, simple: simple(words) });
    }
}
