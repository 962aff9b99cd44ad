//! Directories: all of them, the page of one, and the dialog with its test.

use leptos::prelude::*;
use model::directory::{DirectoryRow, Means, Schema, Security};
use model::event::EventRow;
use model::id::Kind;
use model::list::ListQuery;
use model::provider::ProviderConfig;
use model::text::t;
use model::{Action, Refusal};
use ui::{
    Button, Cards, Choice, FormSection, Icon, PasswordField, RadioGroup, Select, TextArea, TextField, Tone,
};
use uuid::Uuid;

use super::providers_dialog::{self, Groups};
use crate::api;
use crate::forms::data::directory::DirectoryForm;
use crate::forms::{FormCtl, FormDialog};
use crate::frame::ListTab;
use crate::parts::action::{Deed, always};
use crate::parts::details::{self, Detailed, DetailsPage, PartOf, PartView, card, known_part, over};
use crate::parts::dialogs::{RemoveDialog, Ways, new_ways, once_loaded, part_ways, unseen, use_object};
use crate::parts::fields::explained;
use crate::parts::list::{ColumnOf, EntityList, Listed, Loading, pane, plain};
use crate::parts::time::When;
use crate::parts::value::{name, number, status, text};

impl Listed for DirectoryRow {
    const TAB: ListTab = ListTab::Directories;
    const KIND: Kind = Kind::Directory;
    const EMPTY: (&'static str, &'static str) = ("directories-none", "directories-none-hint");
    const NEW: Option<&'static str> = Some("action-create-directory");
    const BESIDE: Option<(&'static str, &'static str)> = Some(("action-add-provider", "add"));
    const DEFAULT_SORT: Option<&'static str> = None;
    const BELOW: bool = true;

    fn id(&self) -> Uuid {
        self.id.0
    }

    fn name(&self) -> String {
        self.name.clone()
    }

    fn columns() -> &'static [ColumnOf<Self>] {
        const {
            &[
                plain("field-name", |r: &DirectoryRow| name(ListTab::Directories, r.id, r.name.clone())),
                plain("field-schema", schema),
                plain("field-servers", servers),
                plain("field-security", security),
                plain("field-base-dn", |r| text(r.ldap().map(|c| c.base_dn.clone()))),
                plain("field-directory-users", |r| number(r.users)),
                plain("field-directory-groups", |r| number(r.groups)),
                plain("field-directory-read", read),
            ]
        }
    }

    fn deeds() -> &'static [Deed<Self>] {
        const {
            &[
                Deed::new(Action::EditDirectory, "edit", Icon::Edit, always),
                Deed::new(Action::AddGroups, "groups", Icon::Users, says_groups),
                Deed::new(Action::RemoveDirectory, "remove", Icon::Remove, always).danger(),
            ]
        }
    }

    fn load(query: ListQuery) -> Loading<Self> {
        Box::pin(api::directories::list(query))
    }
}

impl Detailed for DirectoryRow {
    type Row = Self;

    fn load(id: Uuid) -> details::Loading<Self> {
        Box::pin(api::directories::get(id.into()))
    }

    fn row(&self) -> &Self {
        self
    }

    fn above(&self) -> Vec<(String, String)> {
        Vec::new()
    }

    fn state(&self) -> Option<AnyView> {
        let trouble = self.trouble.as_ref()?.to_string();
        Some(status((Tone::Danger, Icon::Danger, false), t("field-directory-trouble"), Some(trouble)))
    }

    fn parts() -> &'static [PartOf<Self>] {
        const {
            &[
                PartOf { word: "", label: "part-general", view: PartView::Facts(general) },
                PartOf { word: "events", label: "tab-events", view: PartView::Pane(pane::<EventRow>) },
            ]
        }
    }
}

/// Its groups are known by what it says; those of others are looked for.
fn says_groups(r: &DirectoryRow) -> Result<(), Refusal> {
    if r.openid().is_some() { Ok(()) } else { Err(Refusal::new("directory-groups-looked-for")) }
}

fn schema(r: &DirectoryRow) -> AnyView {
    text(t(&format!("schema-{}", r.ldap().map_or("openid", |c| c.schema.as_str()))))
}

fn security(r: &DirectoryRow) -> AnyView {
    text(r.ldap().map(|c| t(&format!("security-{}", c.security.as_str()))))
}

/// Where it is.
fn servers(r: &DirectoryRow) -> AnyView {
    text(match &r.config {
        Means::Ldap(c) => c.servers.join(", "),
        Means::OpenId(c) => c.issuer.clone(),
    })
}

/// When it was read, or why it could not be.
fn read(r: &DirectoryRow) -> AnyView {
    match (&r.trouble, r.read_at) {
        (Some(why), _) => {
            status((Tone::Danger, Icon::Danger, false), t("field-directory-trouble"), Some(why.to_string()))
        }
        (None, Some(at)) => view! { <When at=at/> }.into_any(),
        (None, None) => text(None),
    }
}

fn general(r: &DirectoryRow) -> AnyView {
    let mut reach = vec![("field-name", text(r.name.clone())), ("field-schema", schema(r))];
    let mut used =
        vec![("field-directory-users", number(r.users)), ("field-directory-groups", number(r.groups))];
    match &r.config {
        Means::Ldap(c) => {
            reach.extend([
                ("field-servers", text(c.servers.join(", "))),
                ("field-security", security(r)),
                ("field-base-dn", text(c.base_dn.clone())),
                ("field-bind-dn", text(c.bind_dn.clone())),
            ]);
            used.extend([
                ("field-directory-read", read(r)),
                ("field-directory-trouble", text(r.trouble.as_ref().map(ToString::to_string))),
            ]);
        }
        Means::OpenId(c) => reach.extend(provider(c)),
    }
    reach.push(("field-id", text(r.id.to_string())));
    view! { <Cards>{card("part-general", reach)}{card("part-use", used)}</Cards> }.into_any()
}

