//! Permissions: the tab of an object's page, the page of the whole system, and the dialogs that give and take them and
//! say why somebody may do something.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::nested_router::Outlet;
use model::SYSTEM;
use model::id::Kind;
use model::permission::{Offer, PermissionRow, Permissions, PrincipalKind, deeds, named};
use model::text::{t, ta};
use model::user::UserRow;
use ui::{
    ButtonKind, ButtonLink, Cell, Choice, Column, EmptyState, Icon, ModalSize, PageHead, Row, Section,
    Select, Table, TextField, Toolbar, ToolbarItem,
};
use uuid::Uuid;

use crate::api::{self, Data};
use crate::asked::{InPortal, address, here};
use crate::forms::data::permission::{AskForm, GiveForm, On, TakeForm};
use crate::forms::{FormCtl, FormDialog};
use crate::frame::ListTab;
use crate::parts::details::follow;
use crate::parts::dialogs::{Ways, once_loaded, unseen, use_id, use_object, ways};
use crate::parts::time::When;
use crate::parts::value::{link, text};
use crate::parts::waiting::shown;
use crate::paths;

/// What the dialogs do.
pub const DEEDS: [&str; 3] = ["add", "remove", "explain"];

/// The permissions of what is at an id: on an object, of a user, with a role.
pub fn pane(kind: Kind, id: Uuid) -> AnyView {
    pane_of(kind, id, held(kind, id))
}

/// They are read, and read again when they change.
pub fn held(kind: Kind, id: Uuid) -> Data<Permissions> {
    let data: Data<Permissions> = Data::new(move || api::permissions::of(kind, id));
    follow(Callback::new(move |()| data.refetch()), id);
    data
}

pub fn pane_of(kind: Kind, id: Uuid, data: Data<Permissions>) -> AnyView {
    let table = shown(4, data, move |found: Permissions| listed((kind, id), found));
    view! { <Section>{table}</Section> }.into_any()
}

/// Those on the whole system.
#[component]
pub fn System() -> impl IntoView {
    let title = t("permissions-of-system");
    view! {
        <Title text=title.clone()/>
        <PageHead title=title/>
        {pane(Kind::System, SYSTEM)}
        <Outlet/>
    }
    .into_any()
}

fn listed(on: On, found: Permissions) -> AnyView {
    let line = |row: PermissionRow| line(on, found.managed, row);
    let lines: Vec<AnyView> = found.rows.into_iter().map(line).collect();
    let table = if lines.is_empty() {
        view! { <EmptyState icon=Icon::Lock title=t("permissions-none") small=true>{t("permissions-none-hint")}</EmptyState> }
            .into_any()
    } else {
        view! { <Table label=t("tab-permissions") columns=heads(on.0)>{lines.into_iter().collect_view()}</Table> }
            .into_any()
    };
    view! { {bar(on, found.managed)} {table} }.into_any()
}

fn bar(on: On, managed: bool) -> AnyView {
    if on.0 == Kind::Role {
        return ().into_any();
    }
    let add = managed.then(|| {
        view! {
            <ToolbarItem>
                <ButtonLink kind=ButtonKind::Primary icon=Icon::Plus href=here(paths::permission(on.0, on.1, "add"))>
                    {t("permissions-add")}
                </ButtonLink>
            </ToolbarItem>
        }
    });
    view! {
        <Toolbar label=t("tab-permissions")>
            {add}
            <ToolbarItem>
                <ButtonLink kind=ButtonKind::Secondary icon=Icon::Help href=here(paths::permission(on.0, on.1, "explain"))>
                    {t("permissions-explain")}
                </ButtonLink>
            </ToolbarItem>
        </Toolbar>
    }
    .into_any()
}

/// Whether the lines are of one object, and say where else they come from.
fn of_object(kind: Kind) -> bool {
    !matches!(kind, Kind::User | Kind::Role)
}

fn heads(kind: Kind) -> Vec<Column> {
    let place = if of_object(kind) { "field-inherited" } else { "field-object" };
    let mut heads: Vec<Column> = ["field-principal", "field-role", place, "field-since", "field-until"]
        .map(|key| Column::new(t(key)))
        .into();
    heads.push(Column::new(t("list-deeds-column")).hidden_title().narrow());
    heads
}

