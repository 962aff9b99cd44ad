//! The button of the command palette, and the key that opens it from everywhere in the portal.

use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;
use model::text::t;
use ui::{Icon, IconView};

use crate::later;

#[component]
pub fn Opener() -> impl IntoView {
    let open = RwSignal::new(false);
    Effect::new(move |_| {
        let handle = window_event_listener(ev::keydown, move |ev| {
            if asks(&ev) && (open.get_untracked() || !over_a_form()) {
                ev.prevent_default();
                open.update(|open| *open = !*open);
            }
        });
        on_cleanup(move || handle.remove());
    });
    // By the time of the press it is there.
    let fetch = move || spawn_local(later::fetch_palette());
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
            on:click=move |_| open.set(true)
        >
            <span class="pf-v6-c-button__icon"><IconView icon=Icon::Terminal/></span>
        </button>
        {move || open.get().then(|| later::palette(open))}
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
