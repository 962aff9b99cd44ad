#!/bin/bash
# A PostgreSQL for tests and for checking queries: fast, forgetful, reached only by a unix socket.
#   test-database.sh start NAME    starts it if needed and prints its DATABASE_URL
#   test-database.sh stop NAME     ends it and removes its files
# NAME tells apart the databases of several clones and roles; `lab env` gives a number for it.
# As root it runs under the account "postgres", because PostgreSQL refuses root.
set -euo pipefail
VERB=${1:?start or stop} NAME=${2:?which name}
DIR=/tmp/drover-db-$NAME
BIN=$(printf '%s\n' /usr/lib/postgresql/*/bin | sort -V | tail -1)

as_account() {
    if [ "$(id -u)" = 0 ]; then (cd / && setpriv --reuid postgres --regid postgres --init-groups "$@"); else "$@"; fi
}

running() { as_account "$BIN/pg_ctl" -D "$DIR/data" status >/dev/null 2>&1; }

create() {
    mkdir -p "$DIR"
    chmod 700 "$DIR"
    [ "$(id -u)" != 0 ] || chown postgres: "$DIR"
    as_account "$BIN/initdb" -D "$DIR/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync >/dev/null
    as_account tee -a "$DIR/data/postgresql.conf" >/dev/null <<CONF
listen_addresses = ''
unix_socket_directories = '$DIR'
fsync = off
synchronous_commit = off
full_page_writes = off
max_connections = 300
autovacuum = off
CONF
}

case "$VERB" in
    start)
        [ -s "$DIR/data/PG_VERSION" ] || { rm -rf "$DIR"; create; }
        running || as_account setsid "$BIN/pg_ctl" -D "$DIR/data" -l "$DIR/log" -w -t 30 start >/dev/null 2>&1 9>&- ||
            { as_account cat "$DIR/log" >&2; exit 1; }
        echo "postgres://postgres@localhost/postgres?host=$DIR" ;;
    stop)
        running && as_account "$BIN/pg_ctl" -D "$DIR/data" -m immediate -w stop >/dev/null
        rm -rf "$DIR" ;;
    *) echo "test-database.sh: start or stop, not '$VERB'" >&2; exit 2 ;;
esac
