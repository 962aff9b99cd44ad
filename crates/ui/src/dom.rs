//! The few things that need the document itself: moving focus, and keeping an input and its signal together.
//! Called from handlers and effects only, never while a view is built, so the server never gets here.

use leptos::ev::{FocusEvent, KeyboardEvent};
use leptos::html::{self, ElementType};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlOptionElement};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    First,
    Last,
    Next,
    Previous,
}

const ITEMS: &str = "[role=menuitem]";

/// Focuses the first element that `selector` finds below `root`. Says whether there was one.
pub fn focus_first(root: &Element, selector: &str) -> bool {
    let found = root.query_selector(selector).ok().flatten().and_then(|el| el.dyn_into::<HtmlElement>().ok());
    found.is_some_and(|el| el.focus().is_ok())
}

/// Focuses the first field below `root` that is marked as invalid.
pub fn focus_invalid(root: &Element) -> bool {
    focus_first(root, "[aria-invalid=true]")
}

/// When the component that calls this goes, the focus goes back to where it was when it came: the browser does that
/// only for a dialog that is closed, not for one that leaves the page.
pub(crate) fn focus_back() {
    // All of it in the effect: the server never runs one, but cleans up on any of its threads.
    Effect::new(|_| focus_back_if(|| true));
}

/// Within an effect: when that ends, the focus goes back to where it is now, if it is `wanted` then.
pub(crate) fn focus_back_if(wanted: impl Fn() -> bool + Send + Sync + 'static) {
    let active = document().active_element().and_then(|el| el.dyn_into::<HtmlElement>().ok());
    let before = StoredValue::new_local(active);
    on_cleanup(move || {
        if let Some(before) = before.try_get_value().flatten().filter(|_| wanted()) {
            after_render(move || drop(there(before).map(|el| el.focus())));
        }
    });
}

/// The element, or the link that has taken its place since.
fn there(before: HtmlElement) -> Option<HtmlElement> {
    if before.is_connected() {
        return Some(before);
    }
    let link = format!("a[href=\"{}\"]", before.get_attribute("href")?);
    document().query_selector(&link).ok()??.dyn_into().ok()
}

/// Runs `f` when the views that just changed are in the document.
pub(crate) fn after_render(f: impl FnOnce() + 'static) {
    request_animation_frame(f);
}

/// Whether focus moves to something inside `root`.
pub(crate) fn goes_inside(ev: &FocusEvent, root: &Element) -> bool {
    let to = ev.related_target().and_then(|t| t.dyn_into::<web_sys::Node>().ok());
    to.is_some_and(|to| root.contains(Some(&to)))
}

/// The arrow keys, Home and End among the entries of a menu.
pub(crate) fn menu_key(ev: &KeyboardEvent, root: &Element) {
    let to = match ev.key().as_str() {
        "ArrowDown" => Step::Next,
        "ArrowUp" => Step::Previous,
        "Home" => Step::First,
        "End" => Step::Last,
        _ => return,
    };
    ev.prevent_default();
    step(root, to);
}

/// Moves focus among the entries of a menu, around its ends.
pub(crate) fn step(root: &Element, to: Step) {
    let Ok(list) = root.query_selector_all(ITEMS) else { return };
    let items: Vec<HtmlElement> =
        (0..list.length()).filter_map(|n| list.item(n)?.dyn_into::<HtmlElement>().ok()).collect();
    let active = document().active_element();
    let here = items.iter().position(|item| active.as_ref().is_some_and(|a| a.is_same_node(Some(item))));
    if let Some(item) = target(here, items.len(), to).and_then(|n| items.get(n)) {
        // Focus is refused only to an element that is not shown; then it stays where it is.
        let _ = item.focus();
    }
}

fn target(here: Option<usize>, count: usize, to: Step) -> Option<usize> {
    let last = count.checked_sub(1)?;
    Some(match (to, here) {
        (Step::First, _) | (Step::Next, None) => 0,
        (Step::Last, _) | (Step::Previous, None | Some(0)) => last,
        (Step::Next, Some(n)) if n >= last => 0,
        (Step::Next, Some(n)) => n + 1,
        (Step::Previous, Some(n)) => n - 1,
    })
}

/// The tab that a key leads to from `here`, around the ends; `back` and `forth` are the arrows of the tabs' direction.
pub(crate) fn next_tab(
    ids: &[&'static str],
    here: &str,
    key: &str,
    (back, forth): (&str, &str),
) -> Option<&'static str> {
    let at = ids.iter().position(|id| *id == here)?;
    let to = match key {
        "Home" => 0,
        "End" => ids.len() - 1,
        key if key == forth => (at + 1) % ids.len(),
        key if key == back => (at + ids.len() - 1) % ids.len(),
        _ => return None,
    };
    ids.get(to).copied()
}

