//! Going to anything by its name. Only what the person may see is found.

use model::id::Kind;
use model::palette::{Found, LONGEST, fit, ranked};
use model::{Action, Fault, SYSTEM, Text};

use crate::{Ctx, Outcome, bookmarks, jobs};

/// The best that fits `text`; nothing for no text.
pub async fn find(ctx: &Ctx, text: &str) -> Outcome<Vec<Found>> {
    ctx.has_changed_password()?;
    let text = asked(text)?;
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let mut c = ctx.app.conn().await?;
    let users = ctx.may(&mut c, Kind::System, SYSTEM, Action::ManageUsers).await.is_ok();
    let mut found = store::palette::find(&mut c, ctx.viewer(), users, &text).await?;
    drop(c);
    found.iter_mut().filter(|one| one.kind == Kind::Bookmark).for_each(lead);
    found.extend(running(ctx, &text).await?);
    Ok(ranked(found, &text))
}

/// What can be in a name, of what came from outside.
fn asked(text: &str) -> Outcome<String> {
    if text.chars().nth(LONGEST).is_some() {
        return Err(Fault::field("text", Text::new("field-too-long").with("max", LONGEST.to_string())));
    }
    Ok(text.trim().chars().filter(|c| !c.is_control()).collect())
}

fn lead(bookmark: &mut Found) {
    bookmark.leads = bookmark.place.as_deref().and_then(|search| bookmarks::read(search).ok());
}

/// Jobs have no name but their title, which is worded here; few of them run.
async fn running(ctx: &Ctx, text: &str) -> Outcome<Vec<Found>> {
    let fits = jobs::running(ctx).await?.into_iter().filter_map(|job| {
        let name = job.title.to_string();
        fit(&name, text)?;
        let status = Some(job.status.as_str().to_owned());
        Some(Found { kind: Kind::Job, id: job.id.0, name, place: None, status, leads: None })
    });
    Ok(fits.collect())
}
