//! The screen of a VM: where it is, and who may look.

use std::sync::Arc;

use host::{HostDriver, ScreenPassword, Sessions};
use model::event::EventKind;
use model::id::Kind;
use model::vm_options::{DisconnectAction, Protocol};
use model::{Action, Fault, Refusal, VmId};
use time::{Duration, OffsetDateTime};

use crate::app::{App, commit};
use crate::{Ctx, Outcome, events};

/// What the console proxy needs; only for who may look at the screen.
pub struct Screen {
    pub name: String,
    pub address: host::ScreenAddress,
    pub password: String,
}

pub async fn screen(ctx: &Ctx, id: VmId) -> Outcome<Screen> {
    let mut tx = ctx.app.begin().await?;
    let vm = ctx.vm(&mut tx, id, Action::OpenConsole).await?;
    commit(tx).await?;
    let driver = shows(ctx, &vm, Protocol::Vnc).await?;
    let password = match lasting(ctx, &vm) {
        Some(password) => password,
        None => renew(ctx, id, driver.as_ref(), Protocol::Vnc, None).await?,
    };
    let address = driver.screen(id, Protocol::Vnc).await.map_err(unavailable)?;
    Ok(Screen { name: vm.row.name, address, password })
}

/// The password of the screen, unless it was given away: that one ends soon, or has ended.
fn lasting(ctx: &Ctx, vm: &store::vms::Vm) -> Option<String> {
    let lasts = vm.vnc_password_until.is_none_or(|until| until > ctx.app.now() + HANDSHAKE);
    vm.vnc_password.clone().filter(|_| lasts)
}

/// What a viewer on somebody's own machine needs; the password is for them alone, and soon worthless.
pub struct Viewer {
    pub screen: Screen,
    pub protocol: Protocol,
}

/// For so long the password in a viewer's file opens the screen; a viewer that is connected stays so.
pub const VIEWER_TIME: Duration = Duration::seconds(120);

/// What the proxy needs to connect with a password that it was told.
const HANDSHAKE: Duration = Duration::seconds(15);

pub async fn viewer(ctx: &Ctx, id: VmId, protocol: Protocol) -> Outcome<Viewer> {
    let mut tx = ctx.app.begin().await?;
    let vm = ctx.vm(&mut tx, id, Action::OpenConsole).await?;
    commit(tx).await?;
    let driver = shows(ctx, &vm, protocol).await?;
    let address = driver.screen(id, protocol).await.map_err(unavailable)?;
    let until = ctx.app.now() + VIEWER_TIME;
    let password = renew(ctx, id, driver.as_ref(), protocol, Some(until)).await?;
    let mut tx = ctx.app.begin().await?;
    let (about, args) =
        (vec![(Kind::Vm, id.0, vm.row.name.clone())], [("protocol", events::word(&protocol.label()))]);
    events::tell(&mut tx, ctx, EventKind::ViewerFileGiven, &args, about).await?;
    commit(tx).await?;
    Ok(Viewer { screen: Screen { name: vm.row.name, address, password }, protocol })
}

/// The host whose QEMU shows the VM's screen by that protocol.
async fn shows(ctx: &Ctx, vm: &store::vms::Vm, protocol: Protocol) -> Outcome<Arc<dyn HostDriver>> {
    vm.row.status.can(Action::OpenConsole)?;
    let offered = vm.of_run().options.graphics.protocols();
    let refused = |key: &str| Refusal::new(key).with("name", &vm.row.name);
    if offered.is_empty() {
        return Err(refused("refusal-headless").into());
    }
    if !offered.contains(&protocol) {
        return Err(refused("refusal-no-protocol").with("protocol", protocol.label()).into());
    }
    let (host, _) = vm.row.host.clone().ok_or_else(|| refused("refusal-headless"))?;
    ctx.app.hosts.driver(host).await
}

