#!/bin/bash
# `make lint`: formatting and lints, for the native and the WASM target, and the types of the browser tests.
set -euo pipefail
ROOT=$(dirname "$(dirname "$(dirname "$(realpath "$0")")")")
source "$ROOT/end2end/setup/env.sh"
cd "$ROOT"
shellcheck --shell=bash --severity=warning --exclude=SC1091,SC2034 \
    end2end/*.sh end2end/deploy/* end2end/bench/*.sh end2end/lab/lab end2end/lab/[^g]*.sh end2end/lab/guest-image.sh end2end/setup/*.sh
shellcheck --severity=warning server/debian/postinst
cargo fmt --all --check
cargo clippy -q --workspace --exclude frontend --features host/lab,server/lab --all-targets -- -D warnings
cargo clippy -q -p server --features sim --example drover_sim -- -D warnings
cargo clippy -q -p frontend --target wasm32-unknown-unknown -- -D warnings
[ ! -e end2end/tsconfig.json ] || (cd end2end && npm run --silent check)
