//! A search inside of a dialog's form, which belongs to a form of its own somewhere else in the page: it is sent by GET
//! and the page comes back with what was found, with and without JavaScript.

use leptos::prelude::*;

use super::choice::Choice;
use crate::{Icon, IconView};

/// A word to look for, and where. `form` is the id of the form that sends both.
#[component]
pub fn FindField(
    form: &'static str,
    /// Where: the list's name, its label, its choices, and the one that is chosen.
    #[prop(into)]
    place: (&'static str, String, Vec<Choice>, String),
    name: &'static str,
    #[prop(into)] label: String,
    #[prop(into)] help: String,
    #[prop(into)] value: String,
    #[prop(into)] button: String,
) -> impl IntoView {
    let (of, of_label, choices, chosen) = place;
    let one = |choice: Choice| {
        let selected = choice.value == chosen;
        view! { <option value=choice.value selected=selected>{choice.label}</option> }.into_any()
    };
    let options = choices.into_iter().map(one).collect_view();
    let list = view! {
        <span class="pf-v6-c-form-control dr-select">
            <select id="find-place" name=of form=form>{options}</select>
            <span class="pf-v6-c-form-control__utilities">
                <span class="pf-v6-c-form-control__toggle-icon"><IconView icon=Icon::ChevronDown/></span>
            </span>
        </span>
    }
    .into_any();
    let word = view! {
        <div class="pf-v6-c-input-group">
            <div class="pf-v6-c-input-group__item pf-m-fill">
                <span class="pf-v6-c-form-control">
                    <input id="find-word" type="search" name=name value=value form=form autofocus aria-describedby="find-help"/>
                </span>
            </div>
            <div class="pf-v6-c-input-group__item">
                <button class="pf-v6-c-button pf-m-control" type="submit" form=form>
                    <span class="pf-v6-c-button__text">{button}</span>
                </button>
            </div>
        </div>
    }
    .into_any();
    view! {
        {labelled("find-place", of_label, list, ().into_any())}
        {labelled("find-word", label, word, helper(help))}
    }
    .into_any()
}

fn labelled(id: &'static str, label: String, control: AnyView, below: AnyView) -> AnyView {
    view! {
        <div class="pf-v6-c-form__group">
            <div class="pf-v6-c-form__group-label">
                <label class="pf-v6-c-form__label" for=id><span class="pf-v6-c-form__label-text">{label}</span></label>
            </div>
            <div class="pf-v6-c-form__group-control">{control}{below}</div>
        </div>
    }
    .into_any()
}

fn helper(help: String) -> AnyView {
    view! {
        <div class="pf-v6-c-form__helper-text" id="find-help">
            <div class="pf-v6-c-helper-text">
                <div class="pf-v6-c-helper-text__item"><span class="pf-v6-c-helper-text__item-text">{help}</span></div>
            </div>
        </div>
    }
    .into_any()
}
