#!/bin/bash
# Proves that the lab is what tests take it for: real hosts that really fail. Uses a running lab, with
# its environment set (`eval "$(lab env DIR)"`, and LAB_PKIPATH with a client certificate), and leaves it as it was.
set -euo pipefail
LAB=$(dirname "$(realpath "$0")")/lab
FOLDER=${LAB_DATA_PATH%/data}/selftest          # beside the data domain, not in it
DISK=$FOLDER/selftest.qcow2
ONE="virsh -q -c $LAB_KVM1_URI?pkipath=$LAB_PKIPATH"
TWO="virsh -q -c $LAB_KVM2_URI?pkipath=$LAB_PKIPATH"
THREE="virsh -q -c $LAB_KVM3_URI"
BEGIN=$EPOCHREALTIME

tell() { printf 'selftest: %5.1f s  %s\n' "$(awk "BEGIN { print $EPOCHREALTIME - $BEGIN }")" "$*"; }
fail() { echo "selftest: FAILED: $*" >&2; exit 1; }
refused() { ! "$@" >/dev/null 2>&1 || fail "this should have been refused: $*"; }

# Waits for a command to succeed: SECONDS COMMAND…
within() {
    local until=$((EPOCHSECONDS + $1))
    shift
    until "$@" >/dev/null 2>&1; do
        [ $EPOCHSECONDS -lt $until ] || fail "still not: $*"
        sleep 0.1
    done
}

cleanup() {
    for host in 1 2 3; do
        "$LAB" host $host start >/dev/null 2>&1 || true
        "$LAB" host $host link up || true
        "$LAB" host $host virsh -q destroy selftest >/dev/null 2>&1 || true
    done
    "$LAB" host 1 virsh -q pool-destroy selftest >/dev/null 2>&1 || true
    "$LAB" host 1 exec rm -rf "$FOLDER" || true
}
trap cleanup EXIT

guest_xml() {
    cat <<XML
<domain type='qemu'><name>selftest</name><memory unit='MiB'>192</memory><vcpu>1</vcpu>
  <os><type arch='x86_64' machine='q35'>hvm</type></os><features><acpi/><apic/></features>
  <devices>
    <disk type='file' device='disk'><driver name='qemu' type='qcow2'/><source file='$DISK'/><target dev='vda' bus='virtio'/></disk>
    <disk type='file' device='cdrom'><target dev='sda' bus='sata'/><readonly/></disk>
    <interface type='bridge'><source bridge='$LAB_NETWORK'/><model type='virtio'/></interface>
    <channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>
    <graphics type='vnc' autoport='yes'/><video><model type='vga'/></video>
    <rng model='virtio'><backend model='random'>/dev/urandom</backend></rng>
  </devices>
</domain>
XML
}

create() { $1 create <(guest_xml); }
agent() { $ONE qemu-agent-command selftest "$1"; }
file_in_guest() { agent "{\"execute\":\"guest-file-open\",\"arguments\":{\"path\":\"$1\"}}"; }
has_address() { $ONE domifaddr selftest --source agent | grep -q "${LAB_GATEWAY%.*}\\."; }
is_gone() { ! $1 domstate selftest >/dev/null 2>&1; }

hosts_answer() {
    [ "$($ONE hostname)/$($TWO hostname)/$($THREE hostname)" = kvm1/kvm2/kvm3 ] || fail "names of the hosts"
    refused virsh -c "$LAB_KVM1_URI?pkipath=/nonexistent" uri
    [ ! -e "$LAB_DATA_PATH" ] || fail "$LAB_DATA_PATH exists outside the hosts"
    for host in 1 2 3; do "$LAB" host $host exec test -d "$LAB_DATA_PATH" || fail "host $host has no storage"; done
    tell "three hosts answer, two of them only with a certificate; the storage exists inside them only"
}

guest_boots() {
    "$LAB" host 1 exec mkdir -p "$FOLDER"
    $ONE pool-create-as selftest dir --target "$FOLDER" >/dev/null
    $ONE vol-create-as selftest selftest-base.qcow2 64M --format qcow2 >/dev/null
    $ONE vol-upload selftest-base.qcow2 "$LAB_GUEST_DISK" --pool selftest
    $ONE vol-create-as selftest selftest.qcow2 64M --format qcow2 --backing-vol selftest-base.qcow2 \
        --backing-vol-format qcow2 >/dev/null
    create "$ONE" >/dev/null
    within 60 agent '{"execute":"guest-ping"}'
    within 20 has_address
    tell "Tiny Linux boots from an uploaded disk, its agent answers and tells an address of the lab"
}

keyboard_works() {
    local key
    for key in T O U C H SPACE SLASH T M P SLASH X ENTER; do $ONE send-key selftest "KEY_$key" >/dev/null; done
    within 10 file_in_guest /tmp/x
    tell "what is typed on its screen arrives"
}

disk_is_locked() {
    refused create "$TWO"
    tell "the second host refuses to start the same disk"
}

button_works() {
    $ONE shutdown selftest --mode acpi >/dev/null
    within 20 is_gone "$ONE"
    tell "the power button shuts it down"
}

power_cut() {
    create "$ONE" >/dev/null
    "$LAB" host 1 cut
    refused timeout 2 $ONE uri
    create "$TWO" >/dev/null
    "$LAB" host 1 start
    is_gone "$ONE" || fail "the guest survived the power cut"
    tell "a power cut takes the guest along, the other host can start it, the host comes back"
}

migration() {
    create "$ONE" >/dev/null
    within 60 agent '{"execute":"guest-ping"}'
    # "unsafe": libvirt does not know that the lab's file system is the same one on every host.
    $ONE migrate --live --p2p --unsafe selftest "$LAB_KVM2_URI"
    $TWO migrate --live --p2p --unsafe selftest "$LAB_KVM3_URI"
    $THREE domstate selftest | grep -q running || fail "the guest did not arrive"
    $THREE destroy selftest >/dev/null
    tell "a guest migrates live, from TLS to TLS and on to TCP"
}

faults() {
    "$LAB" host 2 libvirtd freeze
    refused timeout 1 $TWO uri
    "$LAB" host 2 libvirtd thaw
    "$LAB" host 2 libvirtd stop
    refused timeout 1 $TWO uri
    "$LAB" host 2 libvirtd start
    $TWO domstate selftest | grep -q running || fail "the guest did not survive libvirtd"
    local way
    for way in down deaf mute; do
        "$LAB" host 2 link $way
        refused timeout 1 $TWO uri
        "$LAB" host 2 link up
        within 10 $TWO uri
    done
    "$LAB" host 2 qemu kill selftest
    within 10 is_gone "$TWO"
    tell "libvirtd frozen and stopped, the link cut in three ways, QEMU killed: all as they should be"
}

small_is_full() {
    refused "$LAB" host 3 exec fallocate -l 100M "$LAB_SMALL_PATH/large"
    "$LAB" host 3 exec rm -f "$LAB_SMALL_PATH/large"
    tell "the small storage is full when it is"
}

hosts_answer
guest_boots
keyboard_works
disk_is_locked
button_works
migration
power_cut
faults
small_is_full
