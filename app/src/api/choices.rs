//! What dialogs offer to choose from: names with the boxes they stand in, sorted by name, at most a page of the
//! largest size each.

use leptos::prelude::*;
use model::VmId;
use model::lease::Lease;
use model::vm::VmDetails;
use model::vm_options::VmOptions;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::error::ApiError;

/// One thing to choose.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Named {
    pub id: Uuid,
    pub name: String,
    /// The data center that it belongs to.
    pub data_center: Uuid,
    pub data_center_name: String,
}

/// A template with what a VM takes from it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TemplateChoice {
    pub named: Named,
    pub memory: u64,
    pub vcpus: u32,
    pub disk_size: u64,
    pub storage_domain: Uuid,
    pub cpu_model: Option<String>,
    pub options: VmOptions,
}

/// A host that a VM may be bound to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HostChoice {
    pub id: Uuid,
    pub name: String,
    pub cluster: Uuid,
}

/// A file for the CD drive, or the content of a disk.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CdChoice {
    /// A `MediaRef` as text.
    pub value: String,
    pub name: String,
    pub storage_domain: String,
    pub data_center: Uuid,
}

/// Everything that the dialog of a VM offers.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct VmChoices {
    pub clusters: Vec<Named>,
    pub templates: Vec<TemplateChoice>,
    pub storage: Vec<Named>,
    pub networks: Vec<Named>,
    pub hosts: Vec<HostChoice>,
    pub cds: Vec<CdChoice>,
    pub images: Vec<CdChoice>,
    pub quotas: Vec<Named>,
    /// What each template and each quota says of how long a machine is there; a data center's default quota by the
    /// data center.
    pub leases: Vec<(Uuid, Lease)>,
}

/// What the dialogs of a VM's disks and network interfaces offer, all of its data center.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HardwareChoices {
    pub vm: VmDetails,
    pub storage: Vec<Named>,
    pub networks: Vec<Named>,
    pub quotas: Vec<Named>,
    /// Those that nothing has.
    pub disks: Vec<Named>,
}

#[server(prefix = "/fn", endpoint = "choices/data-centers")]
pub async fn data_centers() -> Result<Vec<Named>, ApiError> {
    let ctx = super::ctx::ctx()?;
    super::offers::data_centers(&ctx).await.map_err(super::ctx::told)
}

#[server(prefix = "/fn", endpoint = "choices/clusters")]
pub async fn clusters() -> Result<Vec<Named>, ApiError> {
    let ctx = super::ctx::ctx()?;
    super::offers::clusters(&ctx).await.map_err(super::ctx::told)
}

#[server(prefix = "/fn", endpoint = "choices/vm")]
pub async fn vm() -> Result<VmChoices, ApiError> {
    let ctx = super::ctx::ctx()?;
    super::offers::vm(&ctx).await.map_err(super::ctx::told)
}

#[server(prefix = "/fn", endpoint = "choices/hardware")]
pub async fn hardware(id: VmId) -> Result<HardwareChoices, ApiError> {
    let ctx = super::ctx::ctx()?;
    super::offers::hardware(&ctx, id).await.map_err(super::ctx::told)
}

/// What a CD drive can hold.
#[server(prefix = "/fn", endpoint = "choices/discs")]
pub async fn discs() -> Result<Vec<CdChoice>, ApiError> {
    let ctx = super::ctx::ctx()?;
    super::offers::discs(&ctx).await.map_err(super::ctx::told)
}
