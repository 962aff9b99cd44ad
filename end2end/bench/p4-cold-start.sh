#!/bin/bash
# P4: `drover serve` with its database initialised, to the first answered request. The median of five starts.
set -euo pipefail
ROUNDS=5
PORT=$((LAB_PORT + 4))

dir=$(mktemp -d)
chmod 755 "$dir"                                     # for the database's account
trap 'rm -rf "$dir"' EXIT

one_start() {
    local begin pid
    begin=$EPOCHREALTIME
    "$DROVER" serve --data "$dir/data" --http --listen "127.0.0.1:$PORT" >"$dir/log" 2>&1 &
    pid=$!
    until curl -fs --max-time 1 -o /dev/null "http://127.0.0.1:$PORT/healthz"; do
        [ -d "/proc/$pid" ] || { cat "$dir/log" >&2; exit 1; }
        sleep 0.005
    done
    awk "BEGIN { printf \"%.3f\n\", $EPOCHREALTIME - $begin }"
    kill -TERM "$pid"
    wait "$pid" || true
}

one_start >/dev/null                                 # makes the database
median=$(for ((i = 0; i < ROUNDS; i++)); do one_start; done | sort -n | sed -n "$(((ROUNDS + 1) / 2))p")
met=$(awk "BEGIN { print ($median <= 1.5) ? \"true\" : \"false\" }")
printf '{"id":"P4","what":"cold start to the first answer, median of %d","value":%s,"unit":"s","compared":null,"bar":"<= 1.5 s","met":%s}\n' \
    "$ROUNDS" "$median" "$met"
