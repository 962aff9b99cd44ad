//! Users, groups and the directories that they come from.

use model::directory::StepOutcome;
use model::{Fault, Refusal, Text};

use super::Sent;
use crate::forms::data::directory::{AddForm, DirectoryForm};
use crate::forms::data::provider::{GroupsForm, ProviderForm};
use crate::forms::data::user::{ResetForm, UserForm};
use crate::forms::{Done, Fact, Notice};
use crate::frame::ListTab;
use crate::paths;

pub async fn new_directory(s: &Sent<'_>) -> Result<Done, Fault> {
    let form = s.fields.read::<DirectoryForm>();
    let config = s.form::<DirectoryForm>()?;
    let password = form.password();
    if s.fields.get("intent") == "test" {
        return tested(control::directories::test(s.ctx, None, &config, password.as_deref()).await?);
    }
    let id = control::directories::create(s.ctx, &config, password.as_deref()).await?;
    s.to(paths::object(ListTab::Directories, id))
}

pub async fn new_provider(s: &Sent<'_>) -> Result<Done, Fault> {
    let config = s.form::<ProviderForm>()?;
    if s.fields.get("intent") == "test" {
        return tested(control::providers::test(s.ctx, &config).await?);
    }
    let secret = s.fields.read::<ProviderForm>().secret();
    let id = control::providers::create(s.ctx, &config, secret.as_deref()).await?;
    s.to(paths::object(ListTab::Directories, id))
}

async fn edit_provider(s: &Sent<'_>) -> Result<Done, Fault> {
    let edit = s.fields.read::<ProviderForm>().edit().map_err(Fault::Invalid)?;
    if s.fields.get("intent") == "test" {
        return tested(control::providers::test(s.ctx, &edit.config).await?);
    }
    control::providers::edit(s.ctx, s.id.into(), &edit).await?;
    s.to_page(ListTab::Directories)
}

pub async fn add_groups(s: &Sent<'_>) -> Result<Done, Fault> {
    control::providers::add_groups(s.ctx, s.id.into(), &s.form::<GroupsForm>()?).await?;
    s.to_page(ListTab::Directories)
}

/// One address for both kinds: a provider has an issuer.
pub async fn edit_directory(s: &Sent<'_>) -> Result<Done, Fault> {
    if s.fields.has("issuer") {
        return edit_provider(s).await;
    }
    let edit = s.fields.read::<DirectoryForm>().edit().map_err(Fault::Invalid)?;
    if s.fields.get("intent") == "test" {
        let (id, password) = (Some(s.id.into()), edit.password.as_deref());
        return tested(control::directories::test(s.ctx, id, &edit.config, password).await?);
    }
    control::directories::edit(s.ctx, s.id.into(), &edit).await?;
    s.to_page(ListTab::Directories)
}

pub async fn remove_directory(s: &Sent<'_>) -> Result<Done, Fault> {
    control::directories::remove(s.ctx, s.id.into()).await?;
    Ok(Done::Go(paths::list(ListTab::Directories).to_owned()))
}

/// What went wrong is no notice, though nothing was to be changed.
fn tested(steps: Vec<StepOutcome>) -> Result<Done, Fault> {
    let name = |step: &StepOutcome| Text::new(&format!("directory-step-name-{}", step.step.as_str()));
    if steps.iter().all(|step| step.fine) {
        let fact = |step: &StepOutcome| Fact { name: name(step), value: step.text.clone(), href: None };
        let facts = steps.iter().map(fact).collect();
        return Ok(Done::Stay(Notice { title: Text::new("directory-tested"), facts, no: false }));
    }
    let line = |step: &StepOutcome| {
        let mark = if step.fine { "✓" } else { "✗" };
        let line = Text::new("directory-step-line").with("mark", mark);
        line.with("step", name(step)).with("text", step.text.clone())
    };
    Err(Refusal::new("directory-tested").because(steps.iter().map(line).collect()).into())
}

pub async fn add_users(s: &Sent<'_>) -> Result<Done, Fault> {
    let (directory, chosen) = s.form::<AddForm>()?;
    control::directories::add(s.ctx, directory, &chosen).await?;
    s.to(paths::list(ListTab::Users))
}

pub async fn new_user(s: &Sent<'_>) -> Result<Done, Fault> {
    let new = s.form::<UserForm>()?;
    let id = control::users::add(s.ctx, &new.name, &new.password, new.must_change).await?;
    s.to(paths::object(ListTab::Users, id))
}

pub async fn reset_password(s: &Sent<'_>) -> Result<Done, Fault> {
    let (password, must_change) = s.form::<ResetForm>()?;
    control::users::reset(s.ctx, s.id.into(), &password, must_change).await?;
    s.to_page(ListTab::Users)
}

pub async fn remove_user(s: &Sent<'_>) -> Result<Done, Fault> {
    control::users::remove(s.ctx, s.id.into()).await?;
    Ok(Done::Go(paths::list(ListTab::Users).to_owned()))
}
