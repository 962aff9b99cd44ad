//! The page of somebody who is not signed in.

use leptos::prelude::*;
use leptos_meta::Title;
use model::text::{t, ta};
use ui::{
    Button, ButtonKind, ButtonLink, Choice, Form, FormActions, LoginPage, PasswordField, Select, TextField,
};

use crate::api::directories::Places;
use crate::api::{self, Data};
use crate::asked::address;
use crate::forms::data::account::SignInForm;
use crate::forms::form::Posted;
use crate::forms::{FormAlert, FormCtl, no_error};
use crate::frame::{Brand, LanguageLinks};
use crate::parts::dialogs::{once_loaded, unseen};
use crate::paths;

#[component]
pub fn SignIn() -> impl IntoView {
    // Whoever comes back from a provider without having been let in still wants what they wanted.
    let wanted = || use_context::<Posted>()?.0.get_value().map(|state| state.values.get("next").to_owned());
    let next = address().with_untracked(|q| q.get("next")).or_else(wanted);
    let to = move |path: &str| match paths::safe_next(next.as_deref()) {
        Some(next) => paths::returning(path, next),
        None => path.to_owned(),
    };
    once_loaded(Data::new(api::directories::names), move |(directories, providers): Places| {
        let form = FormCtl::reloading::<SignInForm>("sign-in", to(paths::SIGN_IN), &SignInForm::default());
        let ways = providers.into_iter().map(|(id, name)| (to(&format!("{}/{id}", paths::OPENID)), name));
        page(form, directories, ways.collect())
    })
}

fn page(form: FormCtl, directories: Vec<String>, providers: Vec<(String, String)>) -> AnyView {
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
            {others(providers)}
        </LoginPage>
    }
    .into_any()
}

/// Where else one may sign in. The page is left, so the browser itself follows the link.
fn others(providers: Vec<(String, String)>) -> Option<AnyView> {
    let link = |(href, name): (String, String)| {
        let text = ta("sign-in-with", &[("name", &name)]);
        view! { <ButtonLink href=href external=true>{text}</ButtonLink> }.into_any()
    };
    (!providers.is_empty()).then(|| {
        view! { <div class="dr-login__others">{providers.into_iter().map(link).collect_view()}</div> }
            .into_any()
    })
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
