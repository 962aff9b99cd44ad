//! The dialogs of OpenID Connect providers: a new one and a changed one with its test, and groups of one.

use leptos::prelude::*;
use model::Action;
use model::directory::DirectoryRow;
use model::text::{t, ta};
use ui::{Button, FormSection, ModalSize, PasswordField, TextField};

use super::directories::area;
use crate::api::{self, Data};
use crate::forms::data::provider::{GroupsForm, ProviderForm};
use crate::forms::{FormCtl, FormDialog};
use crate::frame::ListTab;
use crate::parts::dialogs::{Ways, once_loaded, part_ways, unseen, use_object, ways};
use crate::parts::fields::{explained, switch};
use crate::paths;

#[component]
pub fn New() -> impl IntoView {
    once_loaded(Data::new(api::directories::callback), |callback: String| {
        let list = paths::list(ListTab::Directories);
        let ways = ways(&format!("{list}/add"), list);
        let form = FormCtl::new("provider", ways.action.clone(), &ProviderForm::default());
        dialog(form, ways, t("provider-new"), false, callback)
    })
}

/// Of the directory of this page, which is one.
pub fn edit(row: DirectoryRow) -> AnyView {
    once_loaded(Data::new(api::directories::callback), move |callback: String| {
        let ways = part_ways(ListTab::Directories, row.id.0, "edit");
        let form = FormCtl::new("provider", ways.action.clone(), &ProviderForm::from(&row));
        dialog(form, ways, t("provider-edit"), row.has_password, callback)
    })
}

#[component]
pub fn Groups() -> impl IntoView {
    once_loaded(use_object::<DirectoryRow>(), |row: DirectoryRow| {
        let ways = part_ways(ListTab::Directories, row.id.0, "groups");
        let form = FormCtl::new("groups", ways.action, &GroupsForm::default());
        let title = ta("provider-groups-title", &[("name", &row.name)]);
        view! {
            <FormDialog form=form title=title submit=Action::AddGroups.label() close=ways.close about=ListTab::Directories size=ModalSize::Small>
                {area(form, "groups", "field-provider-groups", 4, true)}
            </FormDialog>
        }
        .into_any()
    })
}

fn dialog(form: FormCtl, ways: Ways, title: String, has_secret: bool, callback: String) -> AnyView {
    let test = move || {
        view! {
            <Button submit=true form=form.id() name="intent" value="test" busy=form.busy()>{t("action-test-directory")}</Button>
        }
    };
    view! {
        <FormDialog form=form title=title submit=t("form-ok") close=ways.close about=ListTab::Directories more=test>
            {unseen(form, "version")}
            <TextField
                name="name"
                label=t("field-name")
                value=form.value("name")
                on_input=form.input("name")
                error=form.error("name")
                help=t("field-provider-name-help")
                required=true
                autofocus=true
            />
            {switch(form, "enabled", "field-enabled")}
            {client(form, has_secret, callback)}
            {people(form)}
        </FormDialog>
    }
    .into_any()
}

/// Who Drover is for the provider.
fn client(form: FormCtl, has_secret: bool, callback: String) -> AnyView {
    let kept = t(if has_secret { "field-bind-password-kept" } else { "field-client-secret-help" });
    view! {
        <FormSection title=t("provider-client")>
            <p>{t("provider-callback")}</p>
            <p><code class="dr-key">{callback}</code></p>
            {explained(form, "issuer", "field-issuer", true)}
            {explained(form, "client_id", "field-client-id", true)}
            <PasswordField
                name="password"
                label=t("field-client-secret")
                value=form.value("password")
                on_input=form.input("password")
                error=form.error("password")
                help=kept
                autocomplete="off"
                show_label=t("password-show")
                hide_label=t("password-hide")
            />
            {explained(form, "scopes", "field-scopes", false)}
            {area(form, "ca", "field-ca", 4, false)}
        </FormSection>
    }
    .into_any()
}

/// What it says of people.
fn people(form: FormCtl) -> AnyView {
    view! {
        <FormSection title=t("provider-people")>
            {explained(form, "user_claim", "field-user-claim", true)}
            {explained(form, "full_name_claim", "field-full-name-claim", false)}
            {explained(form, "mail_claim", "field-mail-claim", false)}
            {explained(form, "groups_claim", "field-groups-claim", false)}
            {switch(form, "everybody", "field-everybody")}
        </FormSection>
    }
    .into_any()
}
