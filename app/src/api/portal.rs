//! Reading for the VM portal.

use leptos::prelude::*;
use model::portal::{Machines, OwnDisk, Preferences, Totals, Wanted};
use model::quota::QuotaRow;
use model::quota_request::RequestRow;
use model::vm::VmDetails;
use model::{Action, VmId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::error::ApiError;

#[server(prefix = "/fn", endpoint = "portal/machines")]
pub async fn list(wanted: Wanted) -> Result<Machines, ApiError> {
    let ctx = super::ctx::ctx()?;
    control::portal::machines(&ctx, &wanted).await.map_err(super::ctx::told)
}

/// A machine, and what this person may do with it.
#[server(prefix = "/fn", endpoint = "portal/machine")]
pub async fn get(id: VmId) -> Result<(VmDetails, Vec<Action>), ApiError> {
    let ctx = super::ctx::ctx()?;
    control::portal::machine(&ctx, id).await.map_err(super::ctx::told)
}

/// What the page *Resources* shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Resources {
    pub totals: Totals,
    pub disks: Vec<OwnDisk>,
    /// Those that this person may put something into.
    pub quotas: Vec<QuotaRow>,
    /// What they asked for of these, the newest first.
    pub requests: Vec<RequestRow>,
}

#[server(prefix = "/fn", endpoint = "portal/resources")]
pub async fn sums() -> Result<Resources, ApiError> {
    let ctx = super::ctx::ctx()?;
    let (totals, disks) = control::portal::resources(&ctx).await.map_err(super::ctx::told)?;
    let quotas = control::quotas::usable(&ctx).await.map_err(super::ctx::told)?;
    let requests = control::quotas::requests::mine(&ctx).await.map_err(super::ctx::told)?;
    Ok(Resources { totals, disks, quotas, requests })
}

/// What this person set, and the machines that they may choose among.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    pub set: Preferences,
    pub machines: Vec<(Uuid, String)>,
}

#[server(prefix = "/fn", endpoint = "portal/settings")]
pub async fn chosen() -> Result<Settings, ApiError> {
    let ctx = super::ctx::ctx()?;
    let set = control::settings::portal(&ctx).await.map_err(super::ctx::told)?;
    let first = control::portal::machines(&ctx, &Wanted::default()).await.map_err(super::ctx::told)?;
    let machines = first.rows.into_iter().map(|machine| (machine.row.id.0, machine.row.name)).collect();
    Ok(Settings { set, machines })
}
