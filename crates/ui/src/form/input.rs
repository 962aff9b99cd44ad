//! Fields for text: one line, or several.

use leptos::html;
use leptos::prelude::*;

use super::field::{FieldError, Frame};
use crate::dom;

/// One line of text.
#[component]
pub fn TextField(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(into)] value: Signal<String>,
    #[prop(optional, into)] on_input: Option<Callback<String>>,
    #[prop(optional, into)] error: FieldError,
    #[prop(optional, into)] help: Option<String>,
    #[prop(optional)] required: bool,
    #[prop(optional)] autofocus: bool,
    /// The HTML type: "text" (default), "email", "search", "url".
    #[prop(default = "text")]
    kind: &'static str,
    #[prop(optional, into)] autocomplete: Option<String>,
    #[prop(optional, into)] placeholder: Option<String>,
    #[prop(optional)] max_length: Option<u32>,
    /// The id of the `datalist` that it completes from.
    #[prop(optional, into)]
    list: Option<String>,
    /// Why it cannot be changed now.
    #[prop(optional, into)]
    locked: Option<Signal<Option<String>>>,
) -> impl IntoView {
    let node = NodeRef::<html::Input>::new();
    dom::keep_value(node, value, on_input);
    let frame = Frame { name: name.clone(), label, help, error, required, locked };
    let is_locked = frame.is_locked();
    let control = view! {
        <span class=frame.control_class("pf-v6-c-form-control")>
            <input
                node_ref=node
                id=frame.id()
                name=name
                type=kind
                value=value.get_untracked()
                autocomplete=autocomplete.unwrap_or_else(|| "off".to_owned())
                placeholder=placeholder
                maxlength=max_length
                list=list
                autofocus=autofocus
                spellcheck="false"
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
    frame.around(control)
}

/// Several lines of text.
#[component]
pub fn TextArea(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(into)] value: Signal<String>,
    #[prop(optional, into)] on_input: Option<Callback<String>>,
    #[prop(optional, into)] error: FieldError,
    #[prop(optional, into)] help: Option<String>,
    #[prop(optional)] required: bool,
    #[prop(default = 3)] rows: u32,
    #[prop(optional, into)] locked: Option<Signal<Option<String>>>,
) -> impl IntoView {
    let node = NodeRef::<html::Textarea>::new();
    dom::keep_value(node, value, on_input);
    let frame = Frame { name: name.clone(), label, help, error, required, locked };
    let is_locked = frame.is_locked();
    let control = view! {
        <span class=frame.control_class("pf-v6-c-form-control pf-m-textarea pf-m-resize-vertical")>
            <textarea
                node_ref=node
                id=frame.id()
                name=name
                rows=rows
                readonly=is_locked
                aria-required=required.then_some("true")
                aria-invalid=frame.invalid()
                aria-describedby=frame.described_by()
                on:input:target=move |ev| {
                    if let Some(on_input) = on_input { on_input.run(ev.target().value()) }
                }
                inner_html=escaped(&value.get_untracked())
            ></textarea>
        </span>
    }
    .into_any();
    frame.around(control)
}

/// The text as HTML. Leptos writes the children of a `<textarea>` as they are, so a value with `</textarea>` in
/// it would end the element and go on as markup.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
