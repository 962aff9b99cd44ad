#!/bin/bash
# `make test`: prepares the machine and passes every test. The lab and the test database are started
# once; tests find them by environment (DATABASE_URL, LAB_…, DROVER). Each phase says how long it took.
#   test.sh [PHASE…]     all phases, or only those (setup and build are quick when nothing changed)
set -euo pipefail
ROOT=$(dirname "$(dirname "$(realpath "$0")")")
source "$ROOT/end2end/setup/env.sh"
source "$ROOT/end2end/setup/server.sh"
TEST=$ROOT/.lab/test
LAB=$ROOT/end2end/lab/lab
ALL="setup sqlx build lint compile lab selftest rust browser"
BEGIN=$EPOCHSECONDS
cd "$ROOT"

setup() { end2end/setup/machine.sh; }
build() { end2end/setup/build.sh; }
lint() { end2end/setup/lint.sh; }
sqlx() { end2end/setup/sqlx.sh --check; }
compile() { cargo test -q --workspace --exclude frontend --features host/lab,server/lab --no-run; }
rust() { cargo test --workspace --exclude frontend --features host/lab,server/lab; }
selftest() { (cd style && npm test --silent) && end2end/lab/selftest.sh; }
browser() { (cd end2end && npx playwright test); }

# A lab without yesterday's disks, and a database.
lab() {
    as_root "$LAB" clean "$TEST"
    as_root "$LAB" up "$TEST"
    eval "$(as_root "$LAB" env "$TEST")"
    export LAB_PKIPATH=$LAB_DATA/pki/client
    DATABASE_URL=$(end2end/setup/test-database.sh start "$LAB_ID")
    export DATABASE_URL
    DATABASE=$LAB_ID
}

finish() {
    local code=$?
    trap '' INT TERM HUP
    set +e
    server_stop "$TEST"
    [ ! -e "$TEST/id" ] || as_root "$LAB" down "$TEST"
    [ -z "${DATABASE:-}" ] || end2end/setup/test-database.sh stop "$DATABASE"
    if [ $code = 0 ]; then echo "test: passed in $(elapsed "$BEGIN")"; else echo "test: FAILED in '$phase' after $(elapsed "$BEGIN")"; fi
    exit $code
}

elapsed() { printf '%d:%02d min' $(( (EPOCHSECONDS - $1) / 60 )) $(( (EPOCHSECONDS - $1) % 60 )); }

trap finish EXIT
trap 'exit 130' INT TERM HUP
# shellcheck disable=SC2086  # the names of the phases
[ $# -gt 0 ] || set -- $ALL
for phase; do
    begin=$EPOCHSECONDS
    echo "=== $phase"
    $phase
    echo "=== $phase: $(elapsed "$begin") (in all $(elapsed "$BEGIN"))"
done
