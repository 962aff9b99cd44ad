#!/bin/bash
# Builds what a run and the tests need: the browser's assets, then the server that embeds them.
#   build.sh              for working: the assets without the last optimiser
#   build.sh --release    as delivered
set -euo pipefail
ROOT=$(dirname "$(dirname "$(dirname "$(realpath "$0")")")")
source "$ROOT/end2end/setup/env.sh"
cd "$ROOT"
echo "build: the browser's assets"
if [ "${1:-}" = --release ]; then style/build.sh; else style/build.sh --quick; fi
echo "build: the server"
cargo build -p server "$@"
# Feature `sim` is the benchmarks' alone (server/src/sim.rs); what this script builds is given to people.
case " $* " in *" --release "*) built=release ;; *) built=debug ;; esac
if grep -q "this server runs on simulated hosts" "$CARGO_TARGET_DIR/$built/drover"; then
    echo "build: this server has simulated hosts instead of libvirt" >&2
    exit 1
fi
