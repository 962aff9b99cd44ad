#!/bin/bash
# Builds what a run and the tests need: the browser's assets, then the server that embeds them.
#   build.sh [--release]
set -euo pipefail
ROOT=$(dirname "$(dirname "$(dirname "$(realpath "$0")")")")
source "$ROOT/end2end/setup/env.sh"
cd "$ROOT"
echo "build: the browser's assets"
style/build.sh "$@"
echo "build: the server"
cargo build -p server "$@"
