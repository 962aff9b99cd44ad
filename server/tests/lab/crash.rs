//! SIGKILL of the real server at every place of *create VM* and *start VM*. After a restart the VM is as asked
//! or as before, and nothing is left behind.

use model::vm::VmStatus;

use crate::drover::Drover;

/// Every place of a flow with these steps at which the server can die.
fn places(kind: &str, steps: &[&str]) -> Vec<String> {
    let mut all = Vec::new();
    for step in steps {
        all.extend(["before", "begun", "ran", "after"].map(|when| format!("{kind}/{step}/{when}")));
    }
    all.extend(["before", "after"].map(|when| format!("{kind}/end/{when}")));
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_every_step_of_creating_and_starting() {
    let mut drover = Drover::new(6).await;
    for (n, place) in places("vm-create", &["volumes"]).iter().enumerate() {
        drover.restart(Some(place)).await;
        let (vm, job) = drover.create(&format!("create{n}")).await;
        drover.died().await;
        drover.start(None).await;
        drover.until_ended(job).await;
        assert!(matches!(drover.status(vm).await, None | Some(VmStatus::Down)), "{place}");
        drover.assert_no_orphans().await;
    }
    let (vm, job) = drover.create("start").await;
    drover.until_ended(job).await;
    for place in places("vm-start", &["place", "define", "launch", "settle"]) {
        drover.restart(Some(&place)).await;
        let job = control::vms::run(&drover.ctx(), vm, None).await.unwrap();
        drover.died().await;
        drover.start(None).await;
        drover.until_ended(job).await;
        let status = drover.status(vm).await.unwrap();
        assert!(
            matches!(status, VmStatus::Down | VmStatus::PoweringUp | VmStatus::Up),
            "{place}: {status:?}"
        );
        drover.assert_no_orphans().await;
        if status != VmStatus::Down {
            let job = control::vms::power_off(&drover.ctx(), vm, None).await.unwrap();
            drover.until_ended(job).await;
        }
        assert_eq!(drover.status(vm).await, Some(VmStatus::Down), "{place}");
        drover.assert_no_orphans().await;
    }
    drover.end().await;
}
