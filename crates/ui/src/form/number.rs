//! A number with its unit. The value is the text as typed: a browser's number input throws away what is no
//! number, and then neither the message nor a page without JavaScript could show it.

use leptos::html;
use leptos::prelude::*;

use super::field::{FieldError, Frame};
use crate::dom;

/// A whole number; `unit` stands behind it ("MiB").
#[component]
pub fn NumberField(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(into)] value: Signal<String>,
    #[prop(optional, into)] on_input: Option<Callback<String>>,
    #[prop(optional, into)] unit: Option<String>,
    #[prop(optional, into)] error: FieldError,
    #[prop(optional, into)] help: Option<String>,
    #[prop(optional)] required: bool,
    #[prop(optional, into)] locked: Option<Signal<Option<String>>>,
) -> impl IntoView {
    let node = NodeRef::<html::Input>::new();
    dom::keep_value(node, value, on_input);
    let frame = Frame { name: name.clone(), label, help, error, required, locked };
    let is_locked = frame.is_locked();
    let input = view! {
        <span class=frame.control_class("pf-v6-c-form-control dr-number")>
            <input
                node_ref=node
                id=frame.id()
                name=name
                type="text"
                inputmode="numeric"
                value=value.get_untracked()
                autocomplete="off"
                readonly=is_locked
                aria-required=required.then_some("true")
                aria-invalid=frame.invalid()
                aria-describedby=frame.described_by()
                on:input:target=move |ev| {
                    if let Some(on_input) = on_input { on_input.run(ev.target().value()) }
                }
            />
        </span>
    }
    .into_any();
    let control = match unit {
        Some(unit) => view! {
            <div class="pf-v6-c-input-group dr-number__group">
                <div class="pf-v6-c-input-group__item pf-m-fill">{input}</div>
                <div class="pf-v6-c-input-group__item pf-m-box"><span class="pf-v6-c-input-group__text">{unit}</span></div>
            </div>
        }
        .into_any(),
        None => input,
    };
    frame.around(control)
}
