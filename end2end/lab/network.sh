# The lab's network: one bridge on the machine, one network namespace per host behind it, and a
# DHCP server in a namespace of its own that gives guests an address of the lab's subnet.
# Sourced by `lab`.

network_up() {
    if [ ! -e "/sys/class/net/$BRIDGE" ]; then
        ip link add "$BRIDGE" type bridge
        ip addr add "$SUBNET.1/24" dev "$BRIDGE"
        ip link set "$BRIDGE" up
    fi
    local n
    for n in $LAB_ALL_HOSTS; do host_network_up "$n"; done
    dhcp_up
}

# A namespace with a cable to the lab's bridge: NETNS CABLE NAME_INSIDE
plug_in() {
    ip netns add "$1"
    ip link add "$2" type veth peer name "$3" netns "$1"
    ip link set "$2" master "$BRIDGE" up
    ip -n "$1" link set lo up
}

host_network_up() {
    local ns
    ns=$(host_netns "$1")
    [ -e "/run/netns/$ns" ] && return
    plug_in "$ns" "$(host_veth "$1")" uplink
    ip -n "$ns" link add mgmt type bridge          # guests' NICs attach to this bridge
    ip -n "$ns" link set uplink master mgmt up
    ip -n "$ns" addr add "$(host_address "$1")/24" dev mgmt
    ip -n "$ns" link set mgmt up
}

dhcp_pid() {
    local pid
    pid=$(cat "$LAB_DIR/dhcp.pid" 2>/dev/null) || return 1
    grep -qsa "$LAB_DIR/dhcp.pid" "/proc/$pid/cmdline" && echo "$pid"
}

dhcp_up() {
    dhcp_pid >/dev/null && return
    if [ ! -e "/run/netns/$DHCP_NETNS" ]; then
        plug_in "$DHCP_NETNS" "dvr${LAB_ID}d" eth0
        ip -n "$DHCP_NETNS" addr add "$SUBNET.2/24" dev eth0
        ip -n "$DHCP_NETNS" link set eth0 up
    fi
    # No DNS, no default route: a guest can talk to the lab and to nothing else.
    setsid ip netns exec "$DHCP_NETNS" dnsmasq --conf-file=/dev/null --user=root --port=0 \
        --interface=eth0 --bind-interfaces --dhcp-range="$SUBNET.100,$SUBNET.250,12h" \
        --dhcp-option=3 --dhcp-authoritative --no-ping --log-facility="$LAB_DIR/dhcp.log" \
        --dhcp-leasefile="$LAB_DIR/dhcp.leases" --pid-file="$LAB_DIR/dhcp.pid" 9>&-
}

# Whatever of it exists; a namespace takes its end of the cable along, sooner or later.
network_down() {
    local n pid
    if pid=$(dhcp_pid); then kill "$pid"; fi
    rm -f "$LAB_DIR/dhcp.pid"
    {
        for n in $LAB_ALL_HOSTS; do
            ip netns del "$(host_netns "$n")" || true
            ip link del "$(host_veth "$n")" || true
        done
        ip netns del "$DHCP_NETNS" || true
        ip link del "dvr${LAB_ID}d" || true
        ip link del "$BRIDGE" || true
    } 2>/dev/null
}

# What the network does to one host: HOST up|down|deaf|mute. A deaf host sends and hears nothing,
# a mute one hears and is not heard: the two halves of a one-way cut.
link_set() {
    local ns
    ns=$(host_netns "$1")
    ip netns exec "$ns" nft delete table netdev cut 2>/dev/null || true
    case "$2" in
        up|down) ip -n "$ns" link set uplink "$2" ;;
        deaf) one_way "$ns" ingress ;;
        mute) one_way "$ns" egress ;;
        *) die "link up|down|deaf|mute, not '$2'" ;;
    esac
}

one_way() {
    ip netns exec "$1" nft "add table netdev cut; add chain netdev cut silence \
        { type filter hook $2 device uplink priority 0; policy drop; }"
}
