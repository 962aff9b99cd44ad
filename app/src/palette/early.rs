//! What is typed between the key that opens the palette and the palette itself, whose part of the program may still be
//! on its way: kept where everything is there from the beginning, and given to the palette when it comes.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

/// Nothing while nobody waits.
pub type Early = StoredValue<Option<Typed>>;

/// What was typed, and whether Enter was pressed behind it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Typed {
    pub text: String,
    pub enter: bool,
}

impl Typed {
    /// Takes a key as the palette's field would; says whether it did. What is behind Enter is not for the palette.
    fn take(&mut self, key: &str) -> bool {
        let mut letters = key.chars();
        match (key, letters.next(), letters.next()) {
            _ if self.enter => true,
            ("Enter", ..) => {
                self.enter = true;
                true
            }
            ("Backspace", ..) => {
                self.text.pop();
                true
            }
            (_, Some(letter), None) => {
                self.text.push(letter);
                true
            }
            _ => false,
        }
    }
}

/// Keeps the key from going elsewhere, while it is the palette's that is not there yet.
pub fn keep(early: Early, ev: &KeyboardEvent) {
    if ev.ctrl_key() || ev.meta_key() || ev.alt_key() || ev.is_composing() {
        return;
    }
    let taken = early.try_update_value(|typed| typed.as_mut().is_some_and(|typed| typed.take(&ev.key())));
    if taken == Some(true) {
        ev.prevent_default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_kept_as_the_field_would_have_them() {
        for (keys, text, enter, last) in [
            (&["w", "e", "b"] as &[&str], "web", false, true),
            (&["ä", " ", "1"], "ä 1", false, true),
            (&["a", "Backspace", "Backspace", "b"], "b", false, true),
            (&["a", "Enter", "b"], "a", true, true),
            (&["a", "Shift"], "a", false, false),
            (&["ArrowDown"], "", false, false),
            (&["Escape"], "", false, false),
        ] {
            let mut typed = Typed::default();
            let taken = keys.iter().map(|key| typed.take(key)).last();
            assert_eq!((typed, taken), (Typed { text: text.into(), enter }, Some(last)), "{keys:?}");
        }
    }
}
