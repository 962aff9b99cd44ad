#!/bin/bash
# `make deb`: the Debian package of the server, in target/debian. Run it on the oldest Debian that it is for.
#   deb.sh               as delivered
#   deb.sh --debug       as built for working; only for trying the package itself
#   deb.sh … --no-build  of the binary that is there
set -euo pipefail
ROOT=$(dirname "$(dirname "$(dirname "$(realpath "$0")")")")
source "$ROOT/end2end/setup/env.sh"
cd "$ROOT"
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

BUILD=(--release) PACKAGE=(--no-dbgsym) WORK=yes
for word; do
    case "$word" in
        --debug) BUILD=() PACKAGE=(--profile dev --no-dbgsym --strip --fast) ;;
        --no-build) WORK= ;;
        *) echo "deb.sh: --debug or --no-build, not '$word'" >&2; exit 2 ;;
    esac
done
if [ -n "$WORK" ]; then
    end2end/setup/machine.sh
    end2end/setup/build.sh "${BUILD[@]}"
fi
command -v dpkg-shlibdeps >/dev/null ||
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends dpkg-dev
if ! command -v cargo-deb >/dev/null; then
    echo "deb: building cargo-deb (some minutes)"
    cargo install --quiet --locked cargo-deb
fi
mkdir -p "$CARGO_TARGET_DIR/debian"
cargo deb --quiet -p server --no-build --output "$CARGO_TARGET_DIR/debian/" "${PACKAGE[@]}"
