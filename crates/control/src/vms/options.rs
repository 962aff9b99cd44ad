//! What the estate says of a VM's options: the hosts that it may run on, the file in its CD drive.

use model::id::Kind;
use model::storage_domain::Medium;
use model::vm_options::{MediaRef, VmOptions};
use model::{ClusterId, DataCenterId, FieldErrors, Text};

use crate::app::Tx;
use crate::{Ctx, Outcome};

/// Adds what is wrong, each at its field.
pub(super) async fn fit(
    ctx: &Ctx,
    tx: &mut Tx,
    (cluster, data_center): (ClusterId, DataCenterId),
    options: &VmOptions,
    errors: &mut FieldErrors,
) -> Outcome<()> {
    for id in &options.hosts {
        let host = store::hosts::LIST.one(tx, id.0).await?;
        if host.as_ref().map(|host| host.cluster.0) != Some(cluster) {
            let name = host.map_or_else(|| id.to_string(), |host| host.name);
            errors.add("hosts", Text::new("field-host-cluster").with("name", name));
            break;
        }
    }
    if let Some(cd) = &options.cd
        && medium(ctx, tx, cd, data_center).await?.is_none()
    {
        errors.add("cd", Text::new("field-cd-unknown"));
    }
    Ok(())
}

/// A file of a domain that this person sees, if it is known and in that data center.
pub(super) async fn medium(
    ctx: &Ctx,
    tx: &mut Tx,
    at: &MediaRef,
    data_center: DataCenterId,
) -> Outcome<Option<Medium>> {
    if ctx.sees(tx, Kind::StorageDomain, at.storage_domain.0).await.is_err() {
        return Ok(None);
    }
    let found = store::media::get(tx, at).await?;
    Ok(found.filter(|(center, _)| *center == data_center).map(|(_, medium)| medium))
}
