//! A choice from a list, as the native `<select>`: the keyboard, the phone and a page without JavaScript all
//! know it. Choices with the same `group` stand together.

use leptos::html;
use leptos::prelude::*;

use super::field::{FieldError, Frame};
use crate::{Icon, IconView, dom};

/// One of the things to choose from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    pub value: String,
    pub label: String,
    /// Shown below the label of a radio button.
    pub help: Option<String>,
    pub group: Option<String>,
    pub disabled: bool,
}

impl Choice {
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Choice { value: value.into(), label: label.into(), help: None, group: None, disabled: false }
    }

    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }

    pub fn group(mut self, title: impl Into<String>) -> Self {
        self.group = Some(title.into());
        self
    }

    pub fn disabled(mut self, disabled: bool) -> Self {
        self.disabled = disabled;
        self
    }
}

/// A list to choose from.
#[component]
pub fn Select(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(into)] choices: Signal<Vec<Choice>>,
    #[prop(into)] value: Signal<String>,
    #[prop(optional, into)] on_change: Option<Callback<String>>,
    #[prop(optional, into)] error: FieldError,
    #[prop(optional, into)] help: Option<String>,
    #[prop(optional)] required: bool,
    #[prop(optional, into)] locked: Option<Signal<Option<String>>>,
) -> impl IntoView {
    let node = NodeRef::<html::Select>::new();
    // The element forgets its value when its options change, so it follows both.
    let wanted = Signal::derive(move || {
        choices.track();
        value.get()
    });
    dom::keep_value(node, wanted, on_change);
    let frame = Frame { name: name.clone(), label, help, error, required, locked };
    let is_locked = frame.is_locked();
    let sent = name.clone();
    // A disabled list is not submitted, so its value goes along hidden.
    let hidden =
        move || is_locked().then(|| view! { <input type="hidden" name=sent.clone() value=value.get()/> });
    let control = view! {
        <span class=frame.control_class("pf-v6-c-form-control dr-select")>
            <select
                node_ref=node
                id=frame.id()
                name=name
                disabled=is_locked
                aria-required=required.then_some("true")
                aria-invalid=frame.invalid()
                aria-describedby=frame.described_by()
                on:change:target=move |ev| {
                    if let Some(on_change) = on_change { on_change.run(ev.target().value()) }
                }
            >
                {move || options(choices.get(), &value.get_untracked())}
            </select>
            <span class="pf-v6-c-form-control__utilities">
                <span class="pf-v6-c-form-control__toggle-icon"><IconView icon=Icon::ChevronDown/></span>
            </span>
        </span>
        {hidden}
    }
    .into_any();
    frame.around(control)
}

fn options(choices: Vec<Choice>, chosen: &str) -> AnyView {
    let mut groups: Vec<(Option<String>, Vec<AnyView>)> = Vec::new();
    for choice in choices {
        let selected = choice.value == chosen;
        let option = view! {
            <option value=choice.value selected=selected disabled=choice.disabled>{choice.label}</option>
        }
        .into_any();
        match groups.last_mut() {
            Some((group, list)) if *group == choice.group => list.push(option),
            _ => groups.push((choice.group, vec![option])),
        }
    }
    let view = groups.into_iter().map(|(group, list)| match group {
        Some(title) => view! { <optgroup label=title>{list}</optgroup> }.into_any(),
        None => list.into_any(),
    });
    view.collect_view().into_any()
}
