#!/bin/bash
# `make sqlx`: compiles the queries against a database made from migrations/, and stores what the
# compiler learned in .sqlx, so that builds need no database.
#   sqlx.sh [--check]     with --check it fails, and changes nothing, when .sqlx is not up to date
set -euo pipefail
ROOT=$(dirname "$(dirname "$(dirname "$(realpath "$0")")")")
source "$ROOT/end2end/setup/env.sh"
cd "$ROOT"
NAME=sqlx-$(printf %s "$ROOT" | sha256sum | cut -c1-8)
FRESH=$(mktemp -d)
trap '"$ROOT/end2end/setup/test-database.sh" stop "$NAME"; rm -rf "$FRESH"' EXIT
DATABASE_URL=$("$ROOT/end2end/setup/test-database.sh" start "$NAME")
export DATABASE_URL
for file in migrations/*.sql; do psql -q -X -v ON_ERROR_STOP=1 -1 "$DATABASE_URL" -f "$file" >/dev/null; done

# The macros write what they learned to this directory; a crate that is not compiled again writes nothing.
export SQLX_OFFLINE=false SQLX_OFFLINE_DIR=$FRESH
touch crates/store/src/lib.rs
cargo check -q -p store --all-targets

if [ "${1:-}" = --check ]; then
    diff -rq "$FRESH" .sqlx || { echo "sqlx: .sqlx is not up to date; run make sqlx" >&2; exit 1; }
else
    mkdir -p .sqlx
    find .sqlx -name 'query-*.json' -delete
    cp "$FRESH"/query-*.json .sqlx/
    echo "sqlx: $(find .sqlx -name 'query-*.json' | wc -l) queries in .sqlx"
fi
