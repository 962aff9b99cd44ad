#!/bin/sh
# Builds the site: see build.mjs. Installs the locked packages first, when the lock changed.
set -eu
cd "$(dirname "$0")"
if [ ! -e node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
    npm ci --no-audit --no-fund --loglevel=error
    touch node_modules/.package-lock.json
fi
exec node build.mjs "$@"
