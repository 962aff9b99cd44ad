//! What a VM boots from: a disc, a kernel of the host; and a screen by SPICE.

use host::*;
use model::vm_options::{BootDevice, Graphics, Protocol};

use crate::world::*;

/// The lab's ISO as a file of the pool.
pub async fn disc(host: &dyn HostDriver, name: &str) -> VolumeRef {
    let at = VolumeRef { pool: pool("data"), volume: format!("{name}.iso") };
    host.open_pool(&at.pool).await.unwrap();
    host.delete_volume(&at).await.unwrap();
    let file = std::fs::File::open(env("LAB_GUEST_ISO")).unwrap();
    let length = file.metadata().unwrap().len();
    host.create_volume(&preallocated(&at, length)).await.unwrap();
    host.upload(&at, Box::new(file), length).await.unwrap();
    at
}

#[tokio::test]
async fn a_guest_boots_from_the_disc_in_its_drive() {
    let _lab = shared().await;
    let host = connect(1);
    let mut guest = Guest::new(1, &*host).await;
    let disc = disc(&*host, &guest.name()).await;
    // Its own disk would boot as well, and is left out of the order.
    guest.spec.cd = Some(disc.clone());
    guest.spec.boot = vec![BootDevice::Cdrom];
    host.define(&guest.spec).await.unwrap();
    host.start(guest.vm).await.unwrap();
    until_agent(&*host, guest.vm).await;
    let xml = lab(1, &["virsh", "dumpxml", &guest.name()]);
    assert!(xml.contains(&disc.path()), "{xml}");
    host.destroy(guest.vm).await.unwrap();
    host.delete_volume(&disc).await.unwrap();
}

#[tokio::test]
async fn a_guest_boots_a_kernel_of_the_host_with_its_parameters() {
    let _lab = shared().await;
    let host = connect(2);
    let mut guest = Guest::new(2, &*host).await;
    let parameters = "console=ttyS0 quiet mitigations=off random.trust_cpu=on drover.said=this";
    guest.spec.kernel = Some(KernelSpec {
        kernel: env("LAB_GUEST_KERNEL"),
        initrd: Some(env("LAB_GUEST_INITRD")),
        parameters: Some(parameters.into()),
    });
    host.define(&guest.spec).await.unwrap();
    host.start(guest.vm).await.unwrap();
    until_agent(&*host, guest.vm).await;
    let ask = |command: &str| lab(2, &["virsh", "qemu-agent-command", &guest.name(), command]);
    let opened = ask(r#"{"execute":"guest-file-open","arguments":{"path":"/proc/cmdline"}}"#);
    let handle: String = opened.chars().filter(char::is_ascii_digit).collect();
    let read =
        ask(&format!(r#"{{"execute":"guest-file-read","arguments":{{"handle":{handle},"count":4096}}}}"#));
    let encoded = read.split("buf-b64\":\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    // The word in base64, at whichever of the three offsets it lies.
    let needles = ["ZHJvdmVyLnNhaWQ9dGhpc", "Ryb3Zlci5zYWlkPXRoaX", "kcm92ZXIuc2FpZD10aGlz"];
    assert!(needles.iter().any(|needle| encoded.contains(needle)), "{encoded}");
}

#[tokio::test]
async fn a_screen_by_spice_beside_vnc() {
    let _lab = shared().await;
    let host = connect(1);
    assert!(host.facts().await.unwrap().spice, "the host's QEMU has SPICE");
    let mut guest = Guest::new(1, &*host).await;
    guest.spec.graphics.as_mut().unwrap().protocols = Graphics::Both;
    host.define(&guest.spec).await.unwrap();
    host.start(guest.vm).await.unwrap();
    assert_eq!(host.screen(guest.vm, Protocol::Spice).await.unwrap().host, address(1));
    let new = ScreenPassword { protocol: Protocol::Spice, password: "spicy-12".into(), until: None };
    host.set_screen_password(guest.vm, &new).await.unwrap();
    let secret = lab(1, &["virsh", "dumpxml", "--security-info", &guest.name()]);
    assert!(secret.contains("passwd='spicy-12'") && secret.contains(PASSWORD), "only its own: {secret}");
    let xml = lab(1, &["virsh", "dumpxml", &guest.name()]);
    assert!(xml.contains("<graphics type='spice' port='5"), "{xml}");
}
