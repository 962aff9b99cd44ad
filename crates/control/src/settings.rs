//! What people set for themselves alone. Nobody else sees it, nothing follows from it, and so no event tells of it.

use std::collections::BTreeMap;

use model::columns::{Columns, key};
use model::id::Kind;
use model::language::Language;
use model::portal::{Choose, Preferences};
use model::{Fault, UserId};

use crate::app::commit;
use crate::{Ctx, Outcome};

/// The columns that this person chose, by the list's kind. What cannot be read any more was never chosen.
pub async fn columns(ctx: &Ctx) -> Outcome<BTreeMap<String, Columns>> {
    ctx.has_changed_password()?;
    let all = store::settings::of(&mut *ctx.app.conn().await?, me(ctx)?).await?;
    let one = |kind: Kind| {
        let value = all.get(&key(kind))?;
        Some((kind.as_str().to_owned(), serde_json::from_value(value.clone()).ok()?))
    };
    Ok(Kind::ALL.into_iter().filter_map(one).collect())
}

/// Keeps the columns of a list; none goes back to those that everybody begins with.
pub async fn choose_columns(ctx: &Ctx, kind: Kind, columns: Option<&Columns>) -> Outcome<()> {
    ctx.has_changed_password()?;
    let me = me(ctx)?;
    let mut tx = ctx.app.begin().await?;
    match columns {
        Some(columns) => {
            columns.errors().into_result()?;
            let value = columns.0.iter().cloned().collect();
            store::settings::set(&mut tx, me, &key(kind), &value).await?;
        }
        None => store::settings::forget(&mut tx, me, &key(kind)).await?,
    }
    commit(tx).await
}

/// The name of the setting.
const LANGUAGE: &str = "language";

/// The language that this person chose. Also the page of a first password is in it.
pub async fn language(ctx: &Ctx) -> Outcome<Option<Language>> {
    let all = store::settings::of(&mut *ctx.app.conn().await?, me(ctx)?).await?;
    Ok(all.get(LANGUAGE).and_then(|tag| tag.as_str()?.parse().ok()))
}

/// Keeps the language; the next page is in it, in whatever browser. With none, each browser has its own again.
pub async fn choose_language(ctx: &Ctx, language: Option<Language>) -> Outcome<()> {
    ctx.has_changed_password()?;
    let me = me(ctx)?;
    let mut tx = ctx.app.begin().await?;
    match language {
        Some(language) => store::settings::set(&mut tx, me, LANGUAGE, &language.tag().into()).await?,
        None => store::settings::forget(&mut tx, me, LANGUAGE).await?,
    }
    commit(tx).await
}

/// The name of the setting.
const PORTAL: &str = "portal";

/// What this person set for the VM portal.
pub async fn portal(ctx: &Ctx) -> Outcome<Preferences> {
    ctx.has_changed_password()?;
    let all = store::settings::of(&mut *ctx.app.conn().await?, me(ctx)?).await?;
    let set = all.get(PORTAL).and_then(|value| serde_json::from_value(value.clone()).ok());
    Ok(set.unwrap_or_default())
}

/// Keeps it. A machine that this person does not see is no choice.
pub async fn choose_portal(ctx: &Ctx, choose: &Choose) -> Outcome<()> {
    let before = portal(ctx).await?;
    let mut tx = ctx.app.begin().await?;
    let seen = match choose.connect {
        Some(vm) => ctx.sees(&mut tx, Kind::Vm, vm).await.is_ok(),
        None => true,
    };
    choose.errors(seen).into_result()?;
    let made = serde_json::to_value(choose.made(&before, ctx.app.now())).unwrap_or_default();
    store::settings::set(&mut tx, me(ctx)?, PORTAL, &made).await?;
    commit(tx).await
}

/// Drover itself sets nothing.
fn me(ctx: &Ctx) -> Outcome<UserId> {
    ctx.who.id.ok_or(Fault::SignedOut)
}