fn line(on: On, managed: bool, row: PermissionRow) -> AnyView {
    let (kind, object, name) = row.on.clone();
    let own = of_object(on.0) && object == on.1;
    let place = match own {
        true => text(None),
        false => {
            view! { <a href=paths::permissions(kind, object)>{named(kind, &name).to_string()}</a> }.into_any()
        }
    };
    let take = (managed && own).then(|| {
        let href = here(paths::permission(on.0, on.1, "remove"));
        let href = paths::asking(&href, "permission", &row.id.to_string());
        let label =
            ta("permissions-remove-title", &[("role", &row.role.1), ("principal", &row.principal.label())]);
        view! { <ButtonLink kind=ButtonKind::Plain small=true icon=Icon::Remove href=href label=label/> }
    });
    let until = text(row.until.map(|until| model::day::text(until).to_string()));
    let (who, role, since) = (principal(&row), row.role.1, row.since);
    view! {
        <Row>
            <Cell>{who}</Cell>
            <Cell>{role}</Cell>
            <Cell>{place}</Cell>
            <Cell><When at=since/></Cell>
            <Cell>{until}</Cell>
            <Cell>{take}</Cell>
        </Row>
    }
    .into_any()
}

fn principal(row: &PermissionRow) -> AnyView {
    let label = row.principal.label();
    match row.principal.kind {
        PrincipalKind::User if use_context::<InPortal>().is_some() => label.into_any(),
        PrincipalKind::User => link(ListTab::Users, row.principal.id, label),
        PrincipalKind::Group => {
            ta("principal-named", &[("kind", &t("principal-group")), ("name", &label)]).into_any()
        }
        PrincipalKind::Everyone => label.into_any(),
    }
}

/// A dialog over an object's page, by the deed in its address.
pub fn dialog(kind: Kind, deed: &str) -> AnyView {
    let on = (kind, if kind == Kind::System { SYSTEM } else { use_id() });
    match deed {
        "add" => once_loaded(Data::new(move || api::permissions::offered(on.0, on.1)), move |offer| {
            give(on, offer)
        }),
        "remove" => {
            once_loaded(Data::new(move || api::permissions::of(on.0, on.1)), move |found| take(on, found))
        }
        _ => ask(
            AskForm { kind: kind.as_str().to_owned(), object: on.1.to_string(), ..AskForm::default() },
            on,
        ),
    }
}

/// The same question about a person, whatever the object.
pub fn ask_of_user() -> AnyView {
    once_loaded(use_object::<UserRow>(), |user: UserRow| {
        let form =
            AskForm { principal: user.principal(), kind: Kind::Vm.as_str().to_owned(), ..AskForm::default() };
        ask(form, (Kind::User, user.id.0))
    })
}

fn ways_of(on: On, deed: &str) -> Ways {
    ways(&paths::permission(on.0, on.1, deed), &paths::permissions(on.0, on.1))
}

fn give(on: On, offer: Offer) -> AnyView {
    let ways = ways_of(on, "add");
    let form = FormCtl::new("add-permission", ways.action, &GiveForm::new(on));
    let title = ta("permissions-add-title", &[("name", &offer.object)]);
    let names = offer.principals.into_iter().map(|name| view! { <option value=name></option> }.into_any());
    let roles: Vec<Choice> = std::iter::once(Choice::new("", t("choose")))
        .chain(offer.roles.into_iter().map(|(id, name)| Choice::new(id.to_string(), name)))
        .collect();
    let help = t(if offer.met { "field-principal-met-help" } else { "field-principal-help" });
    let none = (roles.len() < 2).then(|| view! { <p>{t("permissions-no-roles")}</p> });
    view! {
        <FormDialog form=form title=title submit=t("permissions-add") close=ways.close about=ListTab::Roles size=ModalSize::Small>
            {unseen(form, "kind")}
            {unseen(form, "object")}
            {none}
            <TextField
                name="principal"
                label=t("field-principal")
                value=form.value("principal")
                on_input=form.input("principal")
                error=form.error("principal")
                help=help
                list="principals"
                required=true
                autofocus=true
            />
            <datalist id="principals">{names.collect_view()}</datalist>
            <Select
                name="role"
                label=t("field-role")
                choices=roles
                value=form.value("role")
                on_change=form.input("role")
                error=form.error("role")
                required=true
            />
            <TextField
                name="until"
                kind="date"
                label=t("field-until")
                value=form.value("until")
                on_input=form.input("until")
                error=form.error("until")
                help=t("field-until-permission-help")
            />
        </FormDialog>
    }
    .into_any()
}

