//! Check boxes and radio buttons. A box that is off sends nothing, one that is on sends `true`.

use leptos::html;
use leptos::prelude::*;

use super::choice::Choice;
use super::field::{FieldError, Frame};
use crate::dom;

/// A box with its label behind it.
#[component]
pub fn Checkbox(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(into)] checked: Signal<bool>,
    #[prop(optional, into)] on_change: Option<Callback<bool>>,
    #[prop(optional, into)] help: Option<String>,
    #[prop(optional, into)] error: FieldError,
    #[prop(optional, into)] locked: Option<Signal<Option<String>>>,
) -> impl IntoView {
    let node = NodeRef::<html::Input>::new();
    dom::keep_checked(node, checked, on_change);
    let frame = Frame { name: name.clone(), label: label.clone(), help, error, required: false, locked };
    let is_locked = frame.is_locked();
    view! {
        <div class="pf-v6-c-form__group">
            <div class="pf-v6-c-form__group-control">
                <div class="pf-v6-c-check">
                    <input
                        node_ref=node
                        class="pf-v6-c-check__input"
                        type="checkbox"
                        id=frame.id()
                        name=name
                        value="true"
                        checked=checked.get_untracked()
                        disabled=is_locked
                        aria-invalid=frame.invalid()
                        aria-describedby=frame.described_by()
                        on:change:target=move |ev| {
                            if let Some(on_change) = on_change { on_change.run(ev.target().checked()) }
                        }
                    />
                    <label class="pf-v6-c-check__label" for=frame.id()>{label}</label>
                </div>
                {frame.below()}
            </div>
        </div>
    }
    .into_any()
}

/// Boxes of one list: those that are on send their values under one name. `value` has them with commas between.
#[component]
pub fn CheckGroup(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(into)] choices: Signal<Vec<Choice>>,
    #[prop(into)] value: Signal<String>,
    #[prop(optional, into)] on_change: Option<Callback<String>>,
    #[prop(optional, into)] error: FieldError,
    #[prop(optional, into)] help: Option<String>,
) -> impl IntoView {
    let frame =
        Frame { name: name.clone(), label: label.clone(), help, error, required: false, locked: None };
    let base = frame.id();
    let boxes = move || {
        let one = |choice: Choice| {
            let id = format!("{base}-{}", choice.value);
            let mine = choice.value.clone();
            let marked = Signal::derive(move || value.with(|v| v.split(',').any(|one| one == mine)));
            let own = choice.value.clone();
            let change = move |on: bool| {
                if let Some(on_change) = on_change {
                    on_change.run(value.with_untracked(|v| marking(v, &own, on)));
                }
            };
            view! {
                <div class="pf-v6-c-check">
                    <input
                        class="pf-v6-c-check__input"
                        type="checkbox"
                        id=id.clone()
                        name=name.clone()
                        value=choice.value
                        checked=marked.get_untracked()
                        prop:checked=move || marked.get()
                        on:change:target=move |ev| change(ev.target().checked())
                    />
                    <label class="pf-v6-c-check__label" for=id>{choice.label}</label>
                </div>
            }
            .into_any()
        };
        choices.get().into_iter().map(one).collect_view()
    };
    view! {
        <fieldset class="pf-v6-c-form__group dr-radios" aria-describedby=frame.described_by()>
            <legend class="pf-v6-c-form__label"><span class="pf-v6-c-form__label-text">{label}</span></legend>
            <div class="pf-v6-c-form__group-control pf-m-stack">{boxes}</div>
            {frame.below()}
        </fieldset>
    }
    .into_any()
}

/// The list with one of its values put in or taken out.
fn marking(list: &str, one: &str, on: bool) -> String {
    let others = list.split(',').filter(|value| !value.is_empty() && *value != one);
    others.chain(on.then_some(one)).collect::<Vec<_>>().join(",")
}

/// Radio buttons: all choices in sight, each with a line of help.
#[component]
pub fn RadioGroup(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(into)] choices: Vec<Choice>,
    #[prop(into)] value: Signal<String>,
    #[prop(optional, into)] on_change: Option<Callback<String>>,
    #[prop(optional, into)] error: FieldError,
    #[prop(optional, into)] help: Option<String>,
    #[prop(optional, into)] locked: Option<Signal<Option<String>>>,
) -> impl IntoView {
    let frame = Frame { name: name.clone(), label: label.clone(), help, error, required: false, locked };
    let is_locked = frame.is_locked();
    let radio = |choice: Choice| {
        let (id, mine) = (format!("{}-{}", frame.id(), choice.value), choice.value.clone());
        let checked = mine.clone();
        let disabled = choice.disabled;
        view! {
            <div class="pf-v6-c-radio">
                <input
                    class="pf-v6-c-radio__input"
                    type="radio"
                    id=id.clone()
                    name=name.clone()
                    value=choice.value
                    checked=value.get_untracked() == mine
                    prop:checked=move || value.get() == checked
                    disabled=move || disabled || is_locked()
                    on:change=move |_| {
                        if let Some(on_change) = on_change { on_change.run(mine.clone()) }
                    }
                />
                <label class="pf-v6-c-radio__label" for=id>{choice.label}</label>
                {choice.help.map(|help| view! { <span class="pf-v6-c-radio__description">{help}</span> })}
            </div>
        }
        .into_any()
    };
    let radios: Vec<AnyView> = choices.into_iter().map(radio).collect();
    view! {
        <fieldset class="pf-v6-c-form__group dr-radios" aria-describedby=frame.described_by()>
            <legend class="pf-v6-c-form__label"><span class="pf-v6-c-form__label-text">{label}</span></legend>
            <div class="pf-v6-c-form__group-control pf-m-stack">{radios}</div>
            {frame.below()}
        </fieldset>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::marking;

    #[test]
    fn boxes_go_in_and_out_of_the_list() {
        assert_eq!(marking("", "a", true), "a");
        assert_eq!(marking("a,b", "a", true), "b,a");
        assert_eq!(marking("a,b", "a", false), "b");
        assert_eq!(marking("a", "a", false), "");
    }
}
