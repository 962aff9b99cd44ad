//! The rows of what changed, with their places in the tree: of all that was heard together by one query for each kind. A
//! host tells of all its VMs at once, and five hundred hosts do.

use std::collections::HashMap;
use std::str::FromStr;

use model::id::Kind;
use serde::Serialize;
use serde_json::Value;
use store::list::Spec;
use store::{PgConnection, StoreResult};
use uuid::Uuid;

#[derive(Default)]
pub struct Rows {
    pub found: HashMap<Uuid, Value>,
    /// An object's own id and all above it.
    pub scopes: HashMap<Uuid, Vec<Uuid>>,
}

impl Rows {
    /// Of what was added or changed, by the notices' words.
    pub async fn read(c: &mut PgConnection, notices: &[String]) -> StoreResult<Rows> {
        let mut ids: HashMap<Kind, Vec<Uuid>> = HashMap::new();
        for (kind, id) in notices.iter().filter_map(|notice| changed(notice)) {
            ids.entry(kind).or_default().push(id);
        }
        let mut rows = Rows::default();
        for (kind, ids) in &ids {
            rows.of_kind(c, *kind, ids).await?;
        }
        let all: Vec<Uuid> = rows.found.keys().copied().collect();
        if !all.is_empty() {
            for (id, above) in store::objects::scopes(c, &all).await? {
                rows.scopes.entry(id).or_default().push(above);
            }
        }
        Ok(rows)
    }

    async fn of_kind(&mut self, c: &mut PgConnection, kind: Kind, ids: &[Uuid]) -> StoreResult<()> {
        match kind {
            Kind::DataCenter => self.of(c, &store::data_centers::LIST, ids).await,
            Kind::Cluster => self.of(c, &store::clusters::LIST, ids).await,
            Kind::Host => self.of(c, &store::hosts::LIST, ids).await,
            Kind::Network => self.of(c, &store::networks::LIST, ids).await,
            Kind::StorageDomain => self.of(c, &store::storage_domains::LIST, ids).await,
            Kind::Disk => self.of(c, &store::disks::LIST, ids).await,
            Kind::Quota => self.of(c, &store::quotas::LIST, ids).await,
            Kind::Template => self.of(c, &store::templates::LIST, ids).await,
            Kind::Vm => self.of(c, &store::vms::LIST, ids).await,
            Kind::User => self.of(c, &store::users::LIST, ids).await,
            // These are read one by one, or have no row.
            Kind::System
            | Kind::Job
            | Kind::Event
            | Kind::Tag
            | Kind::Bookmark
            | Kind::Directory
            | Kind::Role => Ok(()),
        }
    }

    async fn of<T: Serialize>(
        &mut self,
        c: &mut PgConnection,
        list: &Spec<T>,
        ids: &[Uuid],
    ) -> StoreResult<()> {
        let rows = list.many(c, ids).await?;
        let rows = rows.iter().filter_map(|row| serde_json::to_value(row).ok());
        self.found.extend(rows.filter_map(|row| Some((id(&row)?, row))));
        Ok(())
    }
}

fn id(row: &Value) -> Option<Uuid> {
    row.get("id")?.as_str()?.parse().ok()
}

/// "vm <id> changed"; what was removed has no row.
fn changed(notice: &str) -> Option<(Kind, Uuid)> {
    let mut words = notice.split(' ');
    let (kind, id) = (Kind::from_str(words.next()?).ok()?, words.next()?.parse().ok()?);
    (words.next()? != "removed").then_some((kind, id))
}