fn take(on: On, found: Permissions) -> AnyView {
    let asked = address().with_untracked(|query| query.get("permission")).unwrap_or_default();
    let ways = ways_of(on, "remove");
    let row = found.rows.into_iter().find(|row| row.id.to_string() == asked);
    let Some(row) = row else {
        return view! { <p>{t("refusal-permission-gone")}</p> }.into_any();
    };
    let initial = TakeForm { kind: on.0.as_str().to_owned(), object: on.1.to_string(), permission: asked };
    let form = FormCtl::new("take-permission", ways.action, &initial);
    let title =
        ta("permissions-remove-title", &[("role", &row.role.1), ("principal", &row.principal.label())]);
    view! {
        <FormDialog form=form title=title submit=t("action-remove-permission") close=ways.close about=ListTab::Roles size=ModalSize::Small danger=true>
            {unseen(form, "kind")}
            {unseen(form, "object")}
            {unseen(form, "permission")}
            <p>{t("permissions-remove-hint")}</p>
        </FormDialog>
    }
    .into_any()
}

fn ask(initial: AskForm, on: On) -> AnyView {
    let ways = ways_of(on, "explain");
    let of_user = on.0 == Kind::User;
    let form = FormCtl::new("explain-permission", ways.action, &initial);
    let object = if of_user {
        object_fields(form)
    } else {
        view! { {unseen(form, "kind")} {unseen(form, "object")} }.into_any()
    };
    let kind = form.value("kind");
    let actions = Signal::derive(move || {
        let kind = kind.get().parse().unwrap_or(on.0);
        let choice = |action: model::Action| Choice::new(action.as_str(), words(action));
        std::iter::once(Choice::new("", t("choose")))
            .chain(deeds(kind).into_iter().map(choice))
            .collect::<Vec<_>>()
    });
    view! {
        <FormDialog form=form title=t("permissions-explain-title") submit=t("permissions-explain-ask") close=ways.close about=ListTab::Roles size=ModalSize::Small>
            <TextField
                name="principal"
                label=t("field-principal")
                value=form.value("principal")
                on_input=form.input("principal")
                error=form.error("principal")
                help=t("field-principal-help")
                required=true
                autofocus=true
            />
            {object}
            <Select
                name="action"
                label=t("field-action")
                choices=actions
                value=form.value("action")
                on_change=form.input("action")
                error=form.error("action")
                required=true
            />
        </FormDialog>
    }
    .into_any()
}

/// The action with what it is done to, since many are called the same.
fn words(action: model::Action) -> String {
    ta("principal-named", &[("kind", &action.label()), ("name", &action.on().noun())])
}

fn object_fields(form: FormCtl) -> AnyView {
    let kinds = [
        Kind::Vm,
        Kind::Template,
        Kind::Host,
        Kind::Cluster,
        Kind::Network,
        Kind::StorageDomain,
        Kind::DataCenter,
        Kind::System,
    ];
    let kinds: Vec<Choice> = kinds.into_iter().map(|kind| Choice::new(kind.as_str(), kind.noun())).collect();
    view! {
        <Select
            name="kind"
            label=t("field-object-kind")
            choices=kinds
            value=form.value("kind")
            on_change=form.input("kind")
            error=form.error("kind")
        />
        <TextField
            name="object"
            label=t("field-object")
            value=form.value("object")
            on_input=form.input("object")
            error=form.error("object")
            help=t("field-object-help")
        />
    }
    .into_any()
}
