//! Reading directories, and looking into one.

use leptos::prelude::*;
use model::directory::{DirectoryRow, Finding};
use model::list::{ListQuery, Page};
use model::{DirectoryId, Fault};
use serde::{Deserialize, Serialize};

use super::error::ApiError;

#[server(prefix = "/fn", endpoint = "directories/list")]
pub async fn list(query: ListQuery) -> Result<Page<DirectoryRow>, ApiError> {
    let ctx = super::ctx::ctx()?;
    control::directories::list(&ctx, &query).await.map_err(super::ctx::told)
}

#[server(prefix = "/fn", endpoint = "directories/get")]
pub async fn get(id: DirectoryId) -> Result<DirectoryRow, ApiError> {
    let ctx = super::ctx::ctx()?;
    control::directories::get(&ctx, id).await.map_err(super::ctx::told)
}

/// Where somebody may be known who is about to sign in: directories by their names, and providers to go to.
pub type Places = (Vec<String>, Vec<(DirectoryId, String)>);

#[server(prefix = "/fn", endpoint = "directories/names")]
pub async fn names() -> Result<Places, ApiError> {
    let Some(doors) = use_context::<super::doors::Doors>() else { return Ok(Places::default()) };
    let directories = doors.directories().await.map_err(super::ctx::told)?;
    Ok((directories, doors.providers().await.map_err(super::ctx::told)?))
}

/// The address to register at a provider; empty where nobody said which one people type.
#[server(prefix = "/fn", endpoint = "directories/callback")]
pub async fn callback() -> Result<String, ApiError> {
    super::ctx::ctx()?;
    let (doors, parts) = (use_context::<super::doors::Doors>(), use_context::<axum::http::request::Parts>());
    let asked = doors.zip(parts).and_then(|(doors, parts)| doors.callback(&parts));
    Ok(asked.unwrap_or_default())
}

/// What the dialog shows that adds users: where from, and what was found there.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Adding {
    pub choices: Vec<(DirectoryId, String)>,
    pub directory: Option<DirectoryId>,
    pub finding: Option<Finding>,
    /// Why nothing could be looked for.
    pub trouble: Option<Fault>,
}

/// `directory` may be empty for the only one, or the first; nothing is looked for unless `find` says so.
#[server(prefix = "/fn", endpoint = "directories/adding")]
pub async fn look_into(directory: String, text: String, find: bool) -> Result<Adding, ApiError> {
    let ctx = super::ctx::ctx()?;
    let choices = control::directories::choices(&ctx).await.map_err(super::ctx::told)?;
    let named = choices.iter().find(|(id, _)| id.to_string() == directory).or(choices.first());
    let mut adding = Adding { directory: named.map(|(id, _)| *id), ..Adding::default() };
    adding.choices = choices;
    if let Some(id) = adding.directory.filter(|_| find) {
        match control::directories::find(&ctx, id, &text).await {
            Ok(finding) => adding.finding = Some(finding),
            Err(fault) => adding.trouble = Some(fault),
        }
    }
    Ok(adding)
}
