//! Hosts and guests that hang, die and come back.

use std::time::{Duration, Instant};

use host::*;

use crate::world::*;

async fn told(host: &dyn HostDriver, guest: &Guest) -> Option<DomainState> {
    let report = host.report().await.unwrap();
    report.domains.iter().find(|d| d.vm == guest.vm).map(|d| d.state)
}

#[tokio::test]
async fn one_hung_guest_hangs_nobody_else() {
    let _lab = alone().await;
    let host = connect(1);
    let (hung, well) = (Guest::started(1, &*host).await, Guest::started(1, &*host).await);
    assert_eq!(told(&*host, &hung).await, Some(DomainState::Running));

    lab(1, &["qemu", "freeze", &hung.name()]);
    until("it is told as stuck", 15, async || {
        let asked = Instant::now();
        let state = told(&*host, &hung).await;
        assert!(asked.elapsed() < Duration::from_secs(10), "the report waited for it");
        (state == Some(DomainState::Stuck)).then_some(())
    })
    .await;
    assert_eq!(told(&*host, &well).await, Some(DomainState::Running));
    assert_eq!(state(&*host, hung.vm).await.0, DomainState::Stuck);

    // Many calls to the one that hangs do not use up what the other needs.
    for _ in 0..8 {
        assert!(matches!(host.shutdown(hung.vm, Ask::Acpi).await, Err(HostError::Timeout { .. })));
    }
    let asked = Instant::now();
    host.destroy(well.vm).await.unwrap();
    host.start(well.vm).await.unwrap();
    assert!(asked.elapsed() < Duration::from_secs(8), "{:?}", asked.elapsed());

    host.destroy(hung.vm).await.expect("power off is what helps");
    assert_eq!(state(&*host, hung.vm).await, (DomainState::ShutOff, StateReason::Destroyed));
    until("it can be started again", 10, async || host.start(hung.vm).await.ok()).await;
}

#[tokio::test]
async fn a_thawed_guest_is_as_before() {
    let _lab = alone().await;
    let host = connect(2);
    let guest = Guest::started(2, &*host).await;
    lab(2, &["qemu", "freeze", &guest.name()]);
    until("it is stuck", 15, async || (told(&*host, &guest).await? == DomainState::Stuck).then_some(()))
        .await;
    lab(2, &["qemu", "thaw", &guest.name()]);
    until("it runs", 15, async || (told(&*host, &guest).await? == DomainState::Running).then_some(())).await;
    until_agent(&*host, guest.vm).await;
}

#[tokio::test]
async fn a_frozen_libvirtd_is_waited_for_no_longer_than_said() {
    let _lab = alone().await;
    let host = connect(2);
    let mut events = host.events();
    host.report().await.unwrap();
    lab(2, &["libvirtd", "freeze"]);
    let begin = Instant::now();
    let answer = host.report().await;
    let took = begin.elapsed();
    let second = host.report().await;
    let third = host.report().await;
    lab(2, &["libvirtd", "thaw"]);
    for answer in [&answer, &second, &third] {
        assert!(matches!(answer, Err(HostError::Timeout { .. } | HostError::Unreachable(_))), "{answer:?}");
    }
    assert!(matches!(answer, Err(HostError::Timeout { .. })), "{answer:?}");
    assert!(took < Duration::from_secs(11), "{took:?}");

    until("it answers again", 30, async || host.report().await.ok()).await;
    let renewed = event(&mut events, 5, |e| matches!(e, HostEvent::Renewed { .. })).await;
    assert_eq!(renewed, HostEvent::Renewed { host: host_id(2), abandoned: 2 });
    event(&mut events, 5, |e| *e == HostEvent::Connected { host: host_id(2) }).await;
}

#[tokio::test]
async fn a_new_libvirtd_is_found_and_the_guests_are_still_there() {
    let _lab = alone().await;
    let host = connect(1);
    let mut events = host.events();
    let guest = Guest::started(1, &*host).await;
    assert_eq!(told(&*host, &guest).await, Some(DomainState::Running));
    lab(1, &["libvirtd", "stop"]);
    event(&mut events, 10, |e| matches!(e, HostEvent::Disconnected { .. })).await;
    let refused = host.report().await;
    lab(1, &["libvirtd", "start"]);
    assert!(matches!(refused, Err(HostError::Unreachable(_))), "{refused:?}");
    let state = until("it is connected", 20, async || host.domain(guest.vm).await.ok()).await.state;
    assert_eq!(state, DomainState::Running);
    event(&mut events, 5, |e| *e == HostEvent::Connected { host: host_id(1) }).await;
}

