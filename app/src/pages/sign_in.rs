//! The page of somebody who is not signed in.

use leptos::prelude::*;
use leptos_meta::Title;
use model::text::t;
use ui::{Button, ButtonKind, Choice, Form, FormActions, LoginPage, PasswordField, Select, TextField};

use crate::api::{self, Data};
use crate::asked::address;
use crate::forms::data::account::SignInForm;
use crate::forms::{FormAlert, FormCtl, no_error};
use crate::frame::{Brand, LanguageLinks};
use crate::parts::dialogs::{once_loaded, unseen};
use crate::paths;

#[component]
pub fn SignIn() -> impl IntoView {
    let next = address().with_untracked(|q| q.get("next"));
    let action = match paths::safe_next(next.as_deref()) {
        Some(next) => paths::returning(paths::SIGN_IN, next),
        None => paths::SIGN_IN.to_owned(),
    };
    once_loaded(Data::new(api::directories::names), move |directories: Vec<String>| {
        page(FormCtl::reloading::<SignInForm>("sign-in", action.clone(), &SignInForm::default()), directories)
    })
}

fn page(form: FormCtl, directories: Vec<String>) -> AnyView {
    view! {
        <Title text=t("sign-in-title")/>
        <LoginPage
            brand=|| view! { <Brand/> }
            title=t("sign-in-title")
            footer=|| view! { <LanguageLinks/> }
        >
            <Form
                id=form.id()
                action=form.action()
                submit_error=no_error()
                error_label=t("alert-danger")
                attempt=form.attempt()
                on_submit=move |ev| form.submit(ev)
            >
                <FormAlert form=form/>
                {unseen(form, "resume")}
                <TextField
                    name="user"
                    label=t("sign-in-user")
                    value=form.value("user")
                    on_input=form.input("user")
                    error=form.error("user")
                    required=true
                    autofocus=true
                    autocomplete="username"
                />
                {directory(form, directories)}
                <PasswordField
                    name="password"
                    label=t("sign-in-password")
                    value=form.value("password")
                    on_input=form.input("password")
                    error=form.error("password")
                    required=true
                    show_label=t("password-show")
                    hide_label=t("password-hide")
                />
                <FormActions>
                    <Button kind=ButtonKind::Primary submit=true busy=form.busy()>{t("sign-in-submit")}</Button>
                </FormActions>
            </Form>
        </LoginPage>
    }
    .into_any()
}

/// Where the name is known; not asked where there is but one place.
fn directory(form: FormCtl, directories: Vec<String>) -> AnyView {
    if directories.is_empty() {
        return unseen(form, "directory");
    }
    let own = Choice::new("", t("sign-in-internal"));
    let choices: Vec<Choice> = std::iter::once(own)
        .chain(directories.into_iter().map(|name| Choice::new(name.clone(), name)))
        .collect();
    view! {
        <Select
            name="directory"
            label=t("sign-in-directory")
            choices=choices
            value=form.value("directory")
            on_change=form.input("directory")
            error=form.error("directory")
        />
    }
    .into_any()
}
