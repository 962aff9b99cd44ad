//! What a person sets for themselves in the VM portal, with their account below.

use leptos::prelude::*;
use leptos_meta::Title;
use model::portal::{ConsoleWay, Layout, Quiet};
use model::text::{t, ta};
use ui::{Button, ButtonKind, Card, Cards, Choice, Form, FormActions, PageHead, Section, Select};

use crate::api::portal::Settings as Found;
use crate::api::{self, Data};
use crate::forms::data::portal::PortalForm;
use crate::forms::{FormAlert, FormCtl, no_error};
use crate::pages::account_home;
use crate::parts::dialogs::once_loaded;
use crate::parts::fields::list;
use crate::parts::time::exact;
use crate::paths;

#[component]
pub fn Settings() -> impl IntoView {
    view! {
        <Title text=t("account-title")/>
        <PageHead title=t("account-title")/>
        <Section>{once_loaded(Data::new(api::portal::chosen), form)}</Section>
        {account_home::own()}
    }
    .into_any()
}

/// What was set holds from the next page on, so that one comes anew.
fn form(found: Found) -> AnyView {
    let form = FormCtl::reloading("portal", paths::PORTAL_SETTINGS.to_owned(), &PortalForm::from(&found.set));
    let layouts: Vec<Choice> = Layout::ALL
        .iter()
        .map(|one| Choice::new(one.as_str(), t(&format!("portal-as-{}", one.as_str()))))
        .collect();
    let consoles: Vec<Choice> = ConsoleWay::ALL
        .iter()
        .map(|one| Choice::new(one.as_str(), t(&format!("portal-console-{}", one.as_str()))))
        .collect();
    let machines = std::iter::once(Choice::new("", t("portal-connect-none")))
        .chain(found.machines.into_iter().map(|(id, name)| Choice::new(id.to_string(), name)))
        .collect::<Vec<_>>();
    let quiet = match found.set.quiet_until {
        Some(until) => ta("portal-quiet-until", &[("when", &exact(until))]),
        None => t("portal-quiet-as-is"),
    };
    let quiets = std::iter::once(Choice::new("", quiet))
        .chain(
            Quiet::ALL
                .iter()
                .map(|one| Choice::new(one.as_str(), t(&format!("portal-quiet-{}", one.as_str())))),
        )
        .collect::<Vec<_>>();
    view! {
        <Cards>
            <Card title=t("portal-settings")>
                <Form
                    id=form.id()
                    action=form.action()
                    submit_error=no_error()
                    error_label=t("alert-danger")
                    attempt=form.attempt()
                    on_submit=move |ev| form.submit(ev)
                >
                    <FormAlert form=form/>
                    {list(form, "layout", "portal-layout", layouts.into(), false)}
                    {list(form, "console", "portal-console", consoles.into(), false)}
                    <Select
                        name="connect"
                        label=t("portal-connect")
                        choices=machines
                        value=form.value("connect")
                        on_change=form.input("connect")
                        error=form.error("connect")
                        help=t("portal-connect-help")
                    />
                    <Select
                        name="quiet"
                        label=t("portal-quiet")
                        choices=quiets
                        value=form.value("quiet")
                        on_change=form.input("quiet")
                        error=form.error("quiet")
                        help=t("portal-quiet-help")
                    />
                    <FormActions>
                        <Button kind=ButtonKind::Primary submit=true busy=form.busy()>{t("form-save")}</Button>
                    </FormActions>
                </Form>
            </Card>
        </Cards>
    }
    .into_any()
}
