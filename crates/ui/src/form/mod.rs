//! Forms. Every field has a label, a `name`, a value that the server can render, a help text and a place for its
//! message; all of that works by plain HTML, and the browser adds the two-way binding. A form never forgets what
//! was typed: see `dom::keep_value`.

mod check;
mod choice;
mod field;
mod find;
mod input;
mod number;
mod password;
mod side_tabs;
mod wizard;

use leptos::ev::SubmitEvent;
use leptos::html;
use leptos::prelude::*;

use crate::{Alert, Tone, dom};

pub use check::{CheckGroup, Checkbox, RadioGroup};
pub use choice::{Choice, Select};
pub use field::FieldError;
pub use find::FindField;
pub use input::{TextArea, TextField};
pub use number::NumberField;
pub use password::PasswordField;
pub use side_tabs::{SideTab, SideTabs};
pub use wizard::{Wizard, WizardAt, WizardStep, WizardTexts};

/// A form that posts to `action` without JavaScript. `submit_error` is the refusal of the whole form, shown at
/// its top; `attempt` counts refused submits: each moves the focus to the first invalid field.
#[component]
pub fn Form(
    #[prop(into)] id: String,
    #[prop(into)] action: String,
    #[prop(into)] submit_error: FieldError,
    /// "Danger alert:", read before the refusal.
    #[prop(into)]
    error_label: String,
    #[prop(into)] attempt: Signal<u32>,
    #[prop(optional)] horizontal: bool,
    /// The children lay themselves out, as side tabs do.
    #[prop(optional)]
    bare: bool,
    #[prop(optional, into)] on_submit: Option<Callback<SubmitEvent>>,
    children: Children,
) -> impl IntoView {
    let node = NodeRef::<html::Form>::new();
    focus_after_refusal(node, attempt);
    let class = match (bare, horizontal) {
        (true, _) => "dr-form-bare",
        (false, true) => "pf-v6-c-form pf-m-horizontal dr-form",
        (false, false) => "pf-v6-c-form dr-form",
    };
    let alert = move || {
        submit_error.get().map(|text| {
            view! { <div class="dr-form__alert"><Alert tone=Tone::Danger title=text tone_label=error_label.clone() assertive=true/></div> }
        })
    };
    // The browser's own checks would speak before ours and in other words.
    view! {
        <form
            node_ref=node
            id=id
            class=class
            method="post"
            action=action
            novalidate="novalidate"
            on:submit=move |ev| {
                if let Some(on_submit) = on_submit { on_submit.run(ev) }
            }
        >
            {alert}
            {children()}
        </form>
    }
    .into_any()
}

fn focus_after_refusal(node: NodeRef<html::Form>, attempt: Signal<u32>) {
    Effect::new(move |last: Option<u32>| {
        let now = attempt.get();
        if last.is_some_and(|last| last != now) {
            // Two frames: side tabs first show the panel with the field.
            dom::after_render(move || {
                dom::after_render(move || {
                    if let Some(form) = node.get_untracked() {
                        dom::focus_invalid(&form);
                    }
                })
            });
        }
        now
    });
}

/// A titled group of fields.
#[component]
pub fn FormSection(#[prop(into)] title: String, children: Children) -> impl IntoView {
    view! {
        <fieldset class="pf-v6-c-form__section dr-form__section">
            <legend class="pf-v6-c-form__section-title">{title}</legend>
            {children()}
        </fieldset>
    }
    .into_any()
}

/// Fields side by side where there is room.
#[component]
pub fn FormRow(children: Children) -> impl IntoView {
    view! { <div class="dr-form__row">{children()}</div> }.into_any()
}

/// The buttons below a form that is no dialog.
#[component]
pub fn FormActions(children: Children) -> impl IntoView {
    view! {
        <div class="pf-v6-c-form__group pf-m-action">
            <div class="pf-v6-c-form__actions">{children()}</div>
        </div>
    }
    .into_any()
}
