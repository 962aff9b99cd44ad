//! The screen of a VM: where it is, and who may look.

use model::event::EventKind;
use model::id::Kind;
use model::vm_options::DisconnectAction;
use model::{Action, Fault, Refusal, VmId};

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
    vm.row.status.can(Action::OpenConsole)?;
    let headless = || Fault::from(Refusal::new("refusal-headless").with("name", &vm.row.name));
    let password = vm.vnc_password.clone().ok_or_else(headless)?;
    let (host, _) = vm.row.host.clone().ok_or_else(headless)?;
    let driver = ctx.app.hosts.driver(host).await?;
    let address = driver.screen(id).await.map_err(|e| Fault::Unavailable(e.text().into()))?;
    Ok(Screen { name: vm.row.name, address, password })
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

/// What the VM's options say is to happen now that nobody looks at its screen any more. The VM's own wish, not that of
/// who looked last, who may not even be allowed to stop it.
pub async fn unwatched(app: &App, id: VmId) -> Outcome<()> {
    let vm = store::vms::get(&mut *app.conn().await?, id).await?;
    let Some(vm) = vm.filter(|vm| vm.row.status.can(Action::ShutdownVm).is_ok()) else { return Ok(()) };
    let (ctx, reason) = (Ctx::system(app, "console"), model::text::t("reason-console-left"));
    match vm.config.options.disconnect {
        DisconnectAction::None => {}
        DisconnectAction::Shutdown => drop(super::shutdown(&ctx, id, Some(&reason)).await?),
        DisconnectAction::Reboot => drop(super::reboot(&ctx, id, Some(&reason)).await?),
    }
    Ok(())
}
