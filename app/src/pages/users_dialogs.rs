//! The dialogs of users: a new one of Drover's own, some out of a directory, a new password, and the way out.

use leptos::prelude::*;
use model::Action;
use model::directory::Found;
use model::text::{t, ta};
use model::user::UserRow;
use ui::{Alert, CheckGroup, Checkbox, Choice, FindField, ModalSize, PasswordField, TextField, Tone};

use crate::api::directories::Adding;
use crate::api::{self, Data};
use crate::asked::address;
use crate::forms::data::deed::Sure;
use crate::forms::data::directory::AddForm;
use crate::forms::data::user::{ResetForm, UserForm};
use crate::forms::parse::boxed;
use crate::forms::{FormCtl, FormDialog};
use crate::frame::ListTab;
use crate::parts::dialogs::{new_ways, once_loaded, part_ways, unseen, use_object, ways};
use crate::paths;

#[component]
pub fn New() -> impl IntoView {
    let ways = new_ways(ListTab::Users);
    let form = FormCtl::new("user", ways.action.clone(), &UserForm::default());
    view! {
        <FormDialog form=form title=t("users-new") submit=t("form-ok") close=ways.close about=ListTab::Users size=ModalSize::Small>
            <TextField
                name="name"
                label=t("field-name")
                value=form.value("name")
                on_input=form.input("name")
                error=form.error("name")
                required=true
                autofocus=true
                autocomplete="off"
            />
            {passwords(form, false)}
        </FormDialog>
    }
    .into_any()
}

fn passwords(form: FormCtl, autofocus: bool) -> AnyView {
    let least = ta("password-rule", &[("min", &model::user::MIN_PASSWORD.to_string())]);
    let field = move |name: &'static str, key: &str, help: String, autofocus: bool| {
        view! {
            <PasswordField
                name=name
                label=t(key)
                value=form.value(name)
                on_input=form.input(name)
                error=form.error(name)
                help=help
                required=true
                autofocus=autofocus
                autocomplete="new-password"
                show_label=t("password-show")
                hide_label=t("password-hide")
            />
        }
        .into_any()
    };
    view! {
        {field("password", "password-new", least, autofocus)}
        {field("repeat", "password-repeat", String::new(), false)}
        <Checkbox
            name="must_change"
            label=t("users-new-must-change")
            checked=form.is_on("must_change")
            on_change=form.switch("must_change")
        />
    }
    .into_any()
}

#[component]
pub fn Reset() -> impl IntoView {
    once_loaded(use_object::<UserRow>(), |user: UserRow| {
        let ways = part_ways(ListTab::Users, user.id.0, "reset-password");
        let initial = ResetForm { must_change: boxed(true), ..ResetForm::default() };
        let form = FormCtl::new("reset-password", ways.action, &initial);
        let title = ta("users-reset-title", &[("name", &user.principal())]);
        view! {
            <FormDialog form=form title=title submit=t("form-ok") close=ways.close about=ListTab::Users size=ModalSize::Small>
                <p>{t("users-reset-hint")}</p>
                {passwords(form, true)}
            </FormDialog>
        }
        .into_any()
    })
}

/// Says what goes with them.
#[component]
pub fn Remove() -> impl IntoView {
    once_loaded(use_object::<UserRow>(), |user: UserRow| {
        let ways = part_ways(ListTab::Users, user.id.0, "remove");
        let form = FormCtl::new::<Sure>("remove", ways.action, &Sure {});
        let kind = t(if user.group { "value-group" } else { "value-user" }).to_lowercase();
        let title = ta("remove-title", &[("kind", &kind), ("name", &user.principal())]);
        let hint = t(if user.group { "users-remove-hint-group" } else { "users-remove-hint-user" });
        let held = (!user.roles.is_empty()).then(|| {
            let roles = user.roles.join(", ");
            view! { <p>{ta("users-remove-held", &[("roles", &roles)])}</p> }
        });
        view! {
            <FormDialog form=form title=title submit=Action::RemoveUser.label() close=ways.close about=ListTab::Users size=ModalSize::Small danger=true>
                <p>{hint}</p>
                {held}
            </FormDialog>
        }
        .into_any()
    })
}

