//! Fields of forms as most dialogs have them: what is typed, chosen or switched goes to the form, what is wrong with it
//! comes from there.

use leptos::prelude::*;
use model::text::t;
use ui::{Checkbox, Choice, Select, TextField};

use crate::forms::FormCtl;

/// A line of text whose label says enough.
pub fn line(form: FormCtl, name: &'static str, label: &str, required: bool) -> AnyView {
    view! {
        <TextField
            name=name
            label=t(label)
            value=form.value(name)
            on_input=form.input(name)
            error=form.error(name)
            required=required
        />
    }
    .into_any()
}

/// A line of text, explained by the text of its label's name with `-help`.
pub fn explained(form: FormCtl, name: &'static str, label: &str, required: bool) -> AnyView {
    view! {
        <TextField
            name=name
            label=t(label)
            value=form.value(name)
            on_input=form.input(name)
            error=form.error(name)
            help=t(&format!("{label}-help"))
            required=required
        />
    }
    .into_any()
}

/// A box, explained by the text of its label's name with `-help`.
pub fn switch(form: FormCtl, name: &'static str, label: &str) -> AnyView {
    view! {
        <Checkbox
            name=name
            label=t(label)
            checked=form.is_on(name)
            on_change=form.switch(name)
            error=form.error(name)
            help=t(&format!("{label}-help"))
        />
    }
    .into_any()
}

/// One of several.
pub fn list(
    form: FormCtl,
    name: &'static str,
    label: &str,
    choices: Signal<Vec<Choice>>,
    required: bool,
) -> AnyView {
    view! {
        <Select
            name=name
            label=t(label)
            choices=choices
            value=form.value(name)
            on_change=form.input(name)
            error=form.error(name)
            required=required
        />
    }
    .into_any()
}