/// The key's tab is up, and has the focus once it is drawn.
pub(crate) fn go_to_tab(
    ev: &KeyboardEvent,
    next: Option<&'static str>,
    up: RwSignal<&'static str>,
    list: NodeRef<html::Ul>,
) {
    let Some(next) = next else { return };
    ev.prevent_default();
    up.set(next);
    after_render(move || {
        if let Some(list) = list.get_untracked() {
            focus_first(&list, "[aria-selected=true]");
        }
    });
}

/// Puts a floating box at a point of the window, inside its edges.
pub(crate) fn place(el: &HtmlElement, x: i32, y: i32) {
    let room = |size: Result<leptos::wasm_bindgen::JsValue, _>, own: f64| {
        size.ok().and_then(|s| s.as_f64()).map_or(f64::MAX, |all| (all - own - 8.0).max(0.0))
    };
    let rect = el.get_bounding_client_rect();
    let left = f64::from(x).min(room(window().inner_width(), rect.width()));
    let top = f64::from(y).min(room(window().inner_height(), rect.height()));
    // Through the object model, which a content security policy without inline styles allows.
    let style = el.style();
    let _ = style.set_property("left", &format!("{left}px"));
    let _ = style.set_property("top", &format!("{top}px"));
}

/// An element with a `value`.
pub(crate) trait Valued: JsCast {
    fn now(&self) -> String;
    /// What it had before anybody touched it.
    fn initial(&self) -> String;
    fn put(&self, value: &str);
}

impl Valued for web_sys::HtmlInputElement {
    fn now(&self) -> String {
        self.value()
    }

    fn initial(&self) -> String {
        self.default_value()
    }

    fn put(&self, value: &str) {
        self.set_value(value)
    }
}

impl Valued for web_sys::HtmlTextAreaElement {
    fn now(&self) -> String {
        self.value()
    }

    fn initial(&self) -> String {
        self.default_value().unwrap_or_default()
    }

    fn put(&self, value: &str) {
        self.set_value(value)
    }
}

impl Valued for web_sys::HtmlSelectElement {
    fn now(&self) -> String {
        self.value()
    }

    fn initial(&self) -> String {
        let options = self.options();
        let all = (0..options.length()).filter_map(|n| options.item(n)?.dyn_into::<HtmlOptionElement>().ok());
        let all: Vec<HtmlOptionElement> = all.collect();
        let first = all.iter().find(|o| o.default_selected()).or_else(|| all.iter().find(|o| !o.disabled()));
        first.map(HtmlOptionElement::value).unwrap_or_default()
    }

    fn put(&self, value: &str) {
        self.set_value(value)
    }
}

/// Keeps a field and its signal together. What was typed before the page came alive wins over what the
/// server rendered: a form never loses what was typed. (`prop:value` would overwrite it.)
pub(crate) fn keep_value<E>(node: NodeRef<E>, value: Signal<String>, on_input: Option<Callback<String>>)
where
    E: ElementType,
    E::Output: Valued + Clone + 'static,
{
    Effect::new(move |seen: Option<bool>| {
        let wanted = value.get();
        let Some(el) = node.get() else { return false };
        let now = el.now();
        let typed_before = seen != Some(true) && now != el.initial();
        match on_input {
            _ if now == wanted => {}
            Some(on_input) if typed_before => on_input.run(now),
            _ => el.put(&wanted),
        }
        true
    });
}

/// As `keep_value`, for a box.
pub(crate) fn keep_checked(
    node: NodeRef<html::Input>,
    checked: Signal<bool>,
    on_change: Option<Callback<bool>>,
) {
    Effect::new(move |seen: Option<bool>| {
        let wanted = checked.get();
        let Some(el) = node.get() else { return false };
        let now = el.checked();
        let set_before = seen != Some(true) && now != el.default_checked();
        match on_change {
            _ if now == wanted => {}
            Some(on_change) if set_before => on_change.run(now),
            _ => el.set_checked(wanted),
        }
        true
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn focus_goes_around_the_ends_of_a_menu() {
        for (here, count, to, expected) in [
            (None, 0, Step::Next, None),
            (None, 3, Step::Next, Some(0)),
            (None, 3, Step::Previous, Some(2)),
            (Some(2), 3, Step::Next, Some(0)),
            (Some(0), 3, Step::Previous, Some(2)),
            (Some(1), 3, Step::Previous, Some(0)),
            (Some(1), 3, Step::First, Some(0)),
            (Some(1), 3, Step::Last, Some(2)),
        ] {
            assert_eq!(target(here, count, to), expected, "{here:?} {to:?}");
        }
    }
}
