//! Roles and permissions: who may do what.

use model::permission::{Answer, Explained, PermissionRow, PrincipalKind, group, named};
use model::{Fault, Text};

use super::Sent;
use crate::forms::data::permission::{AskForm, GiveForm, TakeForm};
use crate::forms::data::role::RoleForm;
use crate::forms::{Done, Fact, Notice};
use crate::frame::ListTab;
use crate::paths;

/// A new one, or a copy.
pub async fn new_role(s: &Sent<'_>) -> Result<Done, Fault> {
    let id = control::roles::create(s.ctx, &s.form::<RoleForm>()?).await?;
    s.to(paths::object(ListTab::Roles, id))
}

pub async fn edit_role(s: &Sent<'_>) -> Result<Done, Fault> {
    let edit = s.fields.read::<RoleForm>().edit().map_err(Fault::Invalid)?;
    control::roles::edit(s.ctx, s.id.into(), &edit).await?;
    s.to_page(ListTab::Roles)
}

pub async fn remove_role(s: &Sent<'_>) -> Result<Done, Fault> {
    control::roles::remove(s.ctx, s.id.into()).await?;
    Ok(Done::Go(paths::list(ListTab::Roles).to_owned()))
}

pub async fn add_permission(s: &Sent<'_>) -> Result<Done, Fault> {
    let ((kind, object), give) = s.form::<GiveForm>()?;
    control::permissions::grant(s.ctx, kind, object, &give).await?;
    s.to(paths::permissions(kind, object))
}

pub async fn remove_permission(s: &Sent<'_>) -> Result<Done, Fault> {
    let ((kind, object), permission) = s.form::<TakeForm>()?;
    control::permissions::remove(s.ctx, kind, object, permission).await?;
    s.to(paths::permissions(kind, object))
}

pub async fn explain_permission(s: &Sent<'_>) -> Result<Done, Fault> {
    let explained = control::permissions::explain(s.ctx, &s.form::<AskForm>()?).await?;
    Ok(Done::Stay(answered(explained)))
}

fn answered(explained: Explained) -> Notice {
    let (key, facts): (&str, Vec<Fact>) = match explained.answer {
        Answer::May(by) => ("explain-may", by.into_iter().map(held_by).collect()),
        Answer::Lacks { held, group: number, roles } => {
            let needed = fact("explain-needed", group(number));
            let held = held.into_iter().map(|row| held_by(row).called("explain-held"));
            ("explain-may-not", std::iter::once(needed).chain(held).chain([helping(roles)]).collect())
        }
        Answer::Unseen { group: number, roles } => {
            let held = fact("explain-held", Text::new("explain-unseen"));
            ("explain-may-not", vec![fact("explain-needed", group(number)), held, helping(roles)])
        }
    };
    let action = Text::new(&format!("action-{}", explained.action.as_str()));
    let title = Text::new(key)
        .with("principal", explained.principal)
        .with("action", action)
        .with("object", explained.object);
    Notice { title, facts, no: key == "explain-may-not" }
}

fn fact(key: &str, value: Text) -> Fact {
    Fact { name: Text::new(key), value, href: None }
}

impl Fact {
    /// Under another name, with its own before the value.
    fn called(self, key: &str) -> Fact {
        let value = Text::new("explain-held-by").with("role", self.name).with("where", self.value);
        Fact { name: Text::new(key), value, ..self }
    }
}

/// "by the role UserRole: on the cluster lab, through the group ops@corp"
fn held_by(row: PermissionRow) -> Fact {
    let (kind, object, name) = row.on;
    let on = named(kind, &name);
    let through = match row.principal.kind {
        PrincipalKind::User => None,
        PrincipalKind::Group => Some(Text::new("principal-through-group").with("name", row.principal.name)),
        PrincipalKind::Everyone => Some(Text::new("principal-through-everyone")),
    };
    let value = match through {
        Some(through) => Text::new("explain-on-through").with("object", on).with("through", through),
        None => Text::new("explain-on").with("object", on),
    };
    let name = Text::new("explain-by").with("role", row.role.1);
    Fact { name, value, href: Some(paths::permissions(kind, object)) }
}

fn helping(roles: Vec<String>) -> Fact {
    fact("explain-roles", Text::new("plain").with("text", roles.join(", ")))
}
