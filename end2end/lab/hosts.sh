# The life of the lab's hosts seen from outside: start, orderly stop, power cut, and the faults that
# tests bring about. Every process is found through the host's own namespaces, never by name on the
# machine. Sourced by `lab`.

# The host's process 1 as the machine numbers it.
host_pid() {
    local pid
    pid=$(cat "$(host_dir "$1")/pid" 2>/dev/null) || return 1
    tr '\0' ' ' 2>/dev/null < "/proc/$pid/cmdline" | grep -qs "host-init.sh $LAB_DIR $1 " && echo "$pid"
}

# Runs a command inside host N's namespaces.
inside() {
    local pid
    pid=$(host_pid "$1") || die "$(host_name "$1") is not running"
    shift
    nsenter --target "$pid" --mount --uts --ipc --net --pid -- "$@"
}

inside_quiet() { inside "$@" >/dev/null 2>&1; }

# The server's data belongs to the person who runs it, not to root.
as_caller() {
    if [ -n "${SUDO_UID:-}" ]; then
        setpriv --reuid "$SUDO_UID" --regid "$SUDO_GID" --init-groups "$@"
    else
        "$@"
    fi
}

# Every host gets a certificate of the server's authority: LAB_PKI NAME ADDRESS OUT_DIR
host_certificate() {
    local out
    out=$(host_dir "$1")/pki
    mkdir -p "$out"
    give_back "$out"
    if [ -n "${LAB_PKI:-}" ]; then
        # shellcheck disable=SC2086  # a command with its arguments
        as_caller $LAB_PKI "$(host_name "$1")" "$(host_address "$1")" "$out" >/dev/null
    fi
    [ -s "$out/servercert.pem" ] || die "$(host_name "$1") has no certificate: set LAB_PKI (see README)"
}

host_launch() {
    local dir outer tries
    host_pid "$1" >/dev/null && return
    dir=$(host_dir "$1")
    mkdir -p "$dir"
    setsid nsenter --net="/run/netns/$(host_netns "$1")" --mount="/proc/$(holder_pid)/ns/mnt" \
        unshare --mount --uts --ipc --pid --fork --kill-child --mount-proc \
        "$LAB_CODE/host-init.sh" "$LAB_DIR" "$1" end </dev/null >"$dir/console.log" 2>&1 9>&- &
    outer=$!
    for ((tries = 0; tries < 100; tries++)); do
        pgrep -P "$outer" > "$dir/pid" && host_pid "$1" >/dev/null && return
        sleep 0.02
    done
    cat "$dir/console.log" >&2
    die "$(host_name "$1") could not be started"
}

# Until libvirtd answers inside and its port is open.
host_wait() {
    local tries
    for ((tries = 0; tries < 300; tries++)); do
        if inside_quiet "$1" virsh -q uri && port_open "$1"; then return; fi
        host_pid "$1" >/dev/null || break
        sleep 0.1
    done
    cat "$(host_dir "$1")/console.log" >&2
    die "$(host_name "$1") does not answer; see $(host_dir "$1")/log"
}

port_open() { (exec 3<>"/dev/tcp/$(host_address "$1")/$(host_port "$1")") 2>/dev/null; }

gone() {
    local tries
    for ((tries = 0; tries < 200; tries++)); do
        [ -d "/proc/$1" ] || return 0
        sleep 0.02
    done
    return 1
}

host_start() { host_launch "$1"; host_wait "$1"; }

host_cut() {
    local pid
    pid=$(host_pid "$1") || return 0
    kill -KILL "$pid"
    gone "$pid"
}

host_stop() {
    local pid
    pid=$(host_pid "$1") || return 0
    kill -TERM "$pid"
    gone "$pid" || host_cut "$1"
}

libvirtd_do() {
    case "$2" in
        start)
            inside_quiet "$1" virsh -q uri && return
            inside "$1" libvirtd --listen --daemon --pid-file /run/libvirtd.pid
            host_wait "$1" ;;
        stop) signal_and_wait "$1" /run/libvirtd.pid TERM ;;
        kill) signal_and_wait "$1" /run/libvirtd.pid KILL ;;
        freeze) signal_file "$1" /run/libvirtd.pid STOP ;;
        thaw) signal_file "$1" /run/libvirtd.pid CONT ;;
        *) die "libvirtd start|stop|kill|freeze|thaw, not '$2'" ;;
    esac
}

qemu_do() {
    local file=/run/libvirt/qemu/$3.pid
    case "$2" in
        freeze) signal_file "$1" "$file" STOP ;;
        thaw) signal_file "$1" "$file" CONT ;;
        kill) signal_and_wait "$1" "$file" KILL ;;
        *) die "qemu freeze|thaw|kill VM, not '$2'" ;;
    esac
}

# HOST PID_FILE SIGNAL, the file and its number as the host sees them.
signal_file() {
    # shellcheck disable=SC2016
    inside "$1" sh -c 'kill -"$2" "$(cat "$1")"' sh "$2" "$3"
}

signal_and_wait() {
    # shellcheck disable=SC2016
    inside "$1" sh -c 'p=$(cat "$1") && kill -"$2" "$p" && while [ -d /proc/$p ]; do sleep 0.02; done' sh "$2" "$3"
}

# Takes the shared storage away from one host, or gives it back, while its processes run on.
storage_of_host() {
    case "$2" in
        off) inside "$1" umount --lazy "$STORAGE/small" "$STORAGE" ;;
        on)
            inside "$1" mountpoint -q "$STORAGE" && return
            inside "$1" mount "$(findmnt_holder "$STORAGE")" "$STORAGE"
            inside "$1" mount "$(findmnt_holder "$STORAGE/small")" "$STORAGE/small" ;;
        *) die "storage off|on, not '$2'" ;;
    esac
}

findmnt_holder() { nsenter --mount="/proc/$(holder_pid)/ns/mnt" findmnt -no SOURCE "$1"; }
