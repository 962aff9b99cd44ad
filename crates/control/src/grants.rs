//! What making something gives: a role on it to whoever made it, and to everyone where all may use it.

use model::id::Kind;
use model::policy::{
    DISK_OPERATOR, NETWORK_ADMIN, PredefinedRole, TEMPLATE_OWNER, USER_TEMPLATE_BASED_VM, USER_VM_MANAGER,
    VNIC_PROFILE_USER,
};
use model::{EVERYONE, PermissionId};
use uuid::Uuid;

use crate::app::Tx;
use crate::{Ctx, Outcome};

/// oVirt's: what the maker of a thing is on it.
const MAKERS: &[(Kind, &PredefinedRole)] = &[
    (Kind::Vm, &USER_VM_MANAGER),
    (Kind::Disk, &DISK_OPERATOR),
    (Kind::Template, &TEMPLATE_OWNER),
    (Kind::Network, &NETWORK_ADMIN),
];

/// What everyone is on a thing that all may use.
const ALL_USERS: &[(Kind, &PredefinedRole)] =
    &[(Kind::Network, &VNIC_PROFILE_USER), (Kind::Template, &USER_TEMPLATE_BASED_VM)];

/// Who made it owns it, unless they administer everything anyway.
pub(crate) async fn to_maker(ctx: &Ctx, tx: &mut Tx, kind: Kind, object: Uuid) -> Outcome<()> {
    let Some(user) = ctx.who.id.filter(|_| !ctx.who.all) else { return Ok(()) };
    give(ctx, tx, MAKERS, user.0, kind, object).await
}

pub(crate) async fn to_everyone(ctx: &Ctx, tx: &mut Tx, kind: Kind, object: Uuid) -> Outcome<()> {
    give(ctx, tx, ALL_USERS, EVERYONE, kind, object).await
}

async fn give(
    ctx: &Ctx,
    tx: &mut Tx,
    roles: &[(Kind, &PredefinedRole)],
    principal: Uuid,
    kind: Kind,
    object: Uuid,
) -> Outcome<()> {
    let Some((_, role)) = roles.iter().find(|(of, _)| *of == kind) else { return Ok(()) };
    let permission = PermissionId(ctx.app.ids.uuid());
    Ok(store::users::grant(tx, permission, principal, role.id, object, ctx.app.now()).await?)
}