/// Looks into a directory, which is a page of its own each time, and adds what is chosen there.
#[component]
pub fn Add() -> impl IntoView {
    let query = address().get_untracked();
    let directory = query.get("directory").unwrap_or_default();
    let find = query.get("find");
    let asked = find.is_some();
    let text = find.unwrap_or_default();
    let typed = text.clone();
    let data = Data::new(move || api::directories::look_into(directory.clone(), text.clone(), asked));
    once_loaded(data, move |adding: Adding| add(adding, typed.clone()))
}

/// The search belongs to a form of its own, beside the dialog's: forms do not go into each other.
const FIND: &str = "find-users";

fn add(adding: Adding, typed: String) -> AnyView {
    let path = format!("{}/add", paths::list(ListTab::Users));
    let directory = adding.directory.map(|id| id.to_string()).unwrap_or_default();
    // Refused without JavaScript, the page comes back with what was found.
    let found_at = match adding.finding.is_some() {
        true => paths::asking(&paths::asking(&path, "directory", &directory), "find", &typed),
        false => path.clone(),
    };
    let ways = ways(&found_at, paths::list(ListTab::Users));
    let form = FormCtl::new(
        "users-add",
        ways.action,
        &AddForm { directory: directory.clone(), ..AddForm::default() },
    );
    let directories: Vec<Choice> =
        adding.choices.iter().map(|(id, name)| Choice::new(id.to_string(), name.clone())).collect();
    let none = directories.is_empty().then(|| {
        view! {
            <p>{t("users-add-no-directory")}" "<a href=paths::new(ListTab::Directories, None)>{t("action-create-directory")}</a></p>
        }
    });
    let search = (!directories.is_empty()).then(|| {
        view! {
            <FindField
                form=FIND
                place=("directory", t("users-add-directory"), directories, directory)
                name="find"
                label=t("users-add-find")
                help=t("users-add-find-help")
                value=typed
                button=t("users-add-search")
            />
        }
    });
    view! {
        <form id=FIND method="get" action=path></form>
        <FormDialog form=form title=t("users-add") submit=t("action-add-from-directory") close=ways.close about=ListTab::Users>
            {unseen(form, "directory")}
            {none}
            {search}
            {found(form, adding)}
        </FormDialog>
    }
    .into_any()
}

fn found(form: FormCtl, adding: Adding) -> AnyView {
    if let Some(fault) = adding.trouble {
        let (title, why) = match fault {
            model::Fault::Unavailable(r) | model::Fault::Refused(r) => {
                (r.text.to_string(), r.reasons.iter().map(ToString::to_string).collect())
            }
            other => (other.to_string(), Vec::new()),
        };
        let why = crate::forms::dialog::list(why);
        return view! { <Alert tone=Tone::Danger title=title tone_label=t("alert-danger")>{why}</Alert> }
            .into_any();
    }
    let Some(finding) = adding.finding else { return ().into_any() };
    if finding.found.is_empty() {
        return view! { <p>{t("users-add-nothing")}</p> }.into_any();
    }
    let choices: Vec<Choice> =
        finding.found.iter().map(|one| choice(one, finding.added.contains(&one.id))).collect();
    let more = finding.more.then(|| view! { <p>{t("users-add-more")}</p> });
    view! {
        <CheckGroup
            name="chosen"
            label=t("users-add-found")
            choices=choices
            value=form.value("chosen")
            on_change=form.input("chosen")
            error=form.error("chosen")
        />
        {more}
    }
    .into_any()
}

/// "u0001 — Ada Lovelace (added already)", with what it is.
fn choice(one: &Found, added: bool) -> Choice {
    let kind = t(if one.group { "value-group" } else { "value-user" });
    let mut label = format!("{kind}: {}", one.name);
    if !one.group && !one.full_name.is_empty() {
        label = format!("{label}, {}", one.full_name);
    }
    if added {
        label = ta("users-add-here", &[("name", &label)]);
    }
    Choice::new(one.id.clone(), label).help(one.dn.clone())
}
