//! Whether the live stream is up, as a quiet banner when it is not. The page goes on as it is and recovers by
//! itself; only a newer build of the page asks the person to reload, and never by itself, so that nothing typed
//! is lost.

use leptos::prelude::*;
use model::text::t;
use ui::{Banner, Tone};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Connection {
    /// Up, or not tried yet.
    #[default]
    Fine,
    Lost,
    /// The server runs a newer build than this page.
    NewerBuild,
    /// The session is over, or shows less than before; the page keeps what is being typed.
    Ended,
}

/// The banner; nothing while all is fine.
#[component]
pub fn ConnectionBanner(#[prop(into)] state: Signal<Connection>) -> impl IntoView {
    // The region is always there, so that what appears in it is announced.
    view! { <div aria-live="polite">{move || banner(state.get())}</div> }.into_any()
}

fn banner(state: Connection) -> Option<AnyView> {
    match state {
        Connection::Fine => None,
        Connection::Lost => {
            Some(view! { <Banner tone=Tone::Warning>{t("frame-connection-lost")}</Banner> }.into_any())
        }
        Connection::NewerBuild => Some(reload(Tone::Info, "frame-build-changed")),
        Connection::Ended => Some(reload(Tone::Warning, "frame-session-ended")),
    }
}

/// Asks the person to reload, when it suits them.
fn reload(tone: Tone, key: &str) -> AnyView {
    let text = t(key);
    let link = view! { <a href="" rel="external">{t("frame-reload")}</a> };
    view! { <Banner tone=tone>{text}" "{link}</Banner> }.into_any()
}
