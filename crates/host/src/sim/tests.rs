//! The estate keeps the promises that tests of `control` build on.

#![allow(clippy::unwrap_used)]

use model::disk::{Allocation, Format};
use model::host::{Acceleration, Transport};
use uuid::Uuid;

use super::*;
use crate::driver::*;
use crate::{HostError, HostResult};

const KVM1: HostId = HostId(Uuid::from_u128(1));
const KVM2: HostId = HostId(Uuid::from_u128(2));
const WEB1: VmId = VmId(Uuid::from_u128(11));
const DB1: VmId = VmId(Uuid::from_u128(12));

fn endpoint(host: HostId) -> Endpoint {
    let (address, transport) = (String::new(), Transport::Local);
    Endpoint { host, address, port: None, transport, acceleration: Acceleration::Auto }
}

fn pool() -> PoolRef {
    PoolRef { pool: "p1".into(), path: "/srv/p1".into() }
}

fn volume(name: &str) -> VolumeRef {
    VolumeRef { pool: pool(), volume: name.into() }
}

fn new_volume(name: &str, allocation: Allocation, size: u64) -> NewVolume {
    NewVolume { at: volume(name), format: allocation.format(), allocation, size, backing: None }
}

fn spec(vm: VmId, disk: &str) -> DomainSpec {
    let disk = DiskSpec {
        volume: volume(disk),
        format: Format::Qcow2,
        serial: "s".into(),
        boot: true,
        position: 0,
        interface: model::vm_disk::Interface::Virtio,
    };
    DomainSpec {
        vm,
        title: "web1".into(),
        memory: 1 << 30,
        sockets: 1,
        cores: 1,
        threads: 1,
        cpu_model: None,
        disks: vec![disk],
        nics: vec![],
        cd: None,
        graphics: None,
        boot: vec![model::vm_options::BootDevice::Disk],
        boot_menu: false,
        kernel: None,
    }
}

async fn started(host: &dyn HostDriver, vm: VmId, disk: &str) -> HostResult<()> {
    host.open_pool(&pool()).await?;
    host.create_volume(&new_volume(disk, Allocation::Thin, 1 << 30)).await?;
    host.define(&spec(vm, disk)).await?;
    host.start(vm).await
}

fn pair() -> (SimEstate, Arc<dyn HostDriver>, Arc<dyn HostDriver>) {
    let estate = SimEstate::new();
    let connector = estate.connector();
    let (one, two) = (connector.connect(&endpoint(KVM1)), connector.connect(&endpoint(KVM2)));
    (estate, one, two)
}

async fn state(host: &dyn HostDriver, vm: VmId) -> (DomainState, StateReason) {
    let report = host.domain(vm).await.unwrap();
    (report.state, report.reason)
}

#[tokio::test]
async fn a_life_goes_round_and_every_step_may_be_said_twice() {
    let (estate, host, _) = pair();
    for _ in 0..2 {
        started(&*host, WEB1, "d").await.unwrap();
    }
    assert_eq!(estate.domains(KVM1)[0].starts, 1);
    assert_eq!(state(&*host, WEB1).await.0, DomainState::Running);
    host.shutdown(WEB1, Ask::Acpi).await.unwrap();
    assert_eq!(state(&*host, WEB1).await, (DomainState::ShutOff, StateReason::Shutdown));
    assert!(matches!(host.shutdown(WEB1, Ask::Acpi).await, Err(HostError::WrongState(_))));
    for _ in 0..2 {
        host.destroy(WEB1).await.unwrap();
        host.undefine(WEB1).await.unwrap();
        host.delete_volume(&volume("d")).await.unwrap();
    }
    assert!(estate.domains(KVM1).is_empty() && estate.volumes(&pool()).is_empty());
}

#[tokio::test]
async fn a_disk_is_written_by_one_vm_only_whatever_the_host() {
    let (estate, one, two) = pair();
    started(&*one, WEB1, "d").await.unwrap();
    assert!(matches!(started(&*two, WEB1, "d").await, Err(HostError::DiskInUse(_))));
    assert!(matches!(started(&*two, DB1, "d").await, Err(HostError::DiskInUse(_))));
    assert_eq!(estate.running_on(WEB1), [KVM1]);
}

