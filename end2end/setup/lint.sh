#!/bin/bash
# `make lint`: formatting and lints, for the native and the WASM target, and the types of the browser tests.
set -euo pipefail
ROOT=$(dirname "$(dirname "$(dirname "$(realpath "$0")")")")
source "$ROOT/end2end/setup/env.sh"
cd "$ROOT"
cargo fmt --all --check
cargo clippy -q --workspace --exclude frontend --all-targets -- -D warnings
cargo clippy -q -p frontend --target wasm32-unknown-unknown -- -D warnings
[ ! -e end2end/tsconfig.json ] || (cd end2end && npm run --silent check)
