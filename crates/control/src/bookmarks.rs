//! Operations on bookmarks. Everybody keeps their own; those that all see are made by whoever has the permission for it.

use model::bookmark::{BookmarkConfig, BookmarkRow, EditBookmark};
use model::event::EventKind;
use model::id::Kind;
use model::list::{ListQuery, Page};
use model::{Action, BookmarkId, Fault, SYSTEM, Text, UserId};
use store::PgConnection;
use store::bookmarks::{self as table, Bookmark};

use crate::app::{Tx, commit, name_taken};
use crate::ctx::stale;
use crate::{Ctx, Outcome, events};

/// What a search looks through, and the search without the word for that; or why it cannot be read. The one place
/// where a bookmark meets the language.
pub fn read(text: &str) -> Result<(Kind, String), Text> {
    let query = search::parse_whole(text).map_err(|error| error.text(text))?;
    let rest = search::split(text).map(|(_, rest)| rest.trim_end().to_owned()).unwrap_or_default();
    Ok((query.entity.kind(), rest))
}

/// One's own and everybody's.
pub async fn list(ctx: &Ctx, query: &ListQuery) -> Outcome<Page<BookmarkRow>> {
    ctx.has_changed_password()?;
    let found = table::list(&mut *ctx.app.conn().await?, ctx.who.id).await?;
    Ok(crate::tags::page(found.into_iter().map(row).collect(), query))
}

pub async fn get(ctx: &Ctx, id: BookmarkId) -> Outcome<BookmarkRow> {
    ctx.has_changed_password()?;
    Ok(row(find(ctx, &mut *ctx.app.conn().await?, id).await?))
}

fn row(b: Bookmark) -> BookmarkRow {
    let leads = read(&b.search);
    let config = BookmarkConfig { name: b.name, search: b.search, shared: b.owner.is_none() };
    BookmarkRow { id: b.id, version: b.version, config, leads }
}

/// Another's own is not there.
async fn find(ctx: &Ctx, c: &mut PgConnection, id: BookmarkId) -> Outcome<Bookmark> {
    let found = table::lock(c, id).await?;
    let mine = |b: &Bookmark| b.owner.is_none() || b.owner == ctx.who.id;
    found.filter(mine).ok_or(Fault::NotFound { kind: Kind::Bookmark })
}

pub async fn create(ctx: &Ctx, config: &BookmarkConfig) -> Outcome<BookmarkId> {
    let mut tx = ctx.app.begin().await?;
    ctx.has_changed_password()?;
    may_share(ctx, &mut tx, config.shared, Action::ShareBookmark).await?;
    check(config)?;
    let id = BookmarkId(ctx.app.ids.uuid());
    let inserted = table::insert(&mut tx, id, owner(ctx, config), config, ctx.app.now()).await;
    inserted.map_err(|e| name_taken(e, Kind::Bookmark, &config.name))?;
    let about = vec![(Kind::Bookmark, id.0, config.name.clone())];
    events::tell(&mut tx, ctx, EventKind::BookmarkAdded, &[], about).await?;
    commit(tx).await?;
    Ok(id)
}

/// Changes a bookmark. Shared, one's own becomes everybody's; taken back, it is one's own again.
pub async fn edit(ctx: &Ctx, id: BookmarkId, edit: &EditBookmark) -> Outcome<()> {
    let mut tx = ctx.app.begin().await?;
    ctx.has_changed_password()?;
    let before = find(ctx, &mut tx, id).await?;
    may_share(ctx, &mut tx, before.owner.is_none(), Action::EditBookmark).await?;
    may_share(ctx, &mut tx, edit.config.shared, Action::ShareBookmark).await?;
    check(&edit.config)?;
    let updated = table::update(&mut tx, id, edit.version, owner(ctx, &edit.config), &edit.config).await;
    if !updated.map_err(|e| name_taken(e, Kind::Bookmark, &edit.config.name))? {
        return Err(stale(Kind::Bookmark, edit.version));
    }
    let about = vec![(Kind::Bookmark, id.0, edit.config.name.clone())];
    events::tell(&mut tx, ctx, EventKind::BookmarkUpdated, &[], about).await?;
    commit(tx).await
}

pub async fn remove(ctx: &Ctx, id: BookmarkId) -> Outcome<()> {
    let mut tx = ctx.app.begin().await?;
    ctx.has_changed_password()?;
    let found = find(ctx, &mut tx, id).await?;
    may_share(ctx, &mut tx, found.owner.is_none(), Action::RemoveBookmark).await?;
    let about = vec![(Kind::Bookmark, id.0, found.name)];
    events::tell(&mut tx, ctx, EventKind::BookmarkRemoved, &[], about).await?;
    table::remove(&mut tx, id).await?;
    commit(tx).await
}

/// What all see is not everybody's to touch.
async fn may_share(ctx: &Ctx, tx: &mut Tx, shared: bool, action: Action) -> Outcome<()> {
    if !shared {
        return Ok(());
    }
    ctx.may(tx, Kind::System, SYSTEM, action).await
}

fn owner(ctx: &Ctx, config: &BookmarkConfig) -> Option<UserId> {
    ctx.who.id.filter(|_| !config.shared)
}

fn check(config: &BookmarkConfig) -> Outcome<()> {
    let mut errors = config.errors();
    if errors.get("search").is_none() {
        errors.check("search", read(&config.search).map(drop));
    }
    errors.into_result()
}
