#!/bin/bash
# Builds Tiny Linux, a small real guest, from Debian's packages: kernel, drivers, busybox and the
# QEMU guest agent. It boots in a few seconds under software emulation. What it does at boot is in
# guest-init.sh. The result is kept in the cache under a hash of the two scripts.
#   guest-image.sh            builds if needed, prints the directory that holds the result
#   guest-image.sh --where    prints the directory only
#     tiny.qcow2       bootable disk (BIOS), 64 MiB        vmlinuz, initrd   for direct kernel boot
#     tiny.iso         the same as a CD
# Needs the packages busybox-static cpio isolinux syslinux-common xorriso qemu-utils.
set -euo pipefail
HERE=$(dirname "$(realpath "$0")")
CACHE=${DROVER_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/drover}
KEY=$(cat "$HERE/guest-image.sh" "$HERE/guest-init.sh" | sha256sum | cut -c1-16)
OUT=$CACHE/tiny-$KEY
# A disk's writes, a CD, the power button, random numbers, the agent's channel, the network.
MODULES="virtio_pci virtio_blk virtio_net virtio_console virtio_balloon virtio-rng virtio_scsi
    ahci sd_mod sr_mod isofs button evdev"

fetch_packages() {
    local kernel
    kernel=$(apt-cache depends linux-image-amd64 2>/dev/null | awk '/Depends: linux-image/ {print $2; exit}')
    [ -n "$kernel" ] && apt-get download -q "$kernel" qemu-guest-agent >/dev/null 2>&1
}

unpack() {
    fetch_packages || { apt-get update -q >/dev/null && fetch_packages; } || {
        echo "guest image: apt-get cannot download the kernel and the agent" >&2; exit 1; }
    local deb
    for deb in ./*.deb; do dpkg -x "$deb" root; done
}

# Copies the modules with what they depend on, and makes the list that modprobe reads.
copy_modules() {
    local version from module file
    version=$(ls root/lib/modules)
    from=root/lib/modules/$version
    busybox depmod -b root "$version"
    for module in $MODULES; do
        awk -v want="/$module.ko:" 'index("/" $1, want) { sub(":", "", $1); print $0 }' "$from/modules.dep"
    done | tr ' ' '\n' | sort -u | while read -r file; do
        [ -z "$file" ] || install -D -m 644 "$from/$file" "rd/lib/modules/$version/$file"
    done
    busybox depmod -b rd "$version"
}

make_root() {
    local library
    mkdir -p rd/{bin,sbin,dev,proc,sys,run,tmp,etc,usr/bin,usr/sbin,var/run}
    cp /usr/bin/busybox rd/bin/
    cp root/usr/sbin/qemu-ga rd/usr/sbin/
    ldd root/usr/sbin/qemu-ga | grep -o '/[^ ]*' | while read -r library; do
        install -D "$(readlink -f "$library")" "rd$library"
    done
    install -m 755 "$HERE/guest-init.sh" rd/init
    echo "$MODULES" | tr -s ' \n' ' ' > rd/etc/modules
    copy_modules
    (cd rd && find . | cpio -o -H newc --quiet | gzip -9) > out/initrd
    cp root/boot/vmlinuz-* out/vmlinuz
}

make_disk() {
    mkdir -p iso/isolinux
    cp /usr/lib/ISOLINUX/isolinux.bin /usr/lib/syslinux/modules/bios/ldlinux.c32 iso/isolinux/
    cp out/vmlinuz out/initrd iso/
    cat > iso/isolinux/isolinux.cfg <<'CONF'
DEFAULT tiny
LABEL tiny
  KERNEL /vmlinuz
  INITRD /initrd
  APPEND console=ttyS0 console=tty0 quiet mitigations=off random.trust_cpu=on
CONF
    xorriso -as mkisofs -quiet -V TINY -o out/tiny.iso -b isolinux/isolinux.bin -c isolinux/boot.cat \
        -no-emul-boot -boot-load-size 4 -boot-info-table -isohybrid-mbr /usr/lib/ISOLINUX/isohdpfx.bin iso
    qemu-img convert -f raw -O qcow2 -c out/tiny.iso out/tiny.qcow2
    qemu-img resize -q out/tiny.qcow2 64M
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
    mkdir out
    unpack
    make_root
    make_disk
    mv out "$OUT"
    chmod 755 "$OUT"
fi
echo "$OUT"
