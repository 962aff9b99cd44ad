//! Setting one's second factor up, and turning it off. The key is shown as a picture and as a text; the recovery codes
//! are shown once, as what the form found.

use leptos::prelude::*;
use leptos_meta::Title;
use model::session::Offer;
use model::text::t;
use ui::{Button, ButtonKind, ButtonLink, Form, FormActions, LoginPage, PasswordField, TextField};

use super::account_home::begin;
use crate::api::account::OwnAccount;
use crate::api::{self, Data};
use crate::forms::data::sign_in::{CodeForm, OwnPasswordForm};
use crate::forms::{FormAlert, FormCtl, no_error};
use crate::frame::Brand;
use crate::parts::waiting::shown;
use crate::paths;

#[component]
pub fn SetUp() -> impl IntoView {
    let own = Data::new(api::account::own);
    let action = paths::SECOND_FACTOR.to_owned();
    let form = FormCtl::reloading::<CodeForm>("second-factor", action, &CodeForm::default());
    let body = move || {
        match form.notice().with(Option::is_some) {
        true => view! { <p><ButtonLink kind=ButtonKind::Primary href=paths::ACCOUNT>{t("second-factor-noted")}</ButtonLink></p> }
            .into_any(),
        false => shown(8, own, move |own| offered(form, own)),
    }
    };
    view! {
        <Title text=t("second-factor-title")/>
        <LoginPage brand=|| view! { <Brand/> } title=t("second-factor-title")>
            <FormAlert form=form/>
            {body}
        </LoginPage>
    }
    .into_any()
}

fn offered(form: FormCtl, own: OwnAccount) -> AnyView {
    let Some(offer) = own.second.offer else {
        let begin = own.second.since.is_none().then(|| begin(t("second-factor-set-up")));
        return view! {
            <p>{t(if begin.is_some() { "second-factor-is-off" } else { "second-factor-is-on" })}</p>
            {begin}
            <p><a href=paths::ACCOUNT>{t("account-back")}</a></p>
        }
        .into_any();
    };
    view! {
        {key(offer, own.picture)}
        <Form
            id=form.id()
            action=form.action()
            submit_error=no_error()
            error_label=t("alert-danger")
            attempt=form.attempt()
            on_submit=move |ev| form.submit(ev)
        >
            <TextField
                name="code"
                label=t("sign-in-code")
                value=form.value("code")
                on_input=form.input("code")
                error=form.error("code")
                help=t("second-factor-confirm-hint")
                required=true
                autocomplete="one-time-code"
            />
            <FormActions>
                <Button kind=ButtonKind::Primary submit=true busy=form.busy()>{t("second-factor-confirm")}</Button>
                <ButtonLink kind=ButtonKind::Link href=paths::ACCOUNT>{t("form-cancel")}</ButtonLink>
            </FormActions>
        </Form>
    }
    .into_any()
}

fn key(offer: Offer, picture: Option<String>) -> AnyView {
    let label = t("second-factor-picture");
    let picture =
        picture.map(|svg| view! { <div class="dr-qr" role="img" aria-label=label inner_html=svg></div> });
    view! {
        <p>{t("second-factor-scan")}</p>
        {picture}
        <p>{t("second-factor-key")}</p>
        <p><code class="dr-key">{offer.key}</code></p>
    }
    .into_any()
}

#[component]
pub fn TurnOff() -> impl IntoView {
    let action = paths::SECOND_FACTOR_OFF.to_owned();
    let form =
        FormCtl::reloading::<OwnPasswordForm>("second-factor-off", action, &OwnPasswordForm::default());
    view! {
        <Title text=t("second-factor-turn-off")/>
        <LoginPage
            brand=|| view! { <Brand/> }
            title=t("second-factor-turn-off")
            subtitle=t("second-factor-turn-off-hint")
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
                <PasswordField
                    name="password"
                    label=t("password-current")
                    value=form.value("password")
                    on_input=form.input("password")
                    error=form.error("password")
                    required=true
                    autofocus=true
                    show_label=t("password-show")
                    hide_label=t("password-hide")
                />
                <FormActions>
                    <Button kind=ButtonKind::Danger submit=true busy=form.busy()>{t("second-factor-turn-off")}</Button>
                    <ButtonLink kind=ButtonKind::Link href=paths::ACCOUNT>{t("form-cancel")}</ButtonLink>
                </FormActions>
            </Form>
        </LoginPage>
    }
    .into_any()
}