/// Gives the screen another password, one at a time. That the present one ends is written down first: when the host
/// cannot be told, or what it was told cannot be written down, the next who asks tells it anew.
async fn renew(
    ctx: &Ctx,
    id: VmId,
    driver: &dyn HostDriver,
    protocol: Protocol,
    until: Option<OffsetDateTime>,
) -> Outcome<String> {
    let password = screen_password(ctx.app.ids.uuid());
    let new = ScreenPassword { protocol, password: password.clone(), until };
    if protocol == Protocol::Spice {
        driver.set_screen_password(id, &new).await.map_err(unavailable)?;
        return Ok(password);
    }
    store::vms::end_screen_password(&mut *ctx.app.conn().await?, id, ctx.app.now(), until.is_some()).await?;
    let mut tx = ctx.app.begin().await?;
    let vm = store::vms::lock(&mut tx, id).await?.ok_or(Fault::NotFound { kind: Kind::Vm })?;
    // Somebody else may just have done so.
    if let Some(password) = lasting(ctx, &vm).filter(|_| until.is_none()) {
        return Ok(password);
    }
    driver.set_screen_password(id, &new).await.map_err(unavailable)?;
    store::vms::set_screen_password(&mut tx, id, &password, until).await?;
    commit(tx).await?;
    Ok(password)
}

fn unavailable(error: host::HostError) -> Fault {
    Fault::Unavailable(error.text().into())
}

/// Eight characters, all that VNC looks at, from fresh randomness.
pub(crate) fn screen_password(random: uuid::Uuid) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let bytes = random.into_bytes();
    // Two bytes each: a few bits of a UUID are its version and variant.
    (0..8).map(|i| char::from(LETTERS[usize::from((bytes[i] ^ bytes[15 - i]) & 63)])).collect()
}

/// Tells that somebody came to, or left, the console.
pub async fn console_told(ctx: &Ctx, id: VmId, name: &str, kind: EventKind) -> Outcome<()> {
    let mut tx = ctx.app.begin().await?;
    events::tell(&mut tx, ctx, kind, &[], vec![(Kind::Vm, id.0, name.to_owned())]).await?;
    commit(tx).await
}

/// Whether this person may look at the screen; asked again and again while they do.
pub async fn may_watch(ctx: &Ctx, id: VmId) -> Outcome<()> {
    ctx.may(&mut *ctx.app.conn().await?, Kind::Vm, id.0, Action::OpenConsole).await
}

/// A guest without an agent, or without such sessions, has nothing to lock; nobody is told of that.
async fn sessions(app: &App, vm: &store::vms::Vm, what: Sessions) -> Outcome<()> {
    let Some((host, _)) = &vm.row.host else { return Ok(()) };
    if let Err(error) = app.hosts.driver(*host).await?.sessions(vm.row.id, what).await {
        tracing::info!(vm = %vm.row.name, %error, "the sessions in a guest stay as they are");
        return Ok(());
    }
    let kind = match what {
        Sessions::Lock => EventKind::SessionsLocked,
        Sessions::End => EventKind::SessionsEnded,
    };
    let about = vec![(Kind::Vm, vm.row.id.0, vm.row.name.clone())];
    events::note(&mut *app.conn().await?, app.now(), kind, &[], about, None).await
}

/// What the VM's options say is to happen now that nobody looks at its screen any more. The VM's own wish, not that of
/// who looked last, who may not even be allowed to stop it.
pub async fn unwatched(app: &App, id: VmId) -> Outcome<()> {
    let vm = store::vms::get(&mut *app.conn().await?, id).await?;
    let Some(vm) = vm.filter(|vm| vm.row.status.can(Action::ShutdownVm).is_ok()) else { return Ok(()) };
    let (ctx, reason) = (Ctx::system(app, "console"), model::text::t("reason-console-left"));
    match vm.config.options.disconnect {
        DisconnectAction::None => {}
        DisconnectAction::LockScreen => sessions(app, &vm, Sessions::Lock).await?,
        DisconnectAction::Logout => sessions(app, &vm, Sessions::End).await?,
        DisconnectAction::Shutdown => drop(super::shutdown(&ctx, id, Some(&reason)).await?),
        DisconnectAction::Reboot => drop(super::reboot(&ctx, id, Some(&reason)).await?),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #[test]
    fn screen_passwords_differ_and_have_eight_safe_characters() {
        let one = super::screen_password(uuid::Uuid::from_u128(1 << 120));
        let two = super::screen_password(uuid::Uuid::from_u128(2 << 120));
        assert_eq!(one.len(), 8);
        assert_ne!(one, two);
        assert!(one.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_'));
    }
}
