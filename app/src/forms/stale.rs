//! The server's half of `conflict`: compares what a form was opened with, what was typed, and what is there now, for
//! every edit alike. A field that only one side changed keeps that change; where both did, what was typed stays, and
//! nothing is saved before the person has seen it.

use std::future::Future;
use std::pin::Pin;

use control::Ctx;
use model::directory::{DirectoryRow, Means};
use model::id::Kind;
use model::vm_options::MediaRef;
use model::{Fault, Text};
use uuid::Uuid;

use super::conflict::{Conflict, Difference, OPENED};
use super::data::bookmark::BookmarkForm;
use super::data::cluster::ClusterForm;
use super::data::data_center::DataCenterForm;
use super::data::directory::DirectoryForm;
use super::data::hardware::EditDiskForm;
use super::data::host::HostForm;
use super::data::network::NetworkForm;
use super::data::provider::ProviderForm;
use super::data::quota::{PLACE, QuotaForm};
use super::data::role::RoleForm;
use super::data::storage::StorageForm;
use super::data::tag::TagForm;
use super::data::template::TemplateForm;
use super::data::vm::VmForm;
use super::labels::{self, Label, Reads};
use super::{Fields, FormData, table};

type Reading<'a> = Pin<Box<dyn Future<Output = Result<Fields, Fault>> + Send + 'a>>;

/// How the form at an address would open now.
struct Edited {
    path: &'static str,
    present: for<'a> fn(&'a Ctx, Uuid) -> Reading<'a>,
}

macro_rules! edited {
    ($($path:literal => $get:path => $form:path),* $(,)?) => {
        &[$(Edited {
            path: $path,
            present: |ctx, id| Box::pin(async move { Ok($form(&$get(ctx, id.into()).await?)) }),
        }),*]
    };
}

/// The fields of the form of an object.
fn of<T: for<'a> From<&'a R> + FormData, R>(row: &R) -> Fields {
    Fields::of(&T::from(row))
}

/// Directories have two.
fn of_directory(row: &DirectoryRow) -> Fields {
    match row.config {
        Means::Ldap(_) => Fields::of(&DirectoryForm::from(row)),
        Means::OpenId(_) => Fields::of(&ProviderForm::from(row)),
    }
}

const EDITED: &[Edited] = edited! {
    "/data-centers/{id}/edit" => control::data_centers::get => of::<DataCenterForm, _>,
    "/clusters/{id}/edit" => control::clusters::get => of::<ClusterForm, _>,
    "/networks/{id}/edit" => control::networks::get => of::<NetworkForm, _>,
    "/quotas/{id}/edit" => control::quotas::get => of::<QuotaForm, _>,
    "/storage/{id}/edit" => control::storage_domains::get => of::<StorageForm, _>,
    "/hosts/{id}/edit" => control::hosts::get => of::<HostForm, _>,
    "/disks/{id}/edit" => control::disks::details => of::<EditDiskForm, _>,
    "/vms/{id}/edit" => control::vms::get => of::<VmForm, _>,
    "/templates/{id}/edit" => control::templates::get => of::<TemplateForm, _>,
    "/tags/{id}/edit" => control::tags::get => of::<TagForm, _>,
    "/directories/{id}/edit" => control::directories::get => of_directory,
    "/bookmarks/{id}/edit" => control::bookmarks::get => of::<BookmarkForm, _>,
    "/roles/{id}/edit" => control::roles::get => of::<RoleForm, _>,
};

/// What to tell the one who came second with these fields; nothing when the address is not an edit's.
pub async fn conflict(ctx: &Ctx, kind: Kind, path: &str, typed: &Fields) -> Result<Option<Conflict>, Fault> {
    let Some((line, id)) = table::find(path) else { return Ok(None) };
    let Some(edited) = EDITED.iter().find(|edited| edited.path == line.path) else { return Ok(None) };
    let now = (edited.present)(ctx, id).await?;
    let (who, at) = control::events::last_edit(ctx, (kind, id)).await?.unzip();
    let by = who.flatten().map_or_else(|| Text::new("brand"), |who| plain(&who));
    let compared = Compared::of(typed, &now);
    let mut differences = Vec::new();
    for (label, yours) in &compared.differing {
        differences.push(Difference {
            label: Text::new(label.key),
            now: shown(ctx, label, now.get(label.name)).await,
            yours: match yours {
                Some(yours) => Some(shown(ctx, label, yours).await),
                None => None,
            },
        });
    }
    Ok(Some(Conflict { by, at, differences, values: compared.values }))
}

