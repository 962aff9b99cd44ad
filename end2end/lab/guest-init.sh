#!/bin/busybox sh
# Process 1 of Tiny Linux, the lab's guest: loads drivers, starts the guest agent, asks DHCP for an
# address, powers off on the power button, and gives a shell on the screen and on the serial line.
/bin/busybox --install -s
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs dev /dev
echo 'root:x:0:0:root:/:/bin/sh' > /etc/passwd
echo 'root:x:0:' > /etc/group
printf 'NAME="Tiny Linux"\nPRETTY_NAME="Tiny Linux 1"\nID=tiny\nVERSION_ID=1\nVERSION="1"\n' > /etc/os-release
hostname tiny

# The agent shuts down by this program; there is no service to stop.
cat > /sbin/shutdown <<'S'
#!/bin/sh
sync
case "$*" in *-r*) reboot -f;; *) poweroff -f;; esac
S
mkdir -p /etc/acpi/PWRF
cp /sbin/shutdown /etc/acpi/PWRF/00000080
chmod +x /sbin/shutdown /etc/acpi/PWRF/00000080

# Whoever locks or ends the sessions of a system with systemd calls this; here it only leaves word.
printf '#!/bin/sh\necho "$*" >> /run/loginctl\n' > /bin/loginctl
chmod +x /bin/loginctl

modprobe -a virtio_pci virtio_blk virtio_net virtio_console button evdev 2>/dev/null

ip link set lo up
# Without a DHCP server: a link-local address that follows from the MAC.
cat > /etc/udhcpc.sh <<'S'
#!/bin/sh
case "$1" in
bound|renew)
    ip addr flush dev "$interface"
    ip addr add "$ip/$mask" dev "$interface"
    for r in $router; do ip route replace default via "$r"; break; done ;;
leasefail)
    mac=$(cat /sys/class/net/$interface/address)
    ip addr show dev "$interface" | grep -q 'inet ' ||
        ip addr add 169.254.$((0x${mac:12:2} % 254 + 1)).$((0x${mac:15:2} % 254 + 1))/16 dev "$interface" ;;
esac
S
chmod +x /etc/udhcpc.sh
for n in /sys/class/net/eth*; do
    [ -e "$n" ] || continue
    ip link set "${n##*/}" up
    udhcpc -i "${n##*/}" -s /etc/udhcpc.sh -t 4 -T 1 -A 5 -b -S >/dev/null 2>&1 &
done

for p in /sys/class/virtio-ports/*; do
    [ "$(cat "$p/name" 2>/dev/null)" = org.qemu.guest_agent.0 ] || continue
    qemu-ga -m virtio-serial -p "/dev/${p##*/}" -d -f /run/qga.pid -t /run
done
acpid -l /run/acpid.log 2>/dev/null
# shellcheck disable=SC2046
modprobe -a $(cat /etc/modules) 2>/dev/null &

for line in ttyS0 tty1; do
    echo TINY-READY > /dev/$line
    (while :; do setsid sh -c "exec sh -i </dev/$line >/dev/$line 2>&1"; sleep 1; done) &
done
while :; do wait; sleep 1; done
