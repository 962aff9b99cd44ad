//! A password. The server never renders a value into it, not even one that was just refused.

use leptos::html;
use leptos::prelude::*;

use super::field::{FieldError, Frame};
use crate::{Icon, IconView, dom};

/// A password, with a button that shows it while JavaScript runs.
#[component]
pub fn PasswordField(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(into)] value: Signal<String>,
    #[prop(optional, into)] on_input: Option<Callback<String>>,
    #[prop(optional, into)] error: FieldError,
    #[prop(optional, into)] help: Option<String>,
    #[prop(optional)] required: bool,
    #[prop(optional)] autofocus: bool,
    /// "current-password" or "new-password", for password managers.
    #[prop(default = "current-password")]
    autocomplete: &'static str,
    #[prop(into)] show_label: String,
    #[prop(into)] hide_label: String,
) -> impl IntoView {
    let node = NodeRef::<html::Input>::new();
    dom::keep_value(node, value, on_input);
    let shown = RwSignal::new(false);
    let frame = Frame { name: name.clone(), label, help, error, required, locked: None };
    let eye_label = move || if shown.get() { hide_label.clone() } else { show_label.clone() };
    let control = view! {
        <div class="pf-v6-c-input-group">
            <div class="pf-v6-c-input-group__item pf-m-fill">
                <span class=frame.control_class("pf-v6-c-form-control")>
                    <input
                        node_ref=node
                        id=frame.id()
                        name=name
                        type=move || if shown.get() { "text" } else { "password" }
                        autocomplete=autocomplete
                        autofocus=autofocus
                        spellcheck="false"
                        aria-required=required.then_some("true")
                        aria-invalid=frame.invalid()
                        aria-describedby=frame.described_by()
                        on:input:target=move |ev| {
                            if let Some(on_input) = on_input { on_input.run(ev.target().value()) }
                        }
                    />
                </span>
            </div>
            <div class="pf-v6-c-input-group__item dr-needs-script">
                <button type="button" class="pf-v6-c-button pf-m-control" aria-label=eye_label on:click=move |_| shown.update(|s| *s = !*s)>
                    <span class="pf-v6-c-button__icon">
                        {move || {
                            let icon = if shown.get() { Icon::EyeOff } else { Icon::Eye };
                            view! { <IconView icon=icon/> }
                        }}
                    </span>
                </button>
            </div>
        </div>
    }
    .into_any();
    frame.around(control)
}
