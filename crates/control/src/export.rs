//! A whole list, a few rows at a time, as far as this person sees it. A row is what the list has on the wire.

use model::id::Kind;
use model::list::ListQuery;
use model::{Action, Fault, SYSTEM, Text};
use serde_json::Value;
use store::Viewer;
use store::export::Export;

use crate::{Ctx, Outcome, bookmarks, directories, roles, tags};

/// The words by which a kind's list sorts.
pub fn sorts(kind: Kind) -> Vec<&'static str> {
    let pairs = match kind {
        Kind::Vm => store::vms::LIST.sorts,
        Kind::Host => store::hosts::LIST.sorts,
        Kind::Disk => store::disks::LIST.sorts,
        Kind::Template => store::templates::LIST.sorts,
        Kind::Network => store::networks::LIST.sorts,
        Kind::Quota => store::quotas::LIST.sorts,
        Kind::StorageDomain => store::storage_domains::LIST.sorts,
        Kind::Cluster => store::clusters::LIST.sorts,
        Kind::DataCenter => store::data_centers::LIST.sorts,
        Kind::User => store::users::LIST.sorts,
        Kind::Job => store::jobs::SORTS,
        Kind::Event => store::events::SORTS,
        Kind::System | Kind::Tag | Kind::Bookmark | Kind::Directory | Kind::Role => &[],
    };
    pairs.iter().map(|(word, _)| *word).collect()
}

/// What is left of a result.
pub enum Rows {
    /// Still in the database.
    There(Export),
    /// So few that they were read at once.
    Here(Vec<Value>),
}

/// Begins to read the whole result. It is one state of the database, whatever happens meanwhile, and takes a connection
/// until it has ended or is dropped.
pub async fn rows(ctx: &Ctx, kind: Kind, query: &ListQuery) -> Outcome<Rows> {
    ctx.has_changed_password()?;
    let viewer = ctx.viewer();
    match kind {
        Kind::Tag => return few(tags::all(ctx).await?),
        Kind::Directory => return few(directories::all(ctx).await?),
        Kind::Bookmark => return few(bookmarks::all(ctx).await?),
        Kind::Role => return few(roles::all(ctx).await?),
        _ => {}
    }
    let mut c = ctx.app.conn().await?;
    let export = match kind {
        Kind::Vm => store::vms::LIST.export(c, viewer, query).await?,
        Kind::Host => store::hosts::LIST.export(c, viewer, query).await?,
        Kind::Disk => store::disks::LIST.export(c, viewer, query).await?,
        Kind::Template => store::templates::LIST.export(c, viewer, query).await?,
        Kind::Quota => store::quotas::LIST.export(c, viewer, query).await?,
        Kind::Network => store::networks::LIST.export(c, viewer, query).await?,
        Kind::StorageDomain => store::storage_domains::LIST.export(c, viewer, query).await?,
        Kind::Cluster => store::clusters::LIST.export(c, viewer, query).await?,
        Kind::DataCenter => store::data_centers::LIST.export(c, viewer, query).await?,
        Kind::Event => store::events::export(c, viewer, query).await?,
        Kind::Job => store::jobs::export(c, viewer, query).await?,
        Kind::User => {
            ctx.may(&mut c, Kind::System, SYSTEM, Action::ManageUsers).await?;
            // Users have no place in the tree.
            let query = ListQuery { within: None, ..query.clone() };
            store::users::LIST.export(c, Viewer { all: true, ..viewer }, &query).await?
        }
        Kind::System | Kind::Tag | Kind::Bookmark | Kind::Directory | Kind::Role => {
            return Err(Fault::field("kind", Text::new("field-unknown-choice")));
        }
    };
    Ok(Rows::There(export))
}

impl Rows {
    /// The next few; none at the end.
    pub async fn next(&mut self) -> Outcome<Vec<Value>> {
        match self {
            Rows::There(export) => Ok(export.next().await?),
            Rows::Here(rows) => Ok(std::mem::take(rows)),
        }
    }
}

fn few<T: serde::Serialize>(rows: Vec<T>) -> Outcome<Rows> {
    let rows: Result<Vec<Value>, _> = rows.iter().map(serde_json::to_value).collect();
    let unreadable =
        |e: serde_json::Error| store::StoreError::Unreadable { what: "a row", cause: e.to_string() };
    Ok(Rows::Here(rows.map_err(unreadable)?))
}
