//! Bookmarks. Whether a search can still be read is not known here.

use model::bookmark::BookmarkConfig;
use model::{BookmarkId, UserId};
use sqlx::PgConnection;
use time::OffsetDateTime;

use crate::StoreResult;

pub struct Bookmark {
    pub id: BookmarkId,
    pub version: i64,
    /// None is everybody.
    pub owner: Option<UserId>,
    pub name: String,
    pub search: String,
}

/// Everybody's and those of `user`, by name.
pub async fn list(c: &mut PgConnection, user: Option<UserId>) -> StoreResult<Vec<Bookmark>> {
    let rows = sqlx::query!(
        "SELECT id, version, owner_id, name, search FROM bookmarks WHERE owner_id IS NULL OR owner_id = $1
         ORDER BY lower(name), id",
        user.map(|u| u.0)
    );
    let bookmarks = rows.fetch_all(c).await?.into_iter().map(|r| Bookmark {
        id: BookmarkId(r.id),
        version: r.version,
        owner: r.owner_id.map(UserId),
        name: r.name,
        search: r.search,
    });
    Ok(bookmarks.collect())
}

/// Taken for the rest of the transaction.
pub async fn lock(c: &mut PgConnection, id: BookmarkId) -> StoreResult<Option<Bookmark>> {
    let row =
        sqlx::query!("SELECT version, owner_id, name, search FROM bookmarks WHERE id = $1 FOR UPDATE", id.0);
    Ok(row.fetch_optional(c).await?.map(|r| Bookmark {
        id,
        version: r.version,
        owner: r.owner_id.map(UserId),
        name: r.name,
        search: r.search,
    }))
}

pub async fn insert(
    c: &mut PgConnection,
    id: BookmarkId,
    owner: Option<UserId>,
    bookmark: &BookmarkConfig,
    now: OffsetDateTime,
) -> StoreResult<()> {
    sqlx::query!(
        "INSERT INTO bookmarks (id, owner_id, name, search, created_at) VALUES ($1, $2, $3, $4, $5)",
        id.0,
        owner.map(|o| o.0),
        bookmark.name,
        bookmark.search,
        now
    )
    .execute(c)
    .await?;
    Ok(())
}

pub async fn update(
    c: &mut PgConnection,
    id: BookmarkId,
    version: i64,
    owner: Option<UserId>,
    bookmark: &BookmarkConfig,
) -> StoreResult<bool> {
    let done = sqlx::query!(
        "UPDATE bookmarks SET owner_id = $3, name = $4, search = $5, version = version + 1
         WHERE id = $1 AND version = $2",
        id.0,
        version,
        owner.map(|o| o.0),
        bookmark.name,
        bookmark.search
    );
    Ok(done.execute(c).await?.rows_affected() == 1)
}

pub async fn remove(c: &mut PgConnection, id: BookmarkId) -> StoreResult<()> {
    sqlx::query!("DELETE FROM bookmarks WHERE id = $1", id.0).execute(c).await?;
    Ok(())
}
