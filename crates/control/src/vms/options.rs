//! What the estate says of a VM's options: the hosts that it may run on, the file in its CD drive.

use model::id::Kind;
use model::vm_options::VmOptions;
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
    if let Some(cd) = &options.cd {
        let visible = ctx.sees(tx, Kind::StorageDomain, cd.storage_domain.0).await.is_ok();
        let at = store::media::data_center(tx, cd).await?.filter(|_| visible);
        if at != Some(data_center) {
            errors.add("cd", Text::new("field-cd-unknown"));
        }
    }
    Ok(())
}
