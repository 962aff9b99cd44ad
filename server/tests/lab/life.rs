//! A VM's whole life on real hosts, and what became of it while nobody looked.

use model::vm::VmStatus;

use crate::drover::{Drover, lab, on_host};

#[tokio::test(flavor = "multi_thread")]
async fn a_vm_lives_and_what_happens_while_the_server_is_away_is_told_apart() {
    let mut drover = Drover::new(5).await;
    assert!(
        !std::path::Path::new(&lab("LAB_DATA_PATH")).exists(),
        "the server's machine must not have the storage"
    );
    let ctx = drover.ctx();

    let (vm, job) = drover.create("life").await;
    drover.until_ended(job).await;
    assert_eq!(drover.status(vm).await, Some(VmStatus::Down));
    let job = control::vms::run(&ctx, vm, None).await.unwrap();
    drover.until_ended(job).await;
    drover.until_status(vm, VmStatus::Up).await;
    drover
        .until("the agent tells an address", || async {
            let details = control::vms::get(&ctx, vm).await.unwrap();
            details.nics[0].addresses.iter().any(|a| a.starts_with("10."))
        })
        .await;
    let twice = control::vms::run(&ctx, vm, None).await.unwrap_err();
    assert_eq!(twice.status(), 409, "{twice}");
    let remove = control::vms::remove(&ctx, vm, true).await.unwrap_err();
    assert_eq!(remove.status(), 409, "{remove}");

    // Its process dies while the server is away.
    drover.kill();
    let host = control::vms::get(&ctx, vm).await.unwrap().row.host.unwrap().1;
    on_host(&host, &format!("qemu kill drover-{vm}"));
    drover.start(None).await;
    drover.until_status(vm, VmStatus::Down).await;
    assert_eq!(reason(&drover, vm).await, "vm-reason-crashed");

    // Its guest shuts down while the server is away.
    let job = control::vms::run(&ctx, vm, None).await.unwrap();
    drover.until_ended(job).await;
    drover.until_status(vm, VmStatus::Up).await;
    drover.kill();
    let host = control::vms::get(&ctx, vm).await.unwrap().row.host.unwrap().1;
    on_host(&host, &format!("virsh shutdown drover-{vm} --mode acpi"));
    let n: u32 = host.trim_start_matches("kvm").parse().unwrap();
    drover
        .until("the guest is down", || async move {
            on_host(&format!("kvm{n}"), &format!("virsh domstate drover-{vm}")).contains("shut off")
        })
        .await;
    drover.start(None).await;
    drover.until_status(vm, VmStatus::Down).await;
    assert_eq!(reason(&drover, vm).await, "vm-reason-guest-shutdown");

    // Highly available, it comes back by itself when its process dies, and only then.
    let details = control::vms::get(&ctx, vm).await.unwrap();
    let mut config =
        store::vms::get(&mut drover.app.conn().await.unwrap(), vm).await.unwrap().unwrap().config;
    config.options.ha = true;
    let edit = model::vm_request::EditVm { version: details.row.version, config };
    control::vms::edit(&ctx, vm, &edit).await.unwrap();
    let job = control::vms::run(&ctx, vm, None).await.unwrap();
    drover.until_ended(job).await;
    drover.until_status(vm, VmStatus::Up).await;
    let host = control::vms::get(&ctx, vm).await.unwrap().row.host.unwrap().1;
    let began = control::vms::get(&ctx, vm).await.unwrap().row.started_at;
    on_host(&host, &format!("qemu kill drover-{vm}"));
    drover
        .until("it runs again, in another run", || async {
            let row = control::vms::get(&ctx, vm).await.unwrap().row;
            row.status == VmStatus::Up && row.started_at != began
        })
        .await;
    let job = control::vms::power_off(&ctx, vm, None).await.unwrap();
    drover.until_ended(job).await;

    let job = control::vms::remove(&ctx, vm, true).await.unwrap();
    drover.until_ended(job).await;
    assert_eq!(drover.status(vm).await, None);
    drover.assert_no_orphans().await;
    drover.end().await;
}

async fn reason(drover: &Drover, vm: model::VmId) -> String {
    let vm = store::vms::get(&mut drover.app.conn().await.unwrap(), vm).await.unwrap().unwrap();
    vm.row.status_reason.unwrap().key
}
