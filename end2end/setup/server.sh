# Starting, watching and stopping `drover serve` beside a lab, and filling it with what the lab has.
# Sourced after env.sh; `lab env` must have been evaluated.

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -E "$@"; fi; }

# RUN_DIR → the pid of the server that this directory's start left running.
server_pid() {
    local pid
    pid=$(cat "$1/server.pid" 2>/dev/null) || return 1
    tr '\0' ' ' 2>/dev/null < "/proc/$pid/cmdline" | grep -qs "drover serve " && echo "$pid"
}

# RUN_DIR DATA_DIR PORT. In a session of its own, so that Ctrl-C reaches it once and from us.
server_start() {
    local tries begin=$EPOCHREALTIME
    server_stop "$1"
    mkdir -p "$2"
    setsid "$DROVER" serve --data "$2" --listen "127.0.0.1:$3" --lab-allow-tcp >"$1/server.log" 2>&1 </dev/null &
    echo $! > "$1/server.pid"
    for ((tries = 0; tries < 600; tries++)); do
        if server_answers "$2" "$3"; then
            echo "server: answers after $(awk "BEGIN { printf \"%.1f\", $EPOCHREALTIME - $begin }") s"
            return
        fi
        [ -d "/proc/$!" ] || break
        sleep 0.1
    done
    echo "server: did not start" >&2
    tail -20 "$1/server.log" >&2
    return 1
}

server_answers() {
    curl -fs --max-time 3 -o /dev/null --cacert "$1/pki/ca/cacert.pem" "https://localhost:$2/healthz"
}

server_stop() {
    local pid tries
    pid=$(server_pid "$1") || { rm -f "$1/server.pid"; return 0; }
    kill -TERM "$pid"
    for ((tries = 0; tries < 200; tries++)); do
        server_pid "$1" >/dev/null || break
        sleep 0.1
    done
    if server_pid "$1" >/dev/null; then
        echo "server: did not stop within 20 s, killing it" >&2
        kill -KILL "$pid"
    fi
    rm -f "$1/server.pid"
}

server_wait() {
    while server_pid "$1" >/dev/null; do sleep 1 & wait $!; done
}

# DATA_DIR. The estate's description names the lab by ${LAB_…}; applying it twice changes nothing.
seed() {
    "$ROOT/end2end/lab/estate.sh" | "$DROVER" admin apply --data "$1" --lab-allow-tcp -
}

first_password() {
    local file=$1/initial-admin-password
    if [ -s "$file" ]; then
        echo "  First password  $(cat "$file")   (to be changed at the first sign-in)"
    else
        echo "  Password        as you chose it"
    fi
}
