#!/bin/bash
# P11: the first visit of the list of virtual machines with nothing cached: how much WASM, JavaScript and CSS a
# browser fetches, and when the largest thing on the page is painted. A server with data of its own.
set -euo pipefail
ROOT=$(dirname "$(dirname "$(dirname "$(realpath "$0")")")")
source "$ROOT/end2end/setup/server.sh"
PORT=$((LAB_PORT + 11))

dir=$(mktemp -d)
chmod 755 "$dir"                                     # for the database's account
trap 'server_stop "$dir"; rm -rf "$dir"' EXIT

{
    server_start "$dir" "$dir/data" "$PORT"
    printf '[[data_center]]\nname = "Default"\n[[cluster]]\nname = "Lab"\ndata_center = "Default"\n' |
        "$DROVER" admin apply --data "$dir/data" -
} >&2
node "$ROOT/end2end/bench/first-visit.mjs" "https://localhost:$PORT" "$(cat "$dir/data/initial-admin-password")"
