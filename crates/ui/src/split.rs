//! A list above and the details of the chosen thing below, with a bar between them that the pointer and the arrow
//! keys move. The caller keeps the share. On a low or narrow screen the two simply follow each other.

use leptos::ev::{KeyboardEvent, PointerEvent};
use leptos::html;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;

/// The lower part's share of the height in percent, within these bounds.
const SHARE: std::ops::RangeInclusive<f64> = 15.0..=80.0;
pub const DEFAULT_SHARE: f64 = 42.0;
/// What one press of an arrow key moves, in percent.
const KEY_STEP: f64 = 4.0;

/// The two parts. `below` is shown while `open`; `label` names the bar.
#[component]
pub fn Split(
    #[prop(into)] label: String,
    #[prop(into)] open: Signal<bool>,
    #[prop(into)] below: ViewFn,
    /// The lower part's share, in percent.
    #[prop(default = RwSignal::new(DEFAULT_SHARE))]
    share: RwSignal<f64>,
    children: Children,
) -> impl IntoView {
    let node = NodeRef::<html::Div>::new();
    apply(node, share);
    let set = move |to: f64| share.set(bounded(to));
    let key = move |ev: KeyboardEvent| {
        if let Some(to) = by_key(share.get_untracked(), &ev.key()) {
            ev.prevent_default();
            set(to);
        }
    };
    let drag = move |ev: PointerEvent| {
        let Some(split) = node.get_untracked().filter(|_| ev.buttons() == 1) else { return };
        let rect = split.get_bounding_client_rect();
        set(by_pointer(rect.top(), rect.height(), f64::from(ev.client_y())));
    };
    let lower = move || {
        let label = label.clone();
        let below = below.clone();
        open.get().then(move || {
            view! {
                <div
                    class="dr-split__bar"
                    role="separator"
                    tabindex="0"
                    aria-orientation="horizontal"
                    aria-label=label
                    aria-valuemin=SHARE.start().to_string()
                    aria-valuemax=SHARE.end().to_string()
                    aria-valuenow=move || format!("{:.0}", bounded(share.get()))
                    on:keydown=key
                    on:pointerdown=grab
                    on:pointermove=drag
                ></div>
                <div class="dr-split__below">{below.run()}</div>
            }
            .into_any()
        })
    };
    view! {
        <div node_ref=node class="dr-split">
            <div class="dr-split__above">{children()}</div>
            {lower}
        </div>
    }
    .into_any()
}

/// Through the object model: the content security policy allows no style in the HTML.
fn apply(node: NodeRef<html::Div>, share: RwSignal<f64>) {
    Effect::new(move |_| {
        let share = bounded(share.get());
        if let Some(split) = node.get() {
            let style = web_sys::HtmlElement::style(&split);
            // Fails for a read-only style only, which an element's own never is.
            let _ = style.set_property("--dr-split-below", &format!("{share:.1}%"));
        }
    });
}

/// Keeps the pointer's moves coming while it is held, also when it leaves the bar.
fn grab(ev: PointerEvent) {
    if let Some(bar) = ev.current_target().and_then(|t| t.dyn_into::<web_sys::Element>().ok()) {
        ev.prevent_default();
        let _ = bar.set_pointer_capture(ev.pointer_id());
    }
}

fn bounded(share: f64) -> f64 {
    if share.is_finite() { share.clamp(*SHARE.start(), *SHARE.end()) } else { DEFAULT_SHARE }
}

fn by_key(share: f64, key: &str) -> Option<f64> {
    Some(match key {
        "ArrowUp" => share + KEY_STEP,
        "ArrowDown" => share - KEY_STEP,
        "Home" => *SHARE.end(),
        "End" => *SHARE.start(),
        _ => return None,
    })
}

fn by_pointer(top: f64, height: f64, y: f64) -> f64 {
    100.0 * (1.0 - (y - top) / height.max(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_follows_pointer_and_keys_within_its_bounds() {
        assert_eq!(by_pointer(100.0, 400.0, 300.0), 50.0);
        assert_eq!(bounded(by_pointer(100.0, 400.0, 9000.0)), 15.0);
        assert_eq!(bounded(f64::NAN), DEFAULT_SHARE);
        assert_eq!(by_key(42.0, "ArrowUp"), Some(46.0));
        assert_eq!(by_key(42.0, "End"), Some(15.0));
        assert_eq!(by_key(42.0, "x"), None);
    }
}