/// Three sides of a form.
struct Compared {
    /// What differs, in the order of the forms, with what was typed unless it was left alone.
    differing: Vec<(&'static Label, Option<String>)>,
    values: Fields,
}

impl Compared {
    fn of(typed: &Fields, now: &Fields) -> Compared {
        // Without it, the object's present values stand in, and everything else counts as typed.
        let opened = if typed.has(OPENED) { Fields::parse(typed.get(OPENED)) } else { now.clone() };
        let mut values = now.clone();
        let mut differing = Vec::new();
        for label in labels::FIELDS.iter().filter(|label| now.has(label.name)) {
            let [then, now, yours] = [&opened, now, typed].map(|side| side.get(label.name));
            let touched = !label.same(then, yours);
            if touched {
                values.set(label.name, yours);
            }
            if !label.same(then, now) || (touched && !label.same(now, yours)) {
                differing.push((label, touched.then(|| yours.to_owned())));
            }
        }
        // What was typed of single places stays, as everything that was touched; they are too many to be listed.
        for name in typed.names().filter(|name| name.starts_with(PLACE)) {
            if opened.get(name).trim() != typed.get(name).trim() {
                values.set(name, typed.get(name));
            }
        }
        values.set(OPENED, now.encode());
        Compared { differing, values }
    }
}

fn plain(text: &str) -> Text {
    Text::new("plain").with("text", text)
}

/// A field's text in a person's words.
async fn shown(ctx: &Ctx, label: &Label, value: &str) -> Text {
    if value.trim().is_empty() {
        return Text::new(label.empty);
    }
    match label.reads {
        Reads::Text => plain(value),
        Reads::Mib => Text::new("value-mib").with("n", value),
        Reads::Box => Text::new("value-yes"),
        Reads::Word(set) => Text::new(&format!("{set}-{}", value.replace('_', "-"))),
        Reads::Hosts => plain(&hosts(ctx, value).await),
        Reads::Groups => plain(&groups(value)),
        Reads::Tag => plain(&tag(ctx, value).await),
        Reads::Quota => plain(&quota(ctx, value).await),
        Reads::Cd => plain(&value.parse().map_or_else(|_| value.to_owned(), |cd: MediaRef| cd.name)),
    }
}

/// The names of hosts; one that is gone, or was never one, stays as it was sent.
async fn hosts(ctx: &Ctx, ids: &str) -> String {
    let mut names = Vec::new();
    for id in ids.split(',') {
        let host = match id.parse::<Uuid>() {
            Ok(id) => control::hosts::get(ctx, id.into()).await.ok(),
            Err(_) => None,
        };
        names.push(host.map_or_else(|| id.to_owned(), |host| host.config.name));
    }
    names.join(", ")
}

/// The names of action groups.
fn groups(numbers: &str) -> String {
    let numbers: Vec<i32> = numbers.split(',').filter_map(|number| number.parse().ok()).collect();
    model::role::named(&numbers)
}

async fn quota(ctx: &Ctx, id: &str) -> String {
    let quota = match id.parse::<Uuid>() {
        Ok(id) => control::quotas::get(ctx, id.into()).await.ok(),
        Err(_) => None,
    };
    quota.map_or_else(|| id.to_owned(), |quota| quota.config.name)
}

/// The name of a tag, as long as it is there.
async fn tag(ctx: &Ctx, id: &str) -> String {
    let tag = match id.parse::<Uuid>() {
        Ok(id) => control::tags::get(ctx, id.into()).await.ok(),
        Err(_) => None,
    };
    tag.map_or_else(|| id.to_owned(), |tag| tag.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Then, now and typed of each field; what the form goes on with, and what is told.
    #[test]
    fn three_sides_are_compared_field_by_field() {
        let opened = Fields::parse("version=1&name=a&description=d&comment=c&bridge=br0").encode();
        let now = Fields::parse("version=2&name=a&description=theirs&comment=theirs&bridge=br1");
        let mut typed = Fields::parse("version=1&name=mine&description=d&comment=mine&bridge=br1");
        typed.set(OPENED, opened);
        let compared = Compared::of(&typed, &now);
        let mut going_on = Fields::parse("version=2&name=mine&description=theirs&comment=mine&bridge=br1");
        going_on.set(OPENED, now.encode());
        assert_eq!(compared.values, going_on);
        let told: Vec<_> = compared.differing.iter().map(|(l, yours)| (l.name, yours.as_deref())).collect();
        assert_eq!(
            told,
            [
                ("name", Some("mine")),
                ("description", None),
                ("comment", Some("mine")),
                ("bridge", Some("br1"))
            ]
        );
    }

    #[test]
    fn without_the_opened_values_everything_typed_is_kept() {
        let now = Fields::parse("version=2&name=a&comment=theirs");
        let compared = Compared::of(&Fields::parse("version=1&name=a&comment=mine"), &now);
        assert_eq!((compared.values.get("comment"), compared.values.get("version")), ("mine", "2"));
        assert_eq!(compared.differing.len(), 1);
    }

    #[test]
    fn what_only_looks_different_is_the_same() {
        let now = Fields::parse("description=a%0D%0Ab&hosts=1,2&ha=&comment=x");
        let mut typed = Fields::parse("description=a%0Ab&hosts=2,1&comment=x+");
        typed.set(OPENED, now.encode());
        assert!(Compared::of(&typed, &now).differing.is_empty());
        typed.set("comment", "1,2");
        typed.set(OPENED, Fields::parse("comment=2,1&description=a%0Ab&hosts=1,2").encode());
        assert_eq!(Compared::of(&typed, &now).differing.len(), 1, "a text with commas is no set");
    }

    #[test]
    fn a_box_that_was_switched_off_counts_as_typed() {
        let now = Fields::parse("ha=true&priority=high");
        let mut typed = Fields::parse("priority=low");
        typed.set(OPENED, Fields::parse("ha=true&priority=low").encode());
        let compared = Compared::of(&typed, &now);
        assert_eq!((compared.values.get("ha"), compared.values.get("priority")), ("", "high"));
    }

    #[test]
    fn every_edit_has_a_line() {
        let edits: Vec<&str> =
            table::TABLE.iter().map(|line| line.path).filter(|path| path.ends_with("/edit")).collect();
        assert_eq!(EDITED.iter().map(|edited| edited.path).collect::<Vec<_>>().len(), edits.len());
        for path in edits {
            assert!(EDITED.iter().any(|edited| edited.path == path), "{path}");
        }
    }
}
