//! The server's half of `choices`.

use control::{Ctx, Outcome};
use model::lease::Lease;
use model::list::{ListQuery, PAGE_SIZES};
use model::storage_domain::StorageRow;
use model::template::{TemplateRow, TemplateStatus};
use model::{Action, VmId};
use uuid::Uuid;

use super::choices::{CdChoice, HardwareChoices, HostChoice, Named, TemplateChoice, VmChoices};
use super::quotas::QuotaPlaces;

fn all() -> ListQuery {
    ListQuery {
        size: PAGE_SIZES[PAGE_SIZES.len() - 1],
        sort: Some("name".to_owned()),
        ..ListQuery::default()
    }
}

fn named(id: Uuid, name: String, data_center: (impl Into<Uuid>, String)) -> Named {
    Named { id, name, data_center: data_center.0.into(), data_center_name: data_center.1 }
}

pub async fn data_centers(ctx: &Ctx) -> Outcome<Vec<Named>> {
    let rows = control::data_centers::list(ctx, &all()).await?.rows;
    Ok(rows.into_iter().map(|r| named(r.id.0, r.config.name.clone(), (r.id, r.config.name))).collect())
}

pub async fn clusters(ctx: &Ctx) -> Outcome<Vec<Named>> {
    let rows = control::clusters::list(ctx, &all()).await?.rows;
    Ok(rows.into_iter().map(|r| named(r.id.0, r.config.name, r.data_center)).collect())
}

pub async fn vm(ctx: &Ctx) -> Outcome<VmChoices> {
    let templates = control::templates::list(ctx, &all()).await?.rows;
    let storage = control::storage_domains::list(ctx, &all()).await?.rows;
    let networks = control::networks::list(ctx, &all()).await?.rows;
    let template = |t: TemplateRow| TemplateChoice {
        named: named(t.id.0, t.name, t.data_center),
        memory: t.memory,
        vcpus: t.vcpus,
        disk_size: t.disk_size,
        storage_domain: t.storage_domain.0.0,
        cpu_model: t.cpu_model,
        options: t.options,
    };
    let hosts = control::hosts::list(ctx, &all()).await?.rows;
    let (cds, images) = (files(ctx, &storage, DISCS).await?, files(ctx, &storage, IMAGES).await?);
    Ok(VmChoices {
        leases: leases(ctx, &templates).await?,
        quotas: quotas(ctx).await?,
        hosts: hosts
            .into_iter()
            .map(|h| HostChoice { id: h.id.0, name: h.name, cluster: h.cluster.0.0 })
            .collect(),
        cds,
        images,
        clusters: clusters(ctx).await?,
        templates: templates.into_iter().filter(|t| t.status == TemplateStatus::Ok).map(template).collect(),
        storage: storage.into_iter().map(|s| named(s.id.0, s.config.name, s.data_center)).collect(),
        networks: networks.into_iter().map(|n| named(n.id.0, n.config.name, n.data_center)).collect(),
    })
}

pub async fn hardware(ctx: &Ctx, id: VmId) -> Outcome<HardwareChoices> {
    let vm = control::vms::get(ctx, id).await?;
    let center = vm.row.data_center.0;
    let here = |mut named: Vec<Named>| {
        named.retain(|one| one.data_center == center.0);
        named
    };
    let storage = control::storage_domains::list(ctx, &all()).await?.rows;
    let networks = control::networks::list(ctx, &all()).await?.rows;
    let by_alias = ListQuery { sort: Some("alias".to_owned()), within: Some(center.0), ..all() };
    let disks = control::disks::list(ctx, &by_alias).await?.rows;
    let free = disks.into_iter().filter(|disk| disk.can(Action::TakeDisk).is_ok());
    Ok(HardwareChoices {
        storage: here(storage.into_iter().map(|s| named(s.id.0, s.config.name, s.data_center)).collect()),
        networks: here(networks.into_iter().map(|n| named(n.id.0, n.config.name, n.data_center)).collect()),
        quotas: here(quotas(ctx).await?),
        disks: free.map(|disk| named(disk.id.0, disk.alias, disk.data_center)).collect(),
        vm,
    })
}

/// The default is what is chosen when none is.
pub async fn quotas(ctx: &Ctx) -> Outcome<Vec<Named>> {
    let rows = control::quotas::usable(ctx).await?.into_iter().filter(|row| !row.is_default);
    Ok(rows.map(|row| named(row.id.0, row.config.name, row.data_center)).collect())
}

async fn leases(ctx: &Ctx, templates: &[TemplateRow]) -> Outcome<Vec<(Uuid, Lease)>> {
    let of_templates = templates.iter().map(|row| (row.id.0, row.lease));
    let quotas = control::quotas::usable(ctx).await?;
    let of_quotas = quotas.iter().map(|row| match row.is_default {
        true => (row.data_center.0.0, row.config.lease),
        false => (row.id.0, row.config.lease),
    });
    Ok(of_templates.chain(of_quotas).filter_map(|(id, lease)| Some((id, lease?))).collect())
}

pub async fn places(ctx: &Ctx) -> Outcome<QuotaPlaces> {
    let domains = control::storage_domains::list(ctx, &all()).await?.rows;
    Ok(QuotaPlaces {
        data_centers: data_centers(ctx).await?,
        clusters: clusters(ctx).await?,
        domains: domains.into_iter().map(|s| named(s.id.0, s.config.name, s.data_center)).collect(),
    })
}

pub async fn discs(ctx: &Ctx) -> Outcome<Vec<CdChoice>> {
    let domains = control::storage_domains::list(ctx, &all()).await?.rows;
    files(ctx, &domains, DISCS).await
}

/// Formats of what can be put into a CD drive; any other image would be a strange disc.
const DISCS: &[&str] = &["iso", "raw"];
/// Formats of what a disk can be a copy of.
const IMAGES: &[&str] = &["raw", "qcow2"];

/// Every file of every domain that is no disk's, of these formats.
async fn files(ctx: &Ctx, domains: &[StorageRow], formats: &[&str]) -> Outcome<Vec<CdChoice>> {
    let mut found = Vec::new();
    for domain in domains {
        let media = control::storage_domains::media(ctx, domain.id).await?;
        let fitting = media.into_iter().filter(|m| formats.contains(&m.format.as_str()));
        found.extend(fitting.map(|m| CdChoice {
            value: m.at.to_string(),
            name: m.at.name,
            storage_domain: domain.config.name.clone(),
            data_center: domain.data_center.0.0,
        }));
    }
    Ok(found)
}
