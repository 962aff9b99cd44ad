//! The words of a page in the browser. Its program has none: those of the page's language come beside it.

use model::language::Language;

/// Before anything is shown. The language is as the document names it.
pub fn give(language: &str, words: String) {
    let language = language.parse::<Language>().unwrap_or_default();
    model::text::give(language, words);
}
