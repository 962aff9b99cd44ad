//! The network interfaces of a VM. One that runs is told of a change by a job; of one that is down, and of a card that
//! the guest does not have, it is enough to write it down.

use model::event::EventKind;
use model::id::Kind;
use model::nic::NicConfig;
use model::{Action, FieldErrors, JobId, NicId, Refusal, Text, VmId};
use store::vms as table;
use store::vms::WiredNic;

use super::create::usable_network;
use super::disks::changeable;
use crate::app::{Tx, commit};
use crate::flows::{self, Order};
use crate::{Ctx, Outcome, events};

/// There is no job when the VM is down, or the card is not put in.
pub async fn add_nic(ctx: &Ctx, id: VmId, new: &NicConfig) -> Outcome<(NicId, Option<JobId>)> {
    let mut tx = ctx.app.begin().await?;
    let vm = changeable(ctx, &mut tx, id, Action::AddNic).await?;
    fits(ctx, &mut tx, &vm, new, None).await?;
    let nic = insert(ctx, &mut tx, id, new).await?;
    tell(ctx, &mut tx, EventKind::NicAdded, &vm, &new.name).await?;
    let order = (vm.row.status.running() && new.plugged).then(|| order(flows::ADD_NIC, &vm, nic, &new.name));
    let job = done(ctx, tx, order).await?;
    Ok((nic, job))
}

pub async fn edit_nic(ctx: &Ctx, id: VmId, nic: NicId, new: &NicConfig) -> Outcome<Option<JobId>> {
    let mut tx = ctx.app.begin().await?;
    let vm = changeable(ctx, &mut tx, id, Action::EditNic).await?;
    let before = own(&mut tx, &vm, nic).await?.nic.config();
    fits(ctx, &mut tx, &vm, new, Some((nic, &before))).await?;
    tell(ctx, &mut tx, EventKind::NicUpdated, &vm, &new.name).await?;
    let seen = vm.row.status.running() && (before.plugged || new.plugged);
    let order = seen.then(|| order(flows::EDIT_NIC, &vm, nic, &new.name).with("wanted", new));
    if order.is_none() {
        table::update_nic(&mut tx, id, nic, new).await?;
    }
    done(ctx, tx, order).await
}

pub async fn remove_nic(ctx: &Ctx, id: VmId, nic: NicId) -> Outcome<Option<JobId>> {
    let mut tx = ctx.app.begin().await?;
    let vm = changeable(ctx, &mut tx, id, Action::RemoveNic).await?;
    let before = own(&mut tx, &vm, nic).await?.nic;
    tell(ctx, &mut tx, EventKind::NicRemoved, &vm, &before.name).await?;
    let seen = vm.row.status.running() && before.plugged;
    let order = seen.then(|| order(flows::REMOVE_NIC, &vm, nic, &before.name));
    if order.is_none() {
        table::remove_nic(&mut tx, id, nic).await?;
    }
    done(ctx, tx, order).await
}

/// Writes down a new card, with an address that no other has.
pub(super) async fn insert(ctx: &Ctx, tx: &mut Tx, vm: VmId, nic: &NicConfig) -> Outcome<NicId> {
    let mac = loop {
        // oVirt's range of locally administered addresses.
        let [.., a, b, c, d] = ctx.app.ids.uuid().into_bytes();
        let mac = format!("56:6f:{a:02x}:{b:02x}:{c:02x}:{d:02x}");
        if !table::mac_taken(tx, &mac).await? {
            break mac;
        }
    };
    let id = NicId(ctx.app.ids.uuid());
    table::add_nic(tx, id, vm, &mac, nic).await?;
    Ok(id)
}

async fn own(tx: &mut Tx, vm: &table::Vm, nic: NicId) -> Outcome<WiredNic> {
    let found = table::nic(tx, vm.row.id, nic).await?;
    found.ok_or_else(|| Refusal::new("refusal-nic-gone").with("name", &vm.row.name).into())
}

/// The request's own rules, a name that no other card of the VM has, and a network that the person sees and the host has.
async fn fits(
    ctx: &Ctx,
    tx: &mut Tx,
    vm: &table::Vm,
    new: &NicConfig,
    before: Option<(NicId, &NicConfig)>,
) -> Outcome<()> {
    let mut errors = new.errors();
    let same =
        |other: &WiredNic| other.nic.name == new.name && before.is_none_or(|(own, _)| own != other.nic.id);
    if table::nics(tx, vm.row.id, None).await?.iter().any(same) {
        errors.add("name", Text::new("field-nic-name-taken").with("vm", &vm.row.name));
    }
    if let Some((_, before)) = before.filter(|_| vm.row.status.running()) {
        errors.0.extend(new.while_in_use(before).0);
    }
    let kept = before.is_some_and(|(_, before)| before.network == new.network);
    if let Some(network) = new.network.filter(|_| !kept) {
        usable_network(ctx, tx, network, vm.row.data_center.0, &mut errors).await?;
        beyond_host(tx, vm, network, &mut errors).await?;
    }
    errors.into_result()
}

/// A bridge that the host lacks cannot be plugged into.
async fn beyond_host(
    tx: &mut Tx,
    vm: &table::Vm,
    network: model::NetworkId,
    errors: &mut FieldErrors,
) -> Outcome<()> {
    let Some((host, name)) = &vm.row.host else { return Ok(()) };
    let row = store::networks::LIST.one(tx, network.0).await?;
    let facts = store::hosts::details(tx, *host).await?.and_then(|host| host.facts);
    let (Some(row), Some(bridges)) = (row, facts.and_then(|facts| facts.bridges)) else { return Ok(()) };
    if errors.is_empty() && !bridges.contains(&row.config.bridge) {
        let text = Text::new("filter-network").with("host", name).with("bridge", &row.config.bridge);
        errors.add("network", text.with("network", &row.config.name));
    }
    Ok(())
}

fn order(kind: &'static str, vm: &table::Vm, nic: NicId, name: &str) -> Order {
    let title = Text::new(&format!("job-{kind}")).with("name", &vm.row.name).with("nic", name);
    Order { title, ..Order::on_vm(kind, vm.row.id, &vm.row.name) }.with("nic", nic)
}

async fn done(ctx: &Ctx, mut tx: Tx, order: Option<Order>) -> Outcome<Option<JobId>> {
    let job = match order {
        Some(order) => Some(ctx.enqueue(&mut tx, order).await?),
        None => None,
    };
    commit(tx).await?;
    Ok(job)
}

async fn tell(ctx: &Ctx, tx: &mut Tx, kind: EventKind, vm: &table::Vm, nic: &str) -> Outcome<()> {
    let about = vec![(Kind::Vm, vm.row.id.0, vm.row.name.clone())];
    events::tell(tx, ctx, kind, &[("nic", events::word(nic))], about).await
}
