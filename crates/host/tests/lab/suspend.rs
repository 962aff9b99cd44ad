//! A VM whose state is saved goes on where it was, on another host too, and its CD changes while it runs.

use host::*;
use model::vm_options::Protocol;

use crate::boot::disc;
use crate::world::*;

/// What a command in the guest prints, in base64 as its agent tells it.
pub async fn said(n: u32, guest: &Guest, command: &str) -> String {
    let ask = |json: String| lab(n, &["virsh", "qemu-agent-command", &guest.name(), &json]);
    let run = r#"{"execute":"guest-exec","arguments":{"path":"/bin/sh","arg":["-c","COMMAND"],"capture-output":true}}"#;
    let pid: String = ask(run.replace("COMMAND", command)).chars().filter(char::is_ascii_digit).collect();
    let status = format!(r#"{{"execute":"guest-exec-status","arguments":{{"pid":{pid}}}}}"#);
    until("the command ends", 20, async || {
        let answer = ask(status.clone());
        answer.contains("\"exited\":true").then_some(answer)
    })
    .await
}

#[tokio::test]
async fn a_guest_goes_on_on_another_host_after_the_first_lost_its_power() {
    let _lab = alone().await;
    let (one, two) = (connect(1), connect(2));
    let mut guest = Guest::started(1, &*one).await;
    guest.also_on(2);
    let (vm, memory) = (guest.vm, guest.spec.memory);
    let first = until_agent(&*one, vm).await;
    said(1, &guest, "echo remembered > /run/note").await;
    let at = VolumeRef { pool: pool("data"), volume: format!("{vm}.memory") };
    one.save(vm, memory, &at).await.unwrap();
    assert_eq!(state(&*one, vm).await, (DomainState::ShutOff, StateReason::Saved));
    one.save(vm, memory, &at).await.expect("saved already");
    let report = one.volume(&at).await.unwrap();
    assert!(report.allocation > 8 << 20, "{report:?}");
    let nothing = VolumeRef { volume: "nothing.memory".into(), ..at.clone() };
    assert!(matches!(one.save(vm, memory, &nothing).await, Err(HostError::NotFound(_))));

    lab(1, &["cut"]);
    two.define(&guest.spec).await.unwrap();
    assert!(matches!(two.restore(vm, memory, &nothing).await, Err(HostError::NotFound(_))));
    two.open_pool(&at.pool).await.unwrap();
    for _ in 0..2 {
        two.restore(vm, memory, &at).await.unwrap();
    }
    assert_eq!(state(&*two, vm).await.0, DomainState::Paused, "it has not run a step yet");
    two.resume(vm).await.unwrap();
    let again = until_agent(&*two, vm).await;
    assert_eq!(again.hostname, first.hostname);
    let told = said(2, &guest, "cat /run/note").await;
    assert!(told.contains("cmVtZW1iZXJlZAo="), "what only its memory had: {told}");
    let screen = two.screen(vm, Protocol::Vnc).await.unwrap();
    assert_eq!(screen.host, address(2), "its screen listens on the new host");
    let xml = lab(2, &["virsh", "dumpxml", "--security-info", &guest.name()]);
    assert!(xml.contains(&format!("passwd='{PASSWORD}'")), "its screen has the same password");
    two.destroy(vm).await.unwrap();
    two.delete_volume(&at).await.unwrap();
    lab(1, &["start"]);
    until("the host is back", 60, async || one.facts().await.ok()).await;
}

#[tokio::test]
async fn a_save_that_is_given_up_lets_the_guest_run() {
    let _lab = shared().await;
    let host = connect(2);
    let guest = Guest::started(2, &*host).await;
    until_agent(&*host, guest.vm).await;
    host.abort_save(guest.vm).await.expect("nothing to give up");
    let full = VolumeRef { pool: small_pool(), volume: format!("{}.memory", guest.vm) };
    host.open_pool(&full.pool).await.unwrap();
    let refused = host.save(guest.vm, guest.spec.memory, &full).await;
    assert!(matches!(refused, Err(HostError::NoSpace(_) | HostError::Failed(_))), "{refused:?}");
    until("it runs on", 20, async || (state(&*host, guest.vm).await.0 == DomainState::Running).then_some(()))
        .await;
    host.delete_volume(&full).await.unwrap();
}

#[tokio::test]
async fn a_disc_is_changed_while_the_guest_runs() {
    let _lab = shared().await;
    let host = connect(1);
    let guest = Guest::started(1, &*host).await;
    let disc = disc(&*host, &guest.name()).await;
    let drives = || {
        let live = lab(1, &["virsh", "domblklist", &guest.name()]);
        let next = lab(1, &["virsh", "domblklist", "--inactive", &guest.name()]);
        (live.contains(&disc.path()), next.contains(&disc.path()))
    };
    assert_eq!(drives(), (false, false));
    for _ in 0..2 {
        host.change_cd(guest.vm, Some(&disc)).await.unwrap();
    }
    assert_eq!(drives(), (true, true));
    host.change_cd(guest.vm, None).await.unwrap();
    assert_eq!(drives(), (false, false));
    let missing = VolumeRef { volume: "nothing.iso".into(), ..disc.clone() };
    assert!(host.change_cd(guest.vm, Some(&missing)).await.is_err());
    assert!(!drives().0);
    host.destroy(guest.vm).await.unwrap();
    assert!(matches!(host.change_cd(guest.vm, None).await, Err(HostError::WrongState(_))));
    host.delete_volume(&disc).await.unwrap();
}

#[tokio::test]
async fn a_copy_stands_alone() {
    let _lab = shared().await;
    let host = connect(1);
    let guest = Guest::new(1, &*host).await;
    let thin_disk = guest.spec.disks[0].volume.clone();
    assert!(host.volume(&thin_disk).await.unwrap().backing.is_some());
    let size = host.volume(&thin_disk).await.unwrap().capacity;
    let at = VolumeRef { pool: thin_disk.pool.clone(), volume: format!("{}-copy.qcow2", guest.vm) };
    for _ in 0..2 {
        host.copy_volume(&thin(&at, size, None), &thin_disk).await.unwrap();
    }
    let copy = host.volume(&at).await.unwrap();
    assert_eq!((copy.backing, copy.capacity, copy.format.as_deref()), (None, size, Some("qcow2")));
    let mut clone = Guest::new(1, &*host).await;
    let own = std::mem::replace(&mut clone.spec.disks[0].volume, at);
    host.delete_volume(&own).await.unwrap();
    host.define(&clone.spec).await.unwrap();
    host.start(clone.vm).await.unwrap();
    until_agent(&*host, clone.vm).await;
    let nothing = VolumeRef { volume: "nothing.qcow2".into(), ..thin_disk };
    let other = VolumeRef { volume: format!("{}-other.qcow2", guest.vm), ..nothing.clone() };
    let refused = host.copy_volume(&thin(&other, size, None), &nothing).await;
    assert!(matches!(refused, Err(HostError::NotFound(_))));
}