#[tokio::test]
async fn how_a_vm_ended_is_told() {
    let (estate, host, _) = pair();
    for (end, reason) in [
        (SimEstate::guest_shutdown as fn(&SimEstate, VmId), StateReason::Shutdown),
        (SimEstate::kill, StateReason::Crashed),
        (
            |e, _| {
                e.power_cut(KVM1);
                e.power_on(KVM1)
            },
            StateReason::Unknown,
        ),
    ] {
        started(&*host, WEB1, "d").await.unwrap();
        end(&estate, WEB1);
        assert_eq!(state(&*host, WEB1).await, (DomainState::ShutOff, reason));
    }
}

#[tokio::test]
async fn a_lost_link_is_not_a_lost_guest() {
    let (estate, host, _) = pair();
    let mut events = host.events();
    started(&*host, WEB1, "d").await.unwrap();
    estate.disconnect(KVM1, "cable");
    assert!(matches!(host.report().await, Err(HostError::Unreachable(c)) if c == "cable"));
    assert_eq!(estate.running_on(WEB1), [KVM1]);
    estate.reconnect(KVM1);
    assert_eq!(host.report().await.unwrap().domains.len(), 1);
    let mut heard = Vec::new();
    while let Ok(event) = events.try_recv() {
        heard.push(event);
    }
    let changed = HostEvent::Domain { host: KVM1, vm: WEB1 };
    let connected = HostEvent::Connected { host: KVM1 };
    let lost = HostEvent::Disconnected { host: KVM1, cause: "cable".into() };
    assert_eq!(heard, [connected.clone(), changed.clone(), changed, lost, connected]);
}

#[tokio::test]
async fn faults_strike_the_call_that_was_meant() {
    let (estate, one, two) = pair();
    estate.on(KVM2).fail_next("start", HostError::Failed("boom".into()));
    started(&*one, WEB1, "d").await.unwrap();
    assert!(started(&*two, DB1, "e").await.is_err());
    two.start(DB1).await.unwrap();

    estate.on(KVM1).fail_nth("domain", 2, HostError::Failed("boom".into()));
    assert!(one.domain(WEB1).await.is_ok() && one.domain(WEB1).await.is_err());

    estate.fail_after("destroy", HostError::Timeout { seconds: 10 });
    assert!(one.destroy(WEB1).await.is_err());
    assert!(estate.running_on(WEB1).is_empty(), "the call was carried out, only its answer was lost");
}

#[tokio::test(start_paused = true)]
async fn a_hang_ends_at_the_deadline_and_a_held_call_when_released() {
    let (estate, host, _) = pair();
    estate.hang_next("report");
    assert!(matches!(host.report().await, Err(HostError::Timeout { seconds: 30 })));

    let mut hold = estate.hold_next("define");
    let call = tokio::spawn(async move { host.define(&spec(WEB1, "d")).await });
    hold.reached().await;
    assert!(estate.domains(KVM1).is_empty());
    hold.release();
    call.await.unwrap().unwrap();
    assert_eq!(estate.domains(KVM1).len(), 1);
}

#[tokio::test]
async fn storage_fills_up_and_goes_away() {
    let (estate, host, other) = pair();
    estate.set_capacity("/srv/p1", 10 << 20);
    host.open_pool(&pool()).await.unwrap();
    let big = new_volume("big", Allocation::Preallocated, 20 << 20);
    assert!(matches!(host.create_volume(&big).await, Err(HostError::NoSpace(_))));
    assert!(estate.volumes(&pool()).is_empty());
    host.create_volume(&new_volume("small", Allocation::Preallocated, 1 << 20)).await.unwrap();
    let other_size = host.create_volume(&new_volume("small", Allocation::Preallocated, 2 << 20)).await;
    assert!(matches!(other_size, Err(HostError::Exists(_))));
    assert!(matches!(other.volumes(&pool()).await, Err(HostError::NotFound(_))), "no pool there yet");
    other.open_pool(&pool()).await.unwrap();
    assert_eq!(other.volumes(&pool()).await.unwrap().len(), 1);
    estate.set_missing("/srv/p1", true);
    assert!(matches!(host.open_pool(&pool()).await, Err(HostError::NotFound(_))));
}

