# Names of one lab: everything that could clash with another lab on the same machine (subnet, bridge,
# network namespaces, storage path, host uuids) is derived here from one instance id, which belongs
# to the lab's directory for as long as that directory exists. Sourced, never run.

LAB_CODE=$(dirname "$(realpath "${BASH_SOURCE[0]}")")
LAB_ALL_HOSTS="1 2 3"
LAB_REGISTRY=/var/lib/drover-lab
LAB_MAX_ID=220

say() { echo "lab: $*"; }
die() { echo "lab: $*" >&2; exit 1; }

# Called by sudo, the lab leaves what the server writes to as well with the person who called it.
give_back() { [ -z "${SUDO_UID:-}" ] || chown "$SUDO_UID:${SUDO_GID:-}" "$@"; }

# The id that the registry has for a directory, or nothing.
registered_id() {
    local id
    id=$(cat "$1/id" 2>/dev/null) || return 1
    [ "$(cat "$LAB_REGISTRY/$id" 2>/dev/null)" = "$1" ] && echo "$id"
}

# An id is free when no living directory owns it and no interface or route uses its names.
id_is_free() {
    local owner
    owner=$(cat "$LAB_REGISTRY/$1" 2>/dev/null) && [ "$(cat "$owner/id" 2>/dev/null)" = "$1" ] && return 1
    [ ! -e "/sys/class/net/dvr$1" ] && [ -z "$(ip route show "10.231.$1.0/24")" ]
}

# Chooses an id by the hash of the directory's path and goes on to the next while that is taken.
allocate_id() {
    local dir=$1 first id step
    first=$(( 16#$(printf %s "$dir" | sha256sum | cut -c1-8) % LAB_MAX_ID ))
    for ((step = 0; step < LAB_MAX_ID; step++)); do
        id=$(( (first + step) % LAB_MAX_ID + 1 ))
        id_is_free $id || continue
        echo "$dir" > "$LAB_REGISTRY/$id"
        echo $id > "$dir/id"
        echo $id
        return
    done
    die "all $LAB_MAX_ID lab numbers of this machine are taken; see $LAB_REGISTRY"
}

# Sets LAB_DIR, LAB_ID and what follows from them. With "create", a new directory gets its id.
load_names() {
    LAB_DIR=$(realpath -m "${1:?which lab directory?}")
    if [ "${2:-}" = create ]; then
        mkdir -p "$LAB_DIR" "$LAB_REGISTRY"
        give_back "$LAB_DIR" "$(dirname "$LAB_DIR")"
        LAB_ID=$(registered_id "$LAB_DIR") ||
            LAB_ID=$( (flock 8; registered_id "$LAB_DIR" || allocate_id "$LAB_DIR") 8> "$LAB_REGISTRY/lock")
    else
        LAB_ID=$(registered_id "$LAB_DIR") || return 1
    fi
    [ -n "$LAB_ID" ] || die "no lab number for $LAB_DIR"
    BRIDGE=dvr$LAB_ID
    SUBNET=10.231.$LAB_ID
    PORT=$(( 20000 + LAB_ID * 10 ))                 # the first of ten ports for servers beside this lab
    DHCP_NETNS=drover$LAB_ID-dhcp
    # The server's database runs under an account of its own, which may not be let into the clone.
    SERVER_DATA=$LAB_DIR/server
    if [ "$(id -u)" = 0 ] && ! setpriv --reuid 65534 --clear-groups test -x "$LAB_DIR"; then
        SERVER_DATA=$LAB_REGISTRY/server-$LAB_ID
    fi
    # The hosts see this path in a private tmpfs over $STORAGE_ROOT; elsewhere it does not exist.
    case "$LAB_DIR:$LAB_CODE" in
        /srv/*|*:/srv/*) STORAGE_ROOT=/mnt ;;
        *) STORAGE_ROOT=/srv ;;
    esac
    STORAGE=$STORAGE_ROOT/drover-lab/$LAB_ID
}

host_name() { echo "kvm$1"; }
host_address() { echo "$SUBNET.1$1"; }
host_netns() { echo "drover$LAB_ID-kvm$1"; }
host_veth() { echo "dvr${LAB_ID}h$1"; }
host_uuid() { printf 'd0%06x-0000-4000-8000-%012x' "$LAB_ID" "$1"; }
host_dir() { echo "$LAB_DIR/kvm$1"; }
# Two hosts are reached as in production; the third shows the plain transport behind the lab flag.
host_transport() { if [ "$1" = 3 ]; then echo tcp; else echo tls; fi; }
host_port() { if [ "$(host_transport "$1")" = tls ]; then echo 16514; else echo 16509; fi; }
