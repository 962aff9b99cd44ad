//! The second page of the sign-in, for whoever has a second factor: a code of the device, or one of the recovery codes.

use leptos::prelude::*;
use leptos_meta::Title;
use model::text::t;
use ui::{Button, ButtonKind, ButtonLink, Form, FormActions, LoginPage, TextField};

use crate::asked::address;
use crate::forms::data::sign_in::CodeForm;
use crate::forms::{FormAlert, FormCtl, no_error};
use crate::frame::Brand;
use crate::parts::dialogs::unseen;
use crate::paths;

#[component]
pub fn Code() -> impl IntoView {
    let next = address().with_untracked(|q| q.get("next"));
    let next = paths::safe_next(next.as_deref());
    let to = |path: &str| next.map_or_else(|| path.to_owned(), |next| paths::returning(path, next));
    let form = FormCtl::reloading::<CodeForm>("code", to(paths::CODE), &CodeForm::default());
    let back = to(paths::SIGN_IN);
    view! {
        <Title text=t("sign-in-code-title")/>
        <LoginPage brand=|| view! { <Brand/> } title=t("sign-in-code-title") subtitle=t("sign-in-code-hint")>
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
                {code_field(form)}
                <FormActions>
                    <Button kind=ButtonKind::Primary submit=true busy=form.busy()>{t("sign-in-submit")}</Button>
                    <ButtonLink kind=ButtonKind::Link href=back>{t("sign-in-code-back")}</ButtonLink>
                </FormActions>
            </Form>
        </LoginPage>
    }
    .into_any()
}

fn code_field(form: FormCtl) -> AnyView {
    view! {
        <TextField
            name="code"
            label=t("sign-in-code")
            value=form.value("code")
            on_input=form.input("code")
            error=form.error("code")
            required=true
            autofocus=true
            autocomplete="one-time-code"
        />
    }
    .into_any()
}