#[tokio::test]
async fn how_a_guest_ended_while_libvirtd_was_away_is_told() {
    let _lab = alone().await;
    let host = connect(1);
    let (died, left) = (Guest::started(1, &*host).await, Guest::started(1, &*host).await);
    until_agent(&*host, left.vm).await;
    lab(1, &["libvirtd", "stop"]);
    lab(1, &["qemu", "kill", &died.name()]);
    lab(1, &["libvirtd", "start"]);
    until("the host answers", 20, async || host.report().await.ok()).await;
    let (state, reason) = state(&*host, died.vm).await;
    assert_eq!(state, DomainState::ShutOff);
    assert!(matches!(reason, StateReason::Crashed | StateReason::Failed), "{reason:?}");
    host.shutdown(left.vm, Ask::Agent).await.unwrap();
    assert_eq!(until_off(&*host, left.vm).await, StateReason::Shutdown);
}

#[tokio::test]
async fn a_cut_cable_is_noticed_and_mended() {
    let _lab = alone().await;
    let host = connect(2);
    let mut events = host.events();
    host.report().await.unwrap();
    lab(2, &["link", "down"]);
    let begin = Instant::now();
    let answer = host.report().await;
    let took = begin.elapsed();
    event(&mut events, 40, |e| matches!(e, HostEvent::Disconnected { .. } | HostEvent::Renewed { .. })).await;
    let later = host.report().await;
    lab(2, &["link", "up"]);
    assert!(answer.is_err() && took < Duration::from_secs(11), "{answer:?} after {took:?}");
    assert!(matches!(later, Err(HostError::Unreachable(_) | HostError::Timeout { .. })), "{later:?}");
    until("it answers again", 30, async || host.report().await.ok()).await;
}

#[tokio::test]
async fn a_host_that_lost_power_comes_back_with_its_guests_off() {
    let _lab = alone().await;
    let host = connect(2);
    let guest = Guest::started(2, &*host).await;
    lab(2, &["cut"]);
    let gone = host.report().await;
    lab(2, &["start"]);
    assert!(matches!(gone, Err(HostError::Unreachable(_) | HostError::Timeout { .. })), "{gone:?}");
    until("it answers again", 40, async || host.report().await.ok()).await;
    assert_eq!(state(&*host, guest.vm).await, (DomainState::ShutOff, StateReason::Unknown));
    host.start(guest.vm).await.unwrap();
}

#[tokio::test]
async fn a_guest_that_finds_the_storage_full_is_paused_and_goes_on() {
    let _lab = alone().await;
    let host = connect(1);
    let pool = small_pool();
    let room = host.open_pool(&pool).await.unwrap().available;
    let ballast = VolumeRef { pool: pool.clone(), volume: format!("ballast-{}", uuid::Uuid::new_v4()) };
    host.create_volume(&preallocated(&ballast, room / 2)).await.unwrap();
    let mut guest = Guest::new(1, &*host).await;
    let disk = VolumeRef { pool, volume: format!("{}-thin", guest.vm) };
    host.create_volume(&thin(&disk, 1 << 30, None)).await.unwrap();
    let second = DiskSpec {
        volume: disk.clone(),
        serial: "second".into(),
        boot: false,
        position: 1,
        ..guest.spec.disks[0].clone()
    };
    guest.spec.disks.push(second);
    host.define(&guest.spec).await.unwrap();
    host.start(guest.vm).await.unwrap();
    until_agent(&*host, guest.vm).await;

    let tty = lab(1, &["virsh", "ttyconsole", &guest.name()]).trim().to_owned();
    let size = (room * 3 / 4) >> 20;
    // QEMU reads from its terminal only while somebody has it open.
    let dd = format!("dd if=/dev/zero of=/dev/vdb bs=1M count={size} conv=fsync");
    let write = format!("exec 3<> {tty}; echo '{dd}' >&3; timeout 5 cat <&3; true");
    let paused =
        async || (state(&*host, guest.vm).await == (DomainState::Paused, StateReason::IoError)).then_some(());
    // The guest's shell may come later than its agent, so it is told again.
    until("the guest has filled the storage", 90, async || {
        lab(1, &["exec", "sh", "-c", &write]);
        tokio::time::timeout(Duration::from_secs(10), until("it is paused", 60, paused)).await.ok()
    })
    .await;
    host.delete_volume(&ballast).await.unwrap();
    host.resume(guest.vm).await.unwrap();
    until("it has written the rest", 60, async || {
        let made = host.volume(&disk).await.unwrap();
        (made.allocation >= size << 20).then_some(())
    })
    .await;
    assert_eq!(state(&*host, guest.vm).await.0, DomainState::Running);
    host.destroy(guest.vm).await.unwrap();
    host.delete_volume(&disk).await.unwrap();
}
