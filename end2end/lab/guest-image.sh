#!/bin/bash
# Builds Tiny Linux, a small real guest, from Debian's packages: kernel, drivers, busybox and the
# QEMU guest agent. What it does at boot is in guest-init.sh. The result is kept in the cache under
# a hash of the two scripts.
#   guest-image.sh            builds if needed, prints the directory that holds the result
#   guest-image.sh --where    prints the directory only
#     tiny.qcow2   bootable disk (BIOS), 64 MiB        tiny.iso          the same as a CD
#     vmlinuz, initrd   for direct kernel boot
#     full.qcow2   the same with Debian's full kernel, which also drives SATA; it takes twice as long
#                  to boot under emulation (3 s more), because unpacking that kernel is most of the work
# Needs the packages busybox-static cpio isolinux syslinux-common xorriso qemu-utils.
set -euo pipefail
HERE=$(dirname "$(realpath "$0")")
CACHE=${DROVER_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/drover}
KEY=$(cat "$HERE/guest-image.sh" "$HERE/guest-init.sh" | sha256sum | cut -c1-16)
OUT=$CACHE/tiny-$KEY
# Disks, CDs, the power button, random numbers, the agent's channel, the network.
MODULES="virtio_pci virtio_blk virtio_net virtio_console virtio_balloon virtio-rng virtio_scsi
    ahci sd_mod sr_mod isofs button evdev"

# The package that a kernel's metapackage stands for: FLAVOUR_SUFFIX
kernel_package() {
    apt-cache depends "linux-image-$1" 2>/dev/null | awk '/Depends: linux-image/ {print $2; exit}'
}

fetch_packages() {
    local tiny full
    tiny=$(kernel_package cloud-amd64)
    full=$(kernel_package amd64)
    [ -n "$tiny" ] && [ -n "$full" ] || return 1
    apt-get download -q "$tiny" "$full" qemu-guest-agent >/dev/null 2>&1 || return 1
    dpkg -x "$tiny"_*.deb tiny
    dpkg -x "$full"_*.deb full
    dpkg -x qemu-guest-agent_*.deb agent
}

unpack() {
    fetch_packages || { apt-get update -q >/dev/null && fetch_packages; } || {
        echo "guest image: apt-get cannot download the kernels and the agent" >&2; exit 1; }
}

# Copies the modules with what they depend on, and makes the list that modprobe reads: KERNEL
copy_modules() {
    local version from module file
    version=$(ls "$1/lib/modules")
    from=$1/lib/modules/$version
    busybox depmod -b "$1" "$version"
    for module in $MODULES; do
        awk -v want="/$module.ko:" 'index("/" $1, want) { sub(":", "", $1); print $0 }' "$from/modules.dep"
    done | tr ' ' '\n' | sort -u | while read -r file; do
        [ -z "$file" ] || install -D -m 644 "$from/$file" "$1-root/lib/modules/$version/$file"
    done
    busybox depmod -b "$1-root" "$version"
}

# KERNEL-root becomes the initial memory file system, KERNEL.initrd.
make_root() {
    local library
    mkdir -p "$1-root"/{bin,sbin,dev,proc,sys,run,tmp,etc,usr/bin,usr/sbin,var/run}
    cp /usr/bin/busybox "$1-root/bin/"
    cp agent/usr/sbin/qemu-ga "$1-root/usr/sbin/"
    ldd agent/usr/sbin/qemu-ga | grep -o '/[^ ]*' | while read -r library; do
        install -D "$(readlink -f "$library")" "$1-root$library"
    done
    install -m 755 "$HERE/guest-init.sh" "$1-root/init"
    echo "$MODULES" | tr -s ' \n' ' ' > "$1-root/etc/modules"
    copy_modules "$1"
    (cd "$1-root" && find . | cpio -o -H newc --quiet | gzip -9) > "$1.initrd"
}

# An image that boots as a CD and, being hybrid, as a disk too: KERNEL.iso, KERNEL.qcow2
make_disk() {
    local loader=$1-cd/isolinux
    mkdir -p "$loader"
    cp /usr/lib/ISOLINUX/isolinux.bin /usr/lib/syslinux/modules/bios/ldlinux.c32 "$loader/"
    cp "$1"/boot/vmlinuz-* "$1-cd/vmlinuz"
    cp "$1.initrd" "$1-cd/initrd"
    cat > "$loader/isolinux.cfg" <<'CONF'
DEFAULT tiny
LABEL tiny
  KERNEL /vmlinuz
  INITRD /initrd
  APPEND console=ttyS0 console=tty0 quiet mitigations=off random.trust_cpu=on
CONF
    xorriso -as mkisofs -quiet -V TINY -o "$1.iso" -b isolinux/isolinux.bin \
        -c isolinux/boot.cat -no-emul-boot -boot-load-size 4 -boot-info-table \
        -isohybrid-mbr /usr/lib/ISOLINUX/isohdpfx.bin "$1-cd" 2>xorriso.log || { cat xorriso.log >&2; exit 1; }
    qemu-img convert -f raw -O qcow2 -c "$1.iso" "$1.qcow2"
    qemu-img resize -q "$1.qcow2" 64M
}

if [ "${1:-}" = --where ] || [ -s "$OUT/tiny.qcow2" ]; then
    echo "$OUT"
    exit
fi
mkdir -p "$CACHE"
exec 8> "$CACHE/lock"
flock 8
if [ ! -s "$OUT/tiny.qcow2" ]; then
    echo "guest image: building Tiny Linux" >&2
    TMP=$(mktemp -d)
    trap 'rm -rf "$TMP"' EXIT
    chmod 755 "$TMP"
    cd "$TMP"
    unpack
    for kernel in tiny full; do
        make_root $kernel
        make_disk $kernel
    done
    mkdir out
    cp tiny-cd/vmlinuz tiny-cd/initrd tiny.qcow2 full.qcow2 tiny.iso out/
    chmod 755 out
    mv out "$OUT"
fi
echo "$OUT"
