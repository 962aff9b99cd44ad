#!/bin/bash
# P1: from the call to the status that first shows the domain running, beside `virsh start`.
set -euo pipefail
ROOT=$(dirname "$(dirname "$(dirname "$(realpath "$0")")")")
source "$ROOT/end2end/setup/env.sh"
source "$ROOT/end2end/setup/server.sh"
BENCH=$ROOT/.lab/bench
{
    cargo build -q --release -p server --example bench_start
    server_start "$BENCH" "$LAB_DATA" "$LAB_PORT"
    seed "$LAB_DATA"
} >&2
"$CARGO_TARGET_DIR/release/examples/bench_start"
server_stop "$BENCH"
