//! Tags and bookmarks: what people sort the estate by.

use control::tags::Assigned;
use model::{Fault, Refusal, Text};

use super::Sent;
use crate::forms::Done;
use crate::forms::data::bookmark::BookmarkForm;
use crate::forms::data::tag::{AssignForm, TagForm};
use crate::frame::ListTab;
use crate::paths;

pub async fn new_tag(s: &Sent<'_>) -> Result<Done, Fault> {
    control::tags::create(s.ctx, &s.form::<TagForm>()?).await?;
    s.to(paths::TAGS)
}

pub async fn edit_tag(s: &Sent<'_>) -> Result<Done, Fault> {
    let edit = s.fields.read::<TagForm>().edit().map_err(Fault::Invalid)?;
    control::tags::edit(s.ctx, s.id.into(), &edit).await?;
    s.to_page(ListTab::Tags)
}

pub async fn remove_tag(s: &Sent<'_>) -> Result<Done, Fault> {
    control::tags::remove(s.ctx, s.id.into()).await?;
    gone(s, paths::TAGS)
}

pub async fn new_bookmark(s: &Sent<'_>) -> Result<Done, Fault> {
    control::bookmarks::create(s.ctx, &s.form::<BookmarkForm>()?).await?;
    s.to(paths::BOOKMARKS)
}

pub async fn edit_bookmark(s: &Sent<'_>) -> Result<Done, Fault> {
    let edit = s.fields.read::<BookmarkForm>().edit().map_err(Fault::Invalid)?;
    control::bookmarks::edit(s.ctx, s.id.into(), &edit).await?;
    s.to_page(ListTab::Bookmarks)
}

pub async fn remove_bookmark(s: &Sent<'_>) -> Result<Done, Fault> {
    control::bookmarks::remove(s.ctx, s.id.into()).await?;
    gone(s, paths::BOOKMARKS)
}

/// Back to where it was removed from, unless that was its own page.
fn gone(s: &Sent<'_>, list: &str) -> Result<Done, Fault> {
    let own = s.id.to_string();
    match s.next {
        Some(next) if next.contains(&own) => Ok(Done::Go(list.to_owned())),
        _ => s.to(list),
    }
}

/// Those that were refused are told; the others have their tags.
pub async fn assign_tags(s: &Sent<'_>) -> Result<Done, Fault> {
    let asked = s.form::<AssignForm>()?;
    let done = control::tags::assign(s.ctx, asked.kind, &asked.objects, &asked.change).await?;
    refused(done)?;
    s.to(paths::tab_for(asked.kind).map_or(paths::TAGS, paths::list))
}

/// The one answer, or the list of those that were refused; the others are done.
fn refused(done: Vec<Assigned>) -> Result<(), Fault> {
    let all = done.len();
    let mut refused: Vec<Assigned> = done.into_iter().filter(|one| one.outcome.is_err()).collect();
    if all == 1 {
        return refused.pop().map_or(Ok(()), |one| one.outcome);
    }
    if refused.is_empty() {
        return Ok(());
    }
    let title = Text::new("refusal-tags-partly").with("n", refused.len()).with("all", all);
    let lines = refused.into_iter().map(line).collect();
    Err(Fault::Refused(Refusal::from(title).because(lines)))
}

fn line(one: Assigned) -> Text {
    let why = one.outcome.err().map(|fault| fault.to_string()).unwrap_or_default();
    let name = one.name.unwrap_or_else(|| one.object.to_string());
    Text::new("refusal-tags-object").with("name", name).with("why", why)
}
