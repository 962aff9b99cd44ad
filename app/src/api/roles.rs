//! Reading roles, and what they can be made of.

use leptos::prelude::*;
use model::RoleId;
use model::list::{ListQuery, Page};
use model::role::RoleRow;
use serde::{Deserialize, Serialize};

use super::error::ApiError;

/// The action groups of an area, by number and words.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AreaGroups {
    pub area: String,
    pub groups: Vec<(i32, String)>,
}

#[server(prefix = "/fn", endpoint = "roles/list")]
pub async fn list(query: ListQuery) -> Result<Page<RoleRow>, ApiError> {
    let ctx = super::ctx::ctx()?;
    control::roles::list(&ctx, &query).await.map_err(super::ctx::told)
}

#[server(prefix = "/fn", endpoint = "roles/get")]
pub async fn get(id: RoleId) -> Result<RoleRow, ApiError> {
    let ctx = super::ctx::ctx()?;
    control::roles::get(&ctx, id).await.map_err(super::ctx::told)
}

/// A role to begin with, an empty one for a new role, and all there is to make one of.
#[server(prefix = "/fn", endpoint = "roles/draft")]
pub async fn draft(id: Option<RoleId>) -> Result<(Option<RoleRow>, Vec<AreaGroups>), ApiError> {
    use model::policy::{GROUPS, groups::Area};
    use model::text::{t, ta};
    let ctx = super::ctx::ctx()?;
    let role = match id {
        Some(id) => Some(control::roles::get(&ctx, id).await.map_err(super::ctx::told)?),
        None => None,
    };
    let label = |group: &model::policy::ActionGroup| {
        let label = group.label().to_string();
        if group.admin_only { ta("role-group-admin", &[("group", &label)]) } else { label }
    };
    let area = |area: Area| AreaGroups {
        area: t(&format!("area-{}", area.as_str())),
        groups: GROUPS.iter().filter(|g| g.area == area).map(|g| (g.number, label(g))).collect(),
    };
    Ok((role, Area::ALL.into_iter().map(area).collect()))
}