fn provider(c: &ProviderConfig) -> [(&'static str, AnyView); 9] {
    let yes = |on: bool| text(t(if on { "value-yes" } else { "value-no" }));
    let word = |word: &String| text(word.clone());
    [
        ("field-issuer", word(&c.issuer)),
        ("field-client-id", word(&c.client_id)),
        ("field-scopes", text(c.scopes.join(" "))),
        ("field-user-claim", word(&c.user_claim)),
        ("field-full-name-claim", word(&c.full_name_claim)),
        ("field-mail-claim", word(&c.mail_claim)),
        ("field-groups-claim", word(&c.groups_claim)),
        ("field-enabled", yes(c.enabled)),
        ("field-everybody", yes(c.everybody)),
    ]
}

#[component]
pub fn List() -> impl IntoView {
    view! { <EntityList<DirectoryRow>/> }
}

#[component]
pub fn Details() -> impl IntoView {
    view! { <DetailsPage<DirectoryRow>/> }
}

/// A dialog over the page of one.
#[component]
pub fn Part() -> impl IntoView {
    over(|part| {
        match part {
        "edit" => view! { <Edit/> }.into_any(),
        "groups" => view! { <Groups/> }.into_any(),
        "remove" => {
            view! { <RemoveDialog<DirectoryRow> action=Action::RemoveDirectory hint="directory-remove-hint"/> }
                .into_any()
        }
        word => known_part::<DirectoryRow>(word),
    }
    })
}

#[component]
pub fn New() -> impl IntoView {
    let ways = new_ways(ListTab::Directories);
    let form = FormCtl::new("directory", ways.action.clone(), &DirectoryForm::default());
    dialog(form, ways, t("directory-new"), false)
}

#[component]
fn Edit() -> impl IntoView {
    once_loaded(use_object::<DirectoryRow>(), |row: DirectoryRow| {
        if row.openid().is_some() {
            return providers_dialog::edit(row);
        }
        let ways = part_ways(ListTab::Directories, row.id.0, "edit");
        let form = FormCtl::new("directory", ways.action.clone(), &DirectoryForm::from(&row));
        dialog(form, ways, t("directory-edit"), row.has_password)
    })
}

fn dialog(form: FormCtl, ways: Ways, title: String, has_password: bool) -> AnyView {
    let test = move || {
        view! {
            <Button submit=true form=form.id() name="intent" value="test" busy=form.busy()>{t("action-test-directory")}</Button>
        }
    };
    let schemas: Vec<Choice> =
        Schema::ALL.iter().map(|s| Choice::new(s.as_str(), t(&format!("schema-{}", s.as_str())))).collect();
    view! {
        <FormDialog form=form title=title submit=t("form-ok") close=ways.close about=ListTab::Directories more=test>
            {unseen(form, "version")}
            <TextField
                name="name"
                label=t("field-name")
                value=form.value("name")
                on_input=form.input("name")
                error=form.error("name")
                help=t("field-directory-name-help")
                required=true
                autofocus=true
            />
            <Select
                name="schema"
                label=t("field-schema")
                choices=schemas
                value=form.value("schema")
                on_change=form.input("schema")
                error=form.error("schema")
                help=t("field-schema-help")
            />
            {reach(form)}
            {look(form, has_password)}
        </FormDialog>
    }
    .into_any()
}

pub fn area(form: FormCtl, name: &'static str, key: &str, rows: u32, required: bool) -> AnyView {
    view! {
        <TextArea
            name=name
            label=t(key)
            value=form.value(name)
            on_input=form.input(name)
            error=form.error(name)
            help=t(&format!("{key}-help"))
            rows=rows
            required=required
        />
    }
    .into_any()
}

fn reach(form: FormCtl) -> AnyView {
    let one = |s: &Security| {
        let word = s.as_str();
        Choice::new(word, t(&format!("security-{word}"))).help(t(&format!("security-{word}-help")))
    };
    let choices: Vec<Choice> = Security::ALL.iter().map(one).collect();
    view! {
        <FormSection title=t("directory-reach")>
            {area(form, "servers", "field-servers", 2, true)}
            <RadioGroup
                name="security"
                label=t("field-security")
                choices=choices
                value=form.value("security")
                on_change=form.input("security")
                error=form.error("security")
            />
            {area(form, "ca", "field-ca", 4, false)}
        </FormSection>
    }
    .into_any()
}

fn look(form: FormCtl, has_password: bool) -> AnyView {
    let kept = if has_password { t("field-bind-password-kept") } else { String::new() };
    view! {
        <FormSection title=t("directory-look")>
            {explained(form, "base_dn", "field-base-dn", true)}
            {explained(form, "bind_dn", "field-bind-dn", false)}
            <PasswordField
                name="password"
                label=t("field-bind-password")
                value=form.value("password")
                on_input=form.input("password")
                error=form.error("password")
                help=kept
                autocomplete="off"
                show_label=t("password-show")
                hide_label=t("password-hide")
            />
        </FormSection>
    }
    .into_any()
}
