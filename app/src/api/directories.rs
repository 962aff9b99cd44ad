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

/// The names of all, for somebody who is about to sign in.
#[server(prefix = "/fn", endpoint = "directories/names")]
pub async fn names() -> Result<Vec<String>, ApiError> {
    match use_context::<super::doors::Doors>() {
        Some(doors) => doors.directories().await.map_err(super::ctx::told),
        None => Ok(Vec::new()),
    }
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
