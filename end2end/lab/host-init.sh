#!/bin/bash
# Process 1 of one lab host. It runs inside the host's namespaces, gives it a file system view of its
# own, starts virtlockd and libvirtd, and then only reaps what dies. SIGTERM shuts the host down;
# SIGKILL is a power cut that takes every process of the host with it.
#   host-init.sh LAB_DIR N        (started by `lab`)
set -euo pipefail
source "$(dirname "$(realpath "$0")")/names.sh"
load_names "$1"
N=$2 ADDRESS=$(host_address "$2") H=$(host_dir "$2")

private_files() {
    hostname "$(host_name "$N")"
    mount -t sysfs sysfs /sys                       # the one of this network namespace
    mount -t tmpfs -o mode=755 tmpfs /run           # forgotten at a power cut, as on any machine
    mkdir -p /run/lock /run/libvirt "$H"/{etc,lib,log,cache}
    [ -e "$H/etc/libvirtd.conf" ] || first_configuration
    write_configuration
    local part
    for part in etc:/etc/libvirt lib:/var/lib/libvirt log:/var/log/libvirt cache:/var/cache/libvirt; do
        mkdir -p "${part#*:}"
        mount --bind "$H/${part%%:*}" "${part#*:}"
    done
    mount --bind "$H/hosts" /etc/hosts
    certificates
}

# Where libvirt looks for them on any host. The host's own certificate also serves when its libvirtd
# calls another one, which is what a live migration does.
certificates() {
    local role
    mkdir -p /etc/pki
    mount -t tmpfs -o mode=755,size=1m tmpfs /etc/pki
    mkdir -p /etc/pki/CA /etc/pki/libvirt/private
    ln -s "$H/pki/cacert.pem" /etc/pki/CA/cacert.pem
    for role in server client; do
        ln -s "$H/pki/servercert.pem" "/etc/pki/libvirt/${role}cert.pem"
        ln -s "$H/pki/serverkey.pem" "/etc/pki/libvirt/private/${role}key.pem"
    done
}

first_configuration() {
    cp -a /etc/libvirt/. "$H/etc/"
    rm -rf "$H/etc/qemu" "$H/etc/storage"           # neither networks nor domains of the machine
}

write_configuration() {
    local tls=0 tcp=0 n
    if [ "$(host_transport "$N")" = tls ]; then tls=1; else tcp=1; fi
    cat > "$H/etc/libvirtd.conf" <<CONF
listen_tls = $tls
listen_tcp = $tcp
listen_addr = "$ADDRESS"
auth_tcp = "none"
auth_tls = "none"
auth_unix_rw = "none"
tls_no_verify_certificate = 0
host_uuid = "$(host_uuid "$N")"
max_clients = 200
max_workers = 40
CONF
    cat > "$H/etc/qemu.conf" <<CONF
user = "root"
group = "root"
security_driver = "none"
cgroup_controllers = [ ]
namespaces = [ ]
remember_owner = 0
stdio_handler = "file"
migration_address = "$ADDRESS"
migration_host = "$ADDRESS"
vnc_listen = "$ADDRESS"
lock_manager = "lockd"
CONF
    cat > "$H/etc/qemu-lockd.conf" <<CONF
auto_disk_leases = 1
file_lockspace_dir = "$STORAGE/leases"
CONF
    {
        echo 127.0.0.1 localhost
        for n in $LAB_ALL_HOSTS; do echo "$(host_address "$n") $(host_name "$n")"; done
    } > "$H/hosts"
}

# libvirtd first, so that it does not call the end of its guests a crash; then everything else.
shut_down() {
    local tries left
    kill -TERM "$(cat /run/libvirtd.pid)" 2>/dev/null || true
    kill -CONT -1 2>/dev/null || true
    kill -TERM -1 2>/dev/null || true
    for ((tries = 0; tries < 60; tries++)); do
        left=(/proc/[0-9]*)
        [ ${#left[@]} -eq 1 ] && exit 0
        sleep 0.05
    done
    exit 0
}

private_files
virtlockd --daemon --pid-file /run/virtlockd.pid
libvirtd --listen --daemon --pid-file /run/libvirtd.pid
trap shut_down TERM
while :; do sleep infinity & wait $! || true; done
