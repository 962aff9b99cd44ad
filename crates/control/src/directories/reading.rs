//! Reading a directory's users anew: their names, the groups that they are in by now, and whether they are still there. A
//! page of them at a time; what changed is told in one event.

use directory::{DirectoryError, Person, Profile, Session};
use model::event::EventKind;
use model::id::Kind;
use model::{DirectoryId, Text, UserId};
use store::members::Member;
use store::{directories as table, members};
use uuid::Uuid;

use super::{entering, profile};
use crate::app::{App, Tx, commit};
use crate::{Outcome, events};

const PAGE: i64 = 100;
/// As many changes as an event names.
const TOLD: usize = 20;

/// One directory, whole; what is in the way is noted, and told once a day.
pub async fn read(app: &App, id: DirectoryId) -> Outcome<()> {
    let profile = profile(app, id).await?;
    let mut changes = Vec::new();
    let read = pages(app, &profile, &mut changes).await?;
    let mut tx = app.begin().await?;
    let row = super::one(&mut tx, id).await?;
    let about = || vec![(Kind::Directory, id.0, profile.config.name.clone())];
    if !changes.is_empty() {
        let args = told(&changes);
        events::note(&mut tx, app.now(), EventKind::DirectoryChanges, &args, about(), None).await?;
    }
    match &read {
        Err(error) => {
            let args = [("why", error.text())];
            events::note(&mut tx, app.now(), EventKind::DirectoryUnreachable, &args, about(), None).await?;
        }
        Ok(()) if row.trouble.is_some() => {
            events::note(&mut tx, app.now(), EventKind::DirectoryAnswers, &[], about(), None).await?;
        }
        Ok(()) => {}
    }
    table::read(&mut tx, id, app.now(), read.err().map(|e| e.text()).as_ref()).await?;
    commit(tx).await
}

fn told(changes: &[String]) -> [(&'static str, Text); 2] {
    let more = changes.len().saturating_sub(TOLD);
    let named = changes.iter().take(TOLD).cloned().collect::<Vec<_>>().join(", ");
    [("changes", events::word(&named)), ("more", Text::new("directory-changes-more").with("n", more))]
}

/// Every page is asked for before its transaction begins.
async fn pages(
    app: &App,
    profile: &Profile,
    changes: &mut Vec<String>,
) -> Outcome<Result<(), DirectoryError>> {
    let domain = profile.config.name.as_str();
    let mut behind = Uuid::nil();
    let mut session = None;
    loop {
        let page = members::users(&mut *app.conn().await?, domain, behind, PAGE).await?;
        let Some(last) = page.last() else { break };
        behind = last.id;
        let ids: Vec<String> = page.iter().map(|one| one.external_id.clone()).collect();
        let asked = async {
            if session.is_none() {
                session = Some(Session::open(profile).await?);
            }
            match session.as_mut() {
                Some(session) => session.people(&ids).await,
                None => Ok(Vec::new()),
            }
        };
        let people = match asked.await {
            Ok(people) => people,
            Err(error) => return Ok(Err(error)),
        };
        let mut tx = app.begin().await?;
        for member in &page {
            let person = people.iter().find(|person| person.user.id == member.external_id);
            one(app, &mut tx, domain, member, person, changes).await?;
        }
        commit(tx).await?;
    }
    // Nobody was added yet: whether it answers is worth knowing all the same.
    if session.is_none() {
        return Ok(Session::open(profile).await.map(drop));
    }
    Ok(Ok(()))
}

async fn one(
    app: &App,
    tx: &mut Tx,
    domain: &str,
    member: &Member,
    person: Option<&Person>,
    changes: &mut Vec<String>,
) -> Outcome<()> {
    let user = UserId(member.id);
    let Some(person) = person else {
        if member.gone {
            return Ok(());
        }
        members::gone(tx, user, app.now()).await?;
        let about = vec![(Kind::User, member.id, format!("{}@{domain}", member.name))];
        return events::note(tx, app.now(), EventKind::UserGone, &[], about, None).await;
    };
    members::refresh(tx, user, domain, &person.user).await?;
    let groups = entering::added_groups(tx, domain, person).await?;
    let (entered, left) = members::put_into(tx, user, &groups).await?;
    let signs = entered.iter().map(|g| format!("+{g}")).chain(left.iter().map(|g| format!("−{g}")));
    let signs: Vec<String> = signs.collect();
    if !signs.is_empty() {
        changes.push(format!("{} {}", person.user.name, signs.join(" ")));
    }
    Ok(())
}
