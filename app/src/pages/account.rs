//! One's own password. Also the only page that a first password opens.

use leptos::prelude::*;
use leptos_meta::Title;
use model::text::{t, ta};
use ui::{Button, ButtonKind, ButtonLink, FieldError, Form, FormActions, LoginPage, PasswordField};

use crate::asked::address;
use crate::forms::data::account::PasswordForm;
use crate::forms::{FormAlert, FormCtl, no_error};
use crate::frame::Brand;
use crate::paths;

#[component]
pub fn Password() -> impl IntoView {
    let next = address().with_untracked(|q| q.get("next"));
    let next = paths::safe_next(next.as_deref());
    let action =
        next.map_or_else(|| paths::PASSWORD.to_owned(), |next| paths::returning(paths::PASSWORD, next));
    let back = next.unwrap_or(paths::HOME).to_owned();
    let form = FormCtl::reloading::<PasswordForm>("password", action, &PasswordForm::default());
    let least = ta("password-rule", &[("min", &model::user::MIN_PASSWORD.to_string())]);
    view! {
        <Title text=t("password-title")/>
        <LoginPage brand=|| view! { <Brand/> } title=t("password-title") subtitle=t("password-hint")>
            <Form
                id=form.id()
                action=form.action()
                submit_error=no_error()
                error_label=t("alert-danger")
                attempt=form.attempt()
                on_submit=move |ev| form.submit(ev)
            >
                <FormAlert form=form/>
                {field(form, "current", "current-password", String::new())}
                {field(form, "new", "new-password", least)}
                {field(form, "repeat", "new-password", String::new())}
                <FormActions>
                    <Button kind=ButtonKind::Primary submit=true busy=form.busy()>{t("password-submit")}</Button>
                    <ButtonLink kind=ButtonKind::Link href=back>{t("form-cancel")}</ButtonLink>
                </FormActions>
            </Form>
        </LoginPage>
    }
    .into_any()
}

fn field(form: FormCtl, name: &'static str, autocomplete: &'static str, help: String) -> AnyView {
    let label = t(match name {
        "current" => "password-current",
        "new" => "password-new",
        _ => "password-repeat",
    });
    let error: FieldError = form.error(name);
    let value = form.value(name);
    view! {
        <PasswordField
            name=name
            label=label
            value=value
            on_input=form.input(name)
            error=error
            help=help
            required=true
            autofocus=name == "current"
            autocomplete=autocomplete
            show_label=t("password-show")
            hide_label=t("password-hide")
        />
    }
    .into_any()
}
