//! The last refusal of a deed that has no form of its own to say it in: an alert above the page's content.

use leptos::prelude::*;
use model::Fault;
use model::text::t;
use ui::{Alert, Tone};

use crate::forms::dialog::{list, way_on};

#[derive(Clone, Copy)]
pub struct Trouble(RwSignal<Option<Fault>>);

impl Trouble {
    pub fn provide() -> Trouble {
        let trouble = Trouble(RwSignal::new(None));
        provide_context(trouble);
        trouble
    }

    pub fn show(self, fault: Fault) {
        self.0.set(Some(fault));
    }

    pub fn clear(self) {
        self.0.set(None);
    }
}

/// Where it is shown.
#[component]
pub fn TroubleAlert(trouble: Trouble) -> impl IntoView {
    let alert = move |fault: Fault| {
        let (title, reasons, way) = match fault {
            Fault::Forbidden(r) | Fault::Refused(r) | Fault::Unavailable(r) => (
                r.text.to_string(),
                r.reasons.iter().map(ToString::to_string).collect(),
                r.way.and_then(way_on),
            ),
            other => (other.to_string(), Vec::new(), None),
        };
        view! {
            <Alert
                tone=Tone::Danger
                title=title
                tone_label=t("alert-danger")
                assertive=true
                close_label=t("form-close")
                on_close=move |()| trouble.clear()
            >
                {list(reasons)}
                {way}
            </Alert>
        }
        .into_any()
    };
    view! { <div class="dr-trouble">{move || trouble.0.get().map(alert)}</div> }.into_any()
}
