#!/bin/bash
# P5, P9, P6 and P10: one server on 500 simulated hosts with 10,000 VMs (`make bench-data`), watched, then asked by
# 50 clients, then listened to by 1,000 browsers. The estate is simulated in the server's own process, so that its
# memory and processor time are in the figures too. DROVER_SIM may name a server that is built already, and SECONDS_EACH
# how long each measurement takes.
set -euo pipefail
ROOT=$(dirname "$(dirname "$(dirname "$(realpath "$0")")")")
source "$ROOT/end2end/setup/env.sh"
HERE=$ROOT/end2end/bench
PORT=$((${LAB_PORT:-18000} + 5)) EACH=${SECONDS_EACH:-60}
NAME=bench-$(printf %s "$ROOT" | sha256sum | cut -c1-8)
SIM=${DROVER_SIM:-$CARGO_TARGET_DIR/release/examples/drover_sim}

dir=$(mktemp -d) pid=
finish() {
    [ -z "$pid" ] || kill -TERM "$pid" 2>/dev/null || true
    [ -z "$pid" ] || wait "$pid" || true
    "$ROOT/end2end/setup/test-database.sh" stop "$NAME"
    [ -z "${KEEP_LOG:-}" ] || cp "$dir/log" "$KEEP_LOG"
    rm -rf "$dir"
}
trap finish EXIT

line() {                                             # ID WHAT VALUE UNIT LIMIT
    local met
    met=$(awk "BEGIN { print ($3 <= $5) ? \"true\" : \"false\" }")
    printf '{"id":"%s","what":"%s","value":%s,"unit":"%s","compared":null,"bar":"<= %s %s","met":%s}\n' \
        "$1" "$2" "$3" "$4" "$5" "$4" "$met"
}

# Jiffies that a process has worked, and that the database's have.
worked() { sed 's/.*) //' "/proc/$1/stat" | awk '{ print $12 + $13 }'; }
database_worked() {
    local all=0 each
    for each in "$postmaster" $(pgrep -P "$postmaster"); do
        each=$(sed 's/.*) //' "/proc/$each/stat" 2>/dev/null | awk -v own="$([ "$each" = "$postmaster" ] && echo 1 || echo 0)" '{ print $12 + $13 + own * ($14 + $15) }') || continue
        all=$((all + ${each:-0}))
    done
    echo "$all"
}

[ -n "${DROVER_SIM:-}" ] || cargo build -q --release -p server --features sim --example drover_sim >&2
cargo build -q --release -p store --example bench_access >&2
url=$(DROVER=$SIM "$HERE/data.sh" "$NAME")
postmaster=$(head -1 "/tmp/drover-db-$NAME/data/postmaster.pid")
ask() { psql -qXAt "$url" -c "$1"; }

"$SIM" serve --data "$dir/data" --database-url "$url" --http --listen "127.0.0.1:$PORT" >"$dir/log" 2>&1 &
pid=$!
begin=$EPOCHREALTIME
until [ "$(ask "SELECT count(*) FROM vms v WHERE host_id IS NOT NULL AND NOT EXISTS (SELECT FROM samples s WHERE s.object_id = v.id)")" = 0 ]; do
    [ -d "/proc/$pid" ] || { cat "$dir/log" >&2; exit 1; }
    awk "BEGIN { exit $EPOCHREALTIME - $begin > 300 }" || { tail -20 "$dir/log" >&2; echo "the estate is not monitored after five minutes" >&2; exit 1; }
    sleep 1
done
awk "BEGIN { printf \"scale: all VMs sampled %.0f s after the start\n\", $EPOCHREALTIME - $begin }" >&2
down=$(ask "SELECT count(*) FROM vms WHERE host_id IS NOT NULL AND status <> 'up'")
[ "$down" = 0 ] || { echo "scale: $down VMs are not what the estate says" >&2; exit 1; }

samples() { ask 'SELECT count(*) FROM samples'; }
kept=$(samples) server=$(worked "$pid") database=$(database_worked) begin=$EPOCHREALTIME
# What is watched is written down once a minute.
sleep "$((EACH < 60 ? 60 : EACH))"
percent() { awk "BEGIN { printf \"%.1f\", 100 * $1 / $(getconf CLK_TCK) / ($EPOCHREALTIME - $begin) }"; }
share=$(percent $(($(worked "$pid") - server)))
database=$(percent $(($(database_worked) - database)))
# A machine that cannot keep up looks less often, and would seem to need less. At full pace it is 140.
pace=$(awk "BEGIN { printf \"%.0f\", ($(samples) - $kept) / ($EPOCHREALTIME - $begin) }")
memory=$(awk '/^VmRSS/ { printf "%.0f", $2 / 1024 }' "/proc/$pid/status")
line P5 "resident memory, 10,000 VMs on 500 hosts watched, the simulated estate included" "$memory" MiB 200
line P9 "watching 500 hosts and 10,000 VMs each 3 s, of one core ($pace samples a second; PostgreSQL beside it: $database %)" "$share" % 30

BENCH_DATABASE=$url "$CARGO_TARGET_DIR/release/examples/bench_access"
node "$HERE/scale/pages.mjs" "http://127.0.0.1:$PORT" "$EACH"
node "$HERE/scale/live.mjs" "http://127.0.0.1:$PORT" "$EACH" "$url"
