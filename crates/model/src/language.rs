//! Which language words are in. A browser has one for a page's life. The server has many readers at once: there the
//! language goes along with what is done for a reader (`speaking`), whichever thread does it and whatever executor
//! runs it, so that nobody who words something has to be told for whom.

use std::cell::Cell;
use std::future::Future;
use std::pin::Pin;
use std::str::FromStr;
use std::task::{Context, Poll};

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Language {
    /// What is spoken where nobody said anything else.
    #[default]
    #[serde(rename = "en")]
    English,
    #[serde(rename = "de")]
    German,
}

thread_local! {
    static SPOKEN: Cell<Language> = const { Cell::new(Language::English) };
}

impl Language {
    pub const ALL: [Language; 2] = [Language::English, Language::German];

    /// As HTML, HTTP and addresses name it.
    pub fn tag(self) -> &'static str {
        match self {
            Language::English => "en",
            Language::German => "de",
        }
    }

    /// Its own name in itself: whoever looks for it reads no other.
    pub fn name(self) -> &'static str {
        match self {
            Language::English => "English",
            Language::German => "Deutsch",
        }
    }

    /// What stands between a number and its fraction.
    pub fn decimal(self) -> char {
        match self {
            Language::English => '.',
            Language::German => ',',
        }
    }

    /// What stands between the thousands of a number.
    pub fn thousands(self) -> char {
        match self {
            Language::English => ',',
            Language::German => '.',
        }
    }

    /// The one that a browser's `Accept-Language` likes best of those that there are.
    pub fn accepted(header: &str) -> Option<Language> {
        let mut best: Option<(f32, Language)> = None;
        for part in header.split(',') {
            let mut words = part.split(';').map(str::trim);
            let Some(language) = words.next().and_then(|tag| tag.parse().ok()) else { continue };
            let weight = words.find_map(|w| w.strip_prefix("q=")).map_or(Some(1.0), |q| q.parse().ok());
            // Of two that are liked as well, the first.
            if let Some(weight) = weight.filter(|w| *w > best.map_or(0.0, |(w, _)| w)) {
                best = Some((weight, language));
            }
        }
        best.map(|(_, language)| language)
    }
}

/// `de`, `de-AT` and `de_DE` are German.
impl FromStr for Language {
    type Err = ();

    fn from_str(tag: &str) -> Result<Language, ()> {
        let first = tag.split(['-', '_']).next().unwrap_or_default();
        Language::ALL.into_iter().find(|language| first.eq_ignore_ascii_case(language.tag())).ok_or(())
    }
}

/// The language of whatever is being done.
pub fn spoken() -> Language {
    SPOKEN.get()
}

/// For a browser, whose page is in one language until it is loaded anew.
pub fn speak_always(language: Language) {
    SPOKEN.set(language);
}

/// Does it in a language, and goes back to the one before, even out of a panic.
pub fn speak<R>(language: Language, doing: impl FnOnce() -> R) -> R {
    struct Before(Language);
    impl Drop for Before {
        fn drop(&mut self) {
            SPOKEN.set(self.0);
        }
    }
    let _before = Before(SPOKEN.replace(language));
    doing()
}

/// A future that speaks a language whenever it is polled.
#[derive(Debug)]
pub struct Speaking<F> {
    language: Language,
    doing: Pin<Box<F>>,
}

pub fn speaking<F>(language: Language, doing: F) -> Speaking<F> {
    Speaking { language, doing: Box::pin(doing) }
}

impl<F: Future> Future for Speaking<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let language = self.language;
        speak(language, || self.doing.as_mut().poll(cx))
    }
}

#[cfg(test)]
mod tests {
    use super::Language::{English, German};
    use super::*;

    #[test]
    fn tags_are_read_whatever_their_country() {
        for (tag, language) in [
            ("de", Ok(German)),
            ("de-DE", Ok(German)),
            ("DE_at", Ok(German)),
            ("en-US", Ok(English)),
            ("deu", Err(())),
            ("fr", Err(())),
            ("", Err(())),
            ("*", Err(())),
        ] {
            assert_eq!(tag.parse::<Language>(), language, "{tag:?}");
        }
    }

    #[test]
    fn a_browser_gets_what_it_likes_best_of_what_there_is() {
        for (header, language) in [
            ("", None),
            ("*", None),
            ("fr, it;q=0.5", None),
            ("de", Some(German)),
            ("de-DE,de;q=0.9,en-US;q=0.8,en;q=0.7", Some(German)),
            ("en-US,en;q=0.9,de;q=0.8", Some(English)),
            ("fr,de;q=0.4,en;q=0.3", Some(German)),
            ("en;q=0.3, de;q=0.4", Some(German)),
            ("en;q=0.5,de;q=0.5", Some(English)),
            ("de;q=0, en", Some(English)),
            ("de;q=0", None),
            ("de;q=much", None),
        ] {
            assert_eq!(Language::accepted(header), language, "{header:?}");
        }
    }

    /// Hands on once between its halves, as whatever waits for a database does.
    struct Twice(bool, Vec<Language>);
    impl Future for Twice {
        type Output = Vec<Language>;
        fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Vec<Language>> {
            self.1.push(spoken());
            if std::mem::replace(&mut self.0, true) { Poll::Ready(self.1.clone()) } else { Poll::Pending }
        }
    }

    #[test]
    fn two_readers_on_one_thread_are_kept_apart() {
        let mut cx = Context::from_waker(std::task::Waker::noop());
        let mut one = Box::pin(speaking(German, Twice(false, Vec::new())));
        let mut other = Box::pin(speaking(English, Twice(false, Vec::new())));
        assert!(one.as_mut().poll(&mut cx).is_pending());
        assert!(other.as_mut().poll(&mut cx).is_pending());
        assert_eq!(one.as_mut().poll(&mut cx), Poll::Ready(vec![German, German]));
        assert_eq!(other.as_mut().poll(&mut cx), Poll::Ready(vec![English, English]));
        assert_eq!(spoken(), English);
    }

    #[test]
    fn a_panic_leaves_the_language_as_it_was() {
        let ended = std::panic::catch_unwind(|| speak(German, || panic!("as it may")));
        assert!(ended.is_err());
        assert_eq!(spoken(), English);
    }
}
