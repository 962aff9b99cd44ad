//! What the VM portal shows beside what everything else shows, too: a person's machines with what they may do with
//! each, and what these use all together. It has no operations of its own.

use std::collections::HashMap;

use model::id::Kind;
use model::portal::{Begun, ConsoleWay, Machine, Machines, OwnDisk, Totals, Wanted};
use model::vm::{VmDetails, VmRow};
use model::{Action, VmId};
use store::PgConnection;
use uuid::Uuid;

use crate::{Ctx, Outcome, settings, vms};

/// A page of the machines that this person sees.
pub async fn machines(ctx: &Ctx, wanted: &Wanted) -> Outcome<Machines> {
    let page = vms::list(ctx, &wanted.query()).await?;
    let mut c = ctx.app.conn().await?;
    let ids: Vec<Uuid> = page.rows.iter().map(|row| row.id.0).collect();
    let mut may = allowed(ctx, &mut c, &ids).await?;
    let one = |row: VmRow| Machine { may: may.remove(&row.id.0).unwrap_or_default(), row };
    Ok(Machines { rows: page.rows.into_iter().map(one).collect(), total: page.total })
}

/// A machine, and what this person may do with it.
pub async fn machine(ctx: &Ctx, id: VmId) -> Outcome<(VmDetails, Vec<Action>)> {
    let vm = vms::get(ctx, id).await?;
    let may = allowed(ctx, &mut *ctx.app.conn().await?, &[id.0]).await?.remove(&id.0);
    Ok((vm, may.unwrap_or_default()))
}

/// What may be done with virtual machines, by the permissions held on each.
async fn allowed(ctx: &Ctx, c: &mut PgConnection, ids: &[Uuid]) -> Outcome<HashMap<Uuid, Vec<Action>>> {
    let of_vms = || Action::ALL.iter().copied().filter(|action| action.on() == Kind::Vm);
    let Some(user) = ctx.who.id else {
        return Ok(ids.iter().map(|id| (*id, of_vms().collect())).collect());
    };
    let held = store::objects::held_on(c, user.0, ids).await?;
    let one = |(id, groups): (Uuid, Vec<i32>)| {
        (id, of_vms().filter(|action| groups.contains(&action.group())).collect())
    };
    Ok(held.into_iter().map(one).collect())
}

/// What every page begins with.
pub async fn begun(ctx: &Ctx) -> Outcome<Begun> {
    let set = settings::portal(ctx).await?;
    let mut c = ctx.app.conn().await?;
    let may_create = match ctx.who.id {
        Some(user) => {
            let places = [Kind::System, Kind::DataCenter, Kind::Cluster];
            store::objects::held_on_kinds(&mut c, user.0, Action::CreateVm.group(), &places).await?
        }
        None => true,
    };
    Ok(Begun { set, may_create })
}

/// How many disks the page *Resources* lists.
pub const DISKS: u64 = 200;

/// What this person's machines are and use, and their largest disks.
pub async fn resources(ctx: &Ctx) -> Outcome<(Totals, Vec<OwnDisk>)> {
    ctx.has_changed_password()?;
    let mut c = ctx.app.conn().await?;
    let totals = store::portal::totals(&mut c, ctx.viewer()).await?;
    Ok((totals, store::portal::disks(&mut c, ctx.viewer(), DISKS).await?))
}

/// The machine whose console is to open after the sign-in: the one that this person chose, while it can be looked at
/// in the browser.
pub async fn connects(ctx: &Ctx) -> Outcome<Option<VmId>> {
    let set = settings::portal(ctx).await?;
    let Some(id) = set.connect.map(VmId).filter(|_| set.console == ConsoleWay::Browser) else {
        return Ok(None);
    };
    let Ok((vm, may)) = machine(ctx, id).await else { return Ok(None) };
    let there = vm.row.status.can(Action::OpenConsole).is_ok() && may.contains(&Action::OpenConsole);
    Ok(there.then_some(id))
}
