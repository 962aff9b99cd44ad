//! Data centers, clusters, networks and hosts.

use model::Fault;

use super::Sent;
use crate::forms::data::cluster::ClusterForm;
use crate::forms::data::data_center::DataCenterForm;
use crate::forms::data::deed::ReasonForm;
use crate::forms::data::host::HostForm;
use crate::forms::data::network::NetworkForm;
use crate::forms::{Done, FormData, Notice};
use crate::frame::ListTab;
use crate::paths;

pub async fn new_data_center(s: &Sent<'_>) -> Result<Done, Fault> {
    control::data_centers::create(s.ctx, &s.form::<DataCenterForm>()?.config).await?;
    s.to(paths::list(ListTab::DataCenters))
}

pub async fn edit_data_center(s: &Sent<'_>) -> Result<Done, Fault> {
    control::data_centers::edit(s.ctx, s.id.into(), &s.form::<DataCenterForm>()?).await?;
    s.to_page(ListTab::DataCenters)
}

pub async fn remove_data_center(s: &Sent<'_>) -> Result<Done, Fault> {
    control::data_centers::remove(s.ctx, s.id.into()).await?;
    Ok(Done::Go(paths::list(ListTab::DataCenters).to_owned()))
}

pub async fn new_cluster(s: &Sent<'_>) -> Result<Done, Fault> {
    control::clusters::create(s.ctx, &s.form::<ClusterForm>()?).await?;
    s.to(paths::list(ListTab::Clusters))
}

pub async fn edit_cluster(s: &Sent<'_>) -> Result<Done, Fault> {
    let edit = s.fields.read::<ClusterForm>().edit().map_err(Fault::Invalid)?;
    control::clusters::edit(s.ctx, s.id.into(), &edit).await?;
    s.to_page(ListTab::Clusters)
}

pub async fn remove_cluster(s: &Sent<'_>) -> Result<Done, Fault> {
    control::clusters::remove(s.ctx, s.id.into()).await?;
    Ok(Done::Go(paths::list(ListTab::Clusters).to_owned()))
}

pub async fn new_network(s: &Sent<'_>) -> Result<Done, Fault> {
    control::networks::create(s.ctx, &s.form::<NetworkForm>()?).await?;
    s.to(paths::list(ListTab::Networks))
}

pub async fn edit_network(s: &Sent<'_>) -> Result<Done, Fault> {
    let edit = s.fields.read::<NetworkForm>().edit().map_err(Fault::Invalid)?;
    control::networks::edit(s.ctx, s.id.into(), &edit).await?;
    s.to_page(ListTab::Networks)
}

pub async fn remove_network(s: &Sent<'_>) -> Result<Done, Fault> {
    control::networks::remove(s.ctx, s.id.into()).await?;
    Ok(Done::Go(paths::list(ListTab::Networks).to_owned()))
}

pub async fn new_host(s: &Sent<'_>) -> Result<Done, Fault> {
    let new = s.form::<HostForm>()?;
    if s.fields.get("intent") == "test" {
        return tested(control::hosts::test(s.ctx, new.cluster, &new.config).await?);
    }
    control::hosts::create(s.ctx, &new).await?;
    s.to(paths::list(ListTab::Hosts))
}

pub async fn edit_host(s: &Sent<'_>) -> Result<Done, Fault> {
    let form = s.fields.read::<HostForm>();
    if s.fields.get("intent") == "test" {
        let new = form.request().map_err(Fault::Invalid)?;
        return tested(control::hosts::test(s.ctx, new.cluster, &new.config).await?);
    }
    control::hosts::edit(s.ctx, s.id.into(), &form.edit().map_err(Fault::Invalid)?).await?;
    s.to_page(ListTab::Hosts)
}

fn tested(facts: model::host::HostFacts) -> Result<Done, Fault> {
    Ok(Done::Stay(Notice::of_host(&facts)))
}

pub async fn remove_host(s: &Sent<'_>) -> Result<Done, Fault> {
    control::hosts::remove(s.ctx, s.id.into()).await?;
    Ok(Done::Go(paths::list(ListTab::Hosts).to_owned()))
}

pub async fn maintain_host(s: &Sent<'_>) -> Result<Done, Fault> {
    control::hosts::maintain(s.ctx, s.id.into(), s.form::<ReasonForm>()?.as_deref()).await?;
    s.to_page(ListTab::Hosts)
}

pub async fn activate_host(s: &Sent<'_>) -> Result<Done, Fault> {
    control::hosts::activate(s.ctx, s.id.into()).await?;
    s.to_page(ListTab::Hosts)
}
