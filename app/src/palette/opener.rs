//! The button of the command palette, and the key that opens it from everywhere in the portal.

use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;
use model::text::t;
use ui::{Icon, IconView};

use super::early::{self, Early};
use crate::later;

#[component]
pub fn Opener() -> impl IntoView {
    let (open, early) = (RwSignal::new(false), Early::new(None));
    // Whoever opens it types on at once.
    let turn = move |on: bool| {
        early.set_value(on.then(Default::default));
        open.set(on);
        if on {
            // What does not come is said in its place, and takes no keys.
            spawn_local(async move {
                if !later::fetch_palette().await {
                    let _ = early.try_set_value(None);
                }
            });
        }
    };
    Effect::new(move |_| {
        let handle = window_event_listener(ev::keydown, move |ev| {
            let is_open = open.get_untracked();
            if asks(&ev) && (is_open || !over_a_form()) {
                ev.prevent_default();
                turn(!is_open);
            } else if is_open && ev.key() == "Escape" && early.with_value(Option::is_some) {
                turn(false);
            } else {
                early::keep(early, &ev);
            }
        });
        on_cleanup(move || handle.remove());
    });
    // By the time of the press it is there.
    let fetch = move || {
        spawn_local(async {
            later::fetch_palette().await;
        });
    };
    view! {
        <button
            type="button"
            class="pf-v6-c-button pf-m-plain dr-needs-script"
            aria-label=t("palette")
            title=t("palette-key")
            aria-haspopup="dialog"
            aria-keyshortcuts="Control+K Meta+K"
            on:pointerenter=move |_| fetch()
            on:focus=move |_| fetch()
            on:click=move |_| turn(true)
        >
            <span class="pf-v6-c-button__icon"><IconView icon=Icon::Terminal/></span>
        </button>
        {move || open.get().then(|| later::palette(open, early))}
    }
    .into_any()
}

fn asks(ev: &ev::KeyboardEvent) -> bool {
    (ev.ctrl_key() != ev.meta_key()) && !ev.alt_key() && !ev.shift_key() && ev.key().eq_ignore_ascii_case("k")
}

/// Whoever fills in a form would lose it by going elsewhere.
fn over_a_form() -> bool {
    document().query_selector("dialog[open] form").ok().flatten().is_some()
}
