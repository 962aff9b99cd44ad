#!/bin/bash
# `make bench`: every figure of the project that has a bar, measured on real parts, beside what it is
# compared with. Each script in end2end/bench prints one JSON line:
#   {"id":"P4","what":"…","value":0.9,"unit":"s","compared":null,"bar":"<= 1.5 s","met":true}
# They run one after another on a release build, with a lab (LAB_…), and DROVER set. The result is a
# table, and target/bench.json.
set -euo pipefail
ROOT=$(dirname "$(dirname "$(realpath "$0")")")
source "$ROOT/end2end/setup/env.sh"
source "$ROOT/end2end/setup/server.sh"
export DROVER=$CARGO_TARGET_DIR/release/drover
BENCH=$ROOT/.lab/bench
LAB=$ROOT/end2end/lab/lab
LINES=$(mktemp)

finish() {
    trap '' INT TERM HUP
    server_stop "$BENCH"
    [ ! -e "$BENCH/id" ] || as_root "$LAB" clean "$BENCH"
    rm -f "$LINES"
}

"$ROOT/end2end/setup/machine.sh"
"$ROOT/end2end/setup/build.sh" --release
trap finish EXIT
trap 'exit 130' INT TERM HUP
as_root "$LAB" up "$BENCH"
eval "$(as_root "$LAB" env "$BENCH")"
export LAB_PKIPATH=$LAB_DATA/pki/client
for script in "$ROOT"/end2end/bench/p*; do
    echo "bench: $(basename "$script")"
    "$script" >> "$LINES"
done
node "$ROOT/end2end/bench/table.mjs" "$LINES" "$CARGO_TARGET_DIR/bench.json"
