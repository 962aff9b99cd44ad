//! What the frame around every page needs at once: read by the server before it renders, handed to the browser
//! with the page, and kept up to date by the live stream from then on.

use std::collections::BTreeMap;

use leptos::prelude::*;
use model::columns::Columns;
use model::event::EventRow;
use model::job::JobRow;
use model::list::{TreeBranch, TreeNode};
use model::portal::Begun;
use model::user::Me;
use serde::{Deserialize, Serialize};

use super::error::ApiError;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Start {
    pub me: Me,
    pub jobs: Vec<JobRow>,
    /// The newest.
    pub last: Option<EventRow>,
    /// The alerts that stand.
    pub alerts: Vec<EventRow>,
    /// The data centers.
    pub tree: Vec<TreeNode>,
    /// What is open in it for the object that the address is about to be in sight.
    pub way: Vec<TreeBranch>,
    /// Which columns this person chose, by the kind of the list.
    #[serde(default)]
    pub columns: BTreeMap<String, Columns>,
    /// Only in the VM portal.
    #[serde(default)]
    pub portal: Option<Begun>,
    /// Which build the server has; told only to pages that are there already.
    pub build: Option<String>,
}

/// The build of the browser's half that the server would send.
#[derive(Debug, Clone)]
pub struct Build(pub String);

/// The same again, after the stream was away.
#[server(prefix = "/fn", endpoint = "frame/start")]
pub async fn again(#[server(default)] portal: bool) -> Result<Start, ApiError> {
    let ctx = super::ctx::ctx()?;
    let start = match portal {
        true => super::begin::for_portal(&ctx).await,
        false => super::begin::of(&ctx, None).await,
    };
    let start = start.map_err(super::ctx::told)?;
    Ok(Start { build: use_context::<Build>().map(|build| build.0), ..start })
}
