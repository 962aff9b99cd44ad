//! The whole life of a VM, and the ways it ends.

use host::*;

use crate::world::*;

#[tokio::test]
async fn a_whole_life_over_tls() {
    let _lab = shared().await;
    let host = connect(1);
    let guest = Guest::new(1, &*host).await;
    let vm = guest.vm;
    assert!(matches!(host.domain(vm).await, Err(HostError::NotFound(_))));

    for _ in 0..2 {
        host.define(&guest.spec).await.unwrap();
    }
    assert_eq!(state(&*host, vm).await.0, DomainState::ShutOff);
    for _ in 0..2 {
        host.start(vm).await.unwrap();
    }
    host.define(&guest.spec).await.expect("the same definition again is fine while it runs");
    let other = DomainSpec { memory: 256 << 20, ..guest.spec.clone() };
    assert!(matches!(host.define(&other).await, Err(HostError::WrongState(_))));
    assert!(matches!(host.undefine(vm).await, Err(HostError::WrongState(_))));

    let info = until_agent(&*host, vm).await;
    assert_eq!((info.hostname.as_deref(), info.os.as_deref()), (Some("tiny"), Some("Tiny Linux 1")));
    let nic = info.interfaces.iter().find(|i| i.mac == guest.spec.nics[0].mac);
    assert!(nic.is_some_and(|n| !n.addresses.is_empty()), "{:?}", info.interfaces);

    let report = until("the balloon tells", 30, async || {
        let report = host.report().await.unwrap().domains.into_iter().find(|d| d.vm == vm)?;
        report.memory_unused.is_some().then_some(report)
    })
    .await;
    assert!(report.ours && report.state == DomainState::Running, "{report:?}");
    assert_eq!(report.memory_current, Some(192 << 20));
    assert!(report.cpu_time_ns > 0 && report.disk_read > 0 && report.net_rx > 0, "{report:?}");

    host.shutdown(vm, Ask::Agent).await.unwrap();
    assert_eq!(until_off(&*host, vm).await, StateReason::Shutdown);
    assert!(matches!(host.shutdown(vm, Ask::Agent).await, Err(HostError::WrongState(_))));
    assert!(matches!(host.guest_info(vm).await, Err(HostError::WrongState(_))));

    host.define(&other).await.expect("another definition replaces it while it is off");
    for _ in 0..2 {
        host.undefine(vm).await.unwrap();
    }
    host.destroy(vm).await.expect("what is not there needs no end");
    for _ in 0..2 {
        host.delete_volume(&guest.spec.disks[0].volume).await.unwrap();
    }
}

#[tokio::test]
async fn the_power_button_and_the_reset() {
    let _lab = shared().await;
    let host = connect(2);
    let mut events = host.events();
    host.report().await.expect("whoever reports also listens");
    let guest = Guest::started(2, &*host).await;
    let vm = guest.vm;
    assert!(
        matches!(host.shutdown(vm, Ask::Agent).await, Err(HostError::NoAgent(_))),
        "it has not booted yet"
    );

    until_agent(&*host, vm).await;
    let id = host_id(2);
    event(&mut events, 5, |e| *e == HostEvent::Connected { host: id }).await;
    event(&mut events, 5, |e| *e == HostEvent::Domain { host: id, vm }).await;
    event(&mut events, 5, |e| *e == HostEvent::Agent { host: id, vm, connected: true }).await;

    host.reboot(vm, Ask::Agent).await.unwrap();
    event(&mut events, 30, |e| *e == HostEvent::Reboot { host: id, vm }).await;
    event(&mut events, 90, |e| *e == HostEvent::Agent { host: id, vm, connected: true }).await;

    until_agent(&*host, vm).await;
    host.shutdown(vm, Ask::Acpi).await.unwrap();
    assert_eq!(until_off(&*host, vm).await, StateReason::Shutdown);
    event(&mut events, 5, |e| *e == HostEvent::Domain { host: id, vm }).await;
}

#[tokio::test]
async fn ends_are_told_apart() {
    let _lab = shared().await;
    let host = connect(1);
    let guest = Guest::started(1, &*host).await;
    host.destroy(guest.vm).await.unwrap();
    assert_eq!(state(&*host, guest.vm).await, (DomainState::ShutOff, StateReason::Destroyed));
    host.destroy(guest.vm).await.expect("off already");

    host.start(guest.vm).await.unwrap();
    lab(1, &["qemu", "kill", &guest.name()]);
    assert_eq!(until_off(&*host, guest.vm).await, StateReason::Crashed);
}

#[tokio::test]
async fn a_paused_vm_goes_on() {
    let _lab = shared().await;
    let host = connect(1);
    let guest = Guest::started(1, &*host).await;
    for _ in 0..2 {
        host.pause(guest.vm).await.unwrap();
    }
    assert_eq!(state(&*host, guest.vm).await, (DomainState::Paused, StateReason::User));
    host.resume(guest.vm).await.unwrap();
    assert_eq!(state(&*host, guest.vm).await.0, DomainState::Running);
}

#[tokio::test]
async fn a_reset_is_told_and_the_guest_begins_anew() {
    let _lab = shared().await;
    let host = connect(2);
    let mut events = host.events();
    host.report().await.expect("whoever reports also listens");
    let guest = Guest::started(2, &*host).await;
    until_agent(&*host, guest.vm).await;
    host.reset(guest.vm).await.unwrap();
    event(&mut events, 30, |e| matches!(e, HostEvent::Reboot { vm, .. } if *vm == guest.vm)).await;
    assert_eq!(state(&*host, guest.vm).await.0, DomainState::Running);
    until_agent(&*host, guest.vm).await;
    host.destroy(guest.vm).await.unwrap();
    assert!(matches!(host.reset(guest.vm).await, Err(HostError::WrongState(_))));
}

#[tokio::test]
async fn a_disk_runs_on_one_host_only() {
    let _lab = shared().await;
    let (one, two) = (connect(1), connect(2));
    let mut guest = Guest::started(1, &*one).await;
    guest.also_on(2);
    two.define(&guest.spec).await.unwrap();
    let refused = two.start(guest.vm).await.unwrap_err();
    assert!(matches!(&refused, HostError::DiskInUse(text) if text.contains("in use")), "{refused:?}");
    one.destroy(guest.vm).await.unwrap();
    two.start(guest.vm).await.unwrap();
}

#[tokio::test]
async fn a_stranger_on_the_host_is_not_ours() {
    let _lab = shared().await;
    let host = connect(3);
    let name = format!("stranger-{}", uuid::Uuid::new_v4());
    let xml = format!(
        "<domain type='qemu'><name>{name}</name><memory unit='MiB'>32</memory><os><type>hvm</type></os></domain>"
    );
    let define = format!("printf %s \"{xml}\" > /run/{name}.xml && virsh -q define /run/{name}.xml");
    lab(3, &["exec", "sh", "-c", &define]);
    let report = host.report().await.unwrap();
    lab(3, &["virsh", "undefine", &name]);
    let stranger = report.domains.iter().find(|d| d.name == name).expect("it is told");
    assert!(!stranger.ours && stranger.state == DomainState::ShutOff);
}
