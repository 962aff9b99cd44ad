//! What a host tells of itself, and who may speak to it.

use host::libvirt::{LibvirtConnector, Options};
use host::*;
use model::host::{Acceleration, Transport};

use crate::world::*;

#[tokio::test]
async fn what_a_host_is() {
    let _lab = shared().await;
    let facts = connect(1).facts().await.unwrap();
    assert_eq!(facts.hostname, "kvm1");
    assert_eq!(facts.host_uuid, env("LAB_KVM1_UUID"));
    assert!(facts.memory > 1 << 30 && facts.cpus > 0 && facts.sockets > 0 && facts.cores > 0);
    assert!(facts.machine_types.iter().any(|m| m == "q35") && !facts.cpu_models.is_empty(), "{facts:?}");
    assert!(facts.libvirt_version.split('.').count() == 3 && facts.qemu_version.split('.').count() == 3);
    assert_eq!(facts.bridges, Some(vec![env("LAB_NETWORK")]));
}

#[tokio::test]
async fn how_busy_a_host_is() {
    let _lab = shared().await;
    let host = connect(1);
    let first = host.report().await.unwrap().usage;
    assert!(first.memory_free > 0 && first.memory_free < first.memory_total, "{first:?}");
    until("its clock goes on", 10, async || {
        let now = host.report().await.unwrap().usage;
        (now.cpu_total_ns > first.cpu_total_ns && now.cpu_busy_ns > first.cpu_busy_ns).then_some(())
    })
    .await;
}

#[tokio::test]
async fn plain_tcp_needs_the_flag() {
    let _lab = shared().await;
    let endpoint = endpoint(3);
    assert_eq!(endpoint.transport, Transport::Tcp);
    let refused = connect_with(&endpoint, false).facts().await.unwrap_err();
    assert!(matches!(&refused, HostError::Failed(t) if t.contains("not allowed")), "{refused:?}");
    assert_eq!(connect_with(&endpoint, true).facts().await.unwrap().hostname, "kvm3");
}

#[tokio::test]
async fn a_host_is_not_reached_under_another_name_or_at_another_port() {
    let _lab = shared().await;
    // The bridge of the lab on this machine: nothing of libvirt listens there.
    let nobody = Endpoint { address: env("LAB_GATEWAY"), ..endpoint(1) };
    let refused = connect_with(&nobody, false).facts().await.unwrap_err();
    assert!(matches!(&refused, HostError::Unreachable(t) if t.contains("nothing listens")), "{refused:?}");
}

#[tokio::test]
async fn a_stranger_s_certificate_is_not_accepted_by_a_host() {
    let _lab = shared().await;
    let stranger = rcgen::generate_simple_self_signed(vec!["stranger".to_owned()]).unwrap();
    let pki = tempfile::tempdir().unwrap();
    std::fs::copy(format!("{}/cacert.pem", env("LAB_PKIPATH")), pki.path().join("cacert.pem")).unwrap();
    std::fs::write(pki.path().join("clientcert.pem"), stranger.cert.pem()).unwrap();
    std::fs::write(pki.path().join("clientkey.pem"), stranger.signing_key.serialize_pem()).unwrap();
    let options = Options { pki_path: pki.path().into(), allow_tcp: false };
    let refused = LibvirtConnector::new(options).connect(&endpoint(1)).facts().await.unwrap_err();
    assert!(matches!(refused, HostError::Certificate(_)), "{refused:?}");
}

#[tokio::test]
async fn acceleration_is_found_out_by_running_a_guest() {
    let _lab = shared().await;
    let endpoint = Endpoint { acceleration: Acceleration::Auto, ..endpoint(1) };
    let host = connect_with(&endpoint, false);
    let guest = Guest::started(1, &*host).await;
    // Whichever it is, the guest gets through its firmware and boots.
    until_agent(&*host, guest.vm).await;
    let facts = host.facts().await.unwrap();
    let runs = lab(1, &["virsh", "dumpxml", &guest.name()]);
    assert_eq!(facts.kvm_offered, runs.contains("<domain type='kvm'"), "a host offers what works");
    let names = lab(1, &["virsh", "list", "--all", "--name"]);
    assert!(!names.contains("probe"), "the guest of the probe is gone: {names}");
    let volumes = host.volumes(&guest.spec.disks[0].volume.pool).await.unwrap();
    assert!(!volumes.iter().any(|v| v.name.contains("probe")), "and so is its disk: {volumes:?}");
}

#[tokio::test]
async fn a_host_without_the_interface_driver_tells_no_bridges() {
    let _lab = alone().await;
    let hide = "d=$(dirname \"$(find /usr/lib* -path '*connection-driver/libvirt_driver_interface.so' | head -n 1)\")
        mkdir /run/drivers && cp \"$d\"/*.so /run/drivers && rm /run/drivers/libvirt_driver_interface.so
        mount --bind /run/drivers \"$d\" && echo \"$d\"";
    let directory = lab(2, &["exec", "sh", "-ec", hide]).trim().to_owned();
    lab(2, &["libvirtd", "stop"]);
    lab(2, &["libvirtd", "start"]);
    let facts = connect(2).facts().await;
    lab(2, &["libvirtd", "stop"]);
    lab(2, &["exec", "sh", "-ec", &format!("umount {directory} && rm -r /run/drivers")]);
    lab(2, &["libvirtd", "start"]);
    assert_eq!(facts.unwrap().bridges, None);
    assert!(connect(2).facts().await.unwrap().bridges.is_some());
}