#[tokio::test]
async fn an_uploaded_image_says_its_own_size() {
    let (estate, host, _) = pair();
    host.open_pool(&pool()).await.unwrap();
    host.create_volume(&new_volume("t", Allocation::Thin, 1 << 20)).await.unwrap();
    let mut image = b"QFI\xfb".to_vec();
    image.resize(24, 0);
    image.extend((5u64 << 20).to_be_bytes());
    let length = image.len() as u64;
    host.upload(&volume("t"), Box::new(std::io::Cursor::new(image)), length).await.unwrap();
    let there = &estate.volumes(&pool())[0];
    assert_eq!((there.capacity, there.uploaded), (5 << 20, length));
}

#[tokio::test(start_paused = true)]
async fn a_call_takes_the_time_that_was_stated() {
    let (estate, one, _) = pair();
    estate.set_latency("*", Duration::from_millis(20));
    estate.set_latency("report", Duration::from_secs(2));
    let begun = tokio::time::Instant::now();
    let (first, second) = tokio::join!(one.report(), one.facts());
    first.unwrap();
    second.unwrap();
    assert_eq!(begun.elapsed(), Duration::from_secs(2), "and calls do not wait for each other");
    one.facts().await.unwrap();
    assert_eq!(begun.elapsed(), Duration::from_millis(2020));
}

/// Which of the first reports of each host failed, and how.
async fn weathered(weather: Weather) -> Vec<(u128, u32, HostError)> {
    let estate = SimEstate::new();
    estate.set_weather(weather);
    let mut failed = Vec::new();
    for n in 0..50 {
        let host = estate.connector().connect(&endpoint(HostId(Uuid::from_u128(n))));
        for call in 0..200 {
            failed.extend(host.report().await.err().map(|error| (n, call, error)));
        }
    }
    failed
}

#[tokio::test]
async fn the_weather_is_the_same_for_the_same_seed() {
    assert!(weathered(Weather::default()).await.is_empty());
    let rain = Weather { seed: 7, failing_calls: 10, ..Weather::default() };
    let failed = weathered(rain.clone()).await;
    assert!((60..140).contains(&failed.len()), "a hundredth of 10,000 calls: {}", failed.len());
    assert!(failed.iter().all(|(_, _, error)| matches!(error, HostError::Failed(_))));
    let calls = |failed: &[(u128, u32, HostError)]| -> Vec<_> { failed.iter().map(|f| (f.0, f.1)).collect() };
    assert_eq!(calls(&failed), calls(&weathered(rain.clone()).await));
    assert_ne!(calls(&failed), calls(&weathered(Weather { seed: 8, ..rain }).await));
}

#[tokio::test]
async fn hosts_go_away_for_a_while_and_come_back() {
    let failed = weathered(Weather { seed: 7, away: 100, stretch: 20, ..Weather::default() }).await;
    assert!(failed.iter().all(|(_, _, error)| matches!(error, HostError::Unreachable(_))));
    let hosts: std::collections::BTreeSet<u128> = failed.iter().map(|(host, ..)| *host).collect();
    assert!(hosts.len() > 10 && failed.len() < 2500, "{} hosts, {} calls", hosts.len(), failed.len());
    // Away is a stretch: who misses a call misses the ones beside it.
    let whole = failed.chunk_by(|a, b| a.0 == b.0 && a.1 + 1 == b.1).filter(|away| away.len() >= 19).count();
    assert!(whole >= 10, "{whole}");
}

#[tokio::test]
async fn two_thousand_hosts_with_forty_thousand_guests_fit_in_a_test() {
    let estate = SimEstate::new();
    estate.keep_calls(0);
    for host in 0..2000 {
        for n in 0..20 {
            let vm = VmId(Uuid::from_u128(1_000_000 + host * 20 + n));
            estate.put_running(HostId(Uuid::from_u128(host)), spec(vm, &vm.to_string()), None);
        }
    }
    let connector = estate.connector();
    for host in 0..2000 {
        let report = connector.connect(&endpoint(HostId(Uuid::from_u128(host)))).report().await.unwrap();
        assert!(report.domains.len() == 20 && report.domains.iter().all(|d| d.state == DomainState::Running));
    }
    assert!(estate.calls().is_empty());
    assert_eq!(estate.running_on(VmId(Uuid::from_u128(1_000_021))), [HostId(Uuid::from_u128(1))]);
}
