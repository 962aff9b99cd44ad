#!/bin/bash
# `make bench-data`: an estate of 500 hosts, 10,000 VMs, 20,000 disks and 1,000,000 events in a PostgreSQL of its own,
# for measurements of scale: data.sh [NAME]. A database of that name that is there is made anew. Prints how long it
# took and, alone on standard output, the database's URL.
#
# The schema and the roles come from Drover itself (DROVER), as a start of the server would make them; the users
# `bench`, who may do everything, `user0`, who sees fifty VMs, and `user22`, who sees forty, half of them through a group,
# have the same password.
set -euo pipefail
ROOT=$(dirname "$(dirname "$(dirname "$(realpath "$0")")")")
source "$ROOT/end2end/setup/env.sh"
HERE=$ROOT/end2end/bench
NAME=${1:-bench} EVENTS=${EVENTS:-1000000}
export BENCH_PASSWORD=a-million-events-88

[ -x "$DROVER" ] || { echo "bench-data: there is no $DROVER; build it first (make run)" >&2; exit 1; }
server=$("$ROOT/end2end/setup/test-database.sh" start "$NAME")
url=${server/\/postgres\?//bench?}
begin=$EPOCHREALTIME
# Loaded as a database for tests is, which forgets; from then on as careful as one that is used.
careful() { psql -qX "$server" -c "ALTER SYSTEM SET fsync = $1" -c "ALTER SYSTEM SET synchronous_commit = $1" -c "ALTER SYSTEM SET full_page_writes = $1" -c "ALTER SYSTEM SET autovacuum = $1" -c 'SELECT FROM pg_reload_conf()' >/dev/null; }
careful off
psql -qX -v ON_ERROR_STOP=1 "$server" -c 'DROP DATABASE IF EXISTS bench WITH (FORCE)' -c 'CREATE DATABASE bench' >/dev/null 2>&1
admin() { "$DROVER" admin --data "/tmp/drover-$NAME" --database-url "$url" "$@" >&2; }
admin user add bench <<< "$BENCH_PASSWORD"
admin user grant bench SuperUser
wrong=$({
    echo "SELECT FROM set_config('bench.events', '$EVENTS', false);"
    cat "$HERE/estate.sql"
    echo '\o /dev/null'
    cat "$HERE/history.sql"
    echo '\o'
    echo "ANALYZE;"
    cat "$HERE/check.sql"
} | psql -qXAt -v ON_ERROR_STOP=1 "$url" | grep . || true)
[ -z "$wrong" ] || { echo "bench-data: not what the product would have made:" >&2; head -20 <<< "$wrong" >&2; exit 1; }
careful on
psql -qX -v ON_ERROR_STOP=1 "$url" -c "UPDATE users SET password_hash = (SELECT password_hash FROM users WHERE name = 'bench') WHERE name IN ('user0', 'user22')"
awk "BEGIN { printf \"bench-data: loaded in %.0f s\n\", $EPOCHREALTIME - $begin }" >&2
echo "$url"
