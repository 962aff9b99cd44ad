#!/bin/bash
# Prepares a Debian machine for Drover: packages, Rust with its WASM target, wasm-bindgen, wasm-split,
# npm packages. It looks first and only does what is missing, so that it is instant and needs no
# network when all is there. Needs root or sudo for the packages.
set -euo pipefail
SETUP=$(dirname "$(realpath "$0")")
ROOT=$(dirname "$(dirname "$SETUP")")
say() { echo "setup: $*"; }
die() { echo "setup: $*" >&2; exit 1; }
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }
for part in env packages rust node; do
    # shellcheck disable=SC1090
    source "$SETUP/$part.sh"
done

packages_ready || install_packages
rust_ready || install_rust
source "$SETUP/env.sh"
wasm_target_ready || install_wasm_target
wasm_bindgen_ready || install_wasm_bindgen
wasm_split_ready || install_wasm_split
node_ready || install_node
for folder in style end2end; do
    npm_ready "$folder" || install_npm "$folder"
done
say "this machine is ready"
