#!/bin/bash
# `make run`: prepares the machine, builds, starts the lab and the server, fills an empty server with
# the lab's hosts, storage and template, and keeps all of it running until Ctrl-C. Data stays in
# .lab/run of this clone.
set -euo pipefail
ROOT=$(dirname "$(dirname "$(realpath "$0")")")
source "$ROOT/end2end/setup/env.sh"
source "$ROOT/end2end/setup/server.sh"
RUN=$ROOT/.lab/run

mkdir -p "$ROOT/.lab"
exec 7> "$ROOT/.lab/run.lock"
flock -n 7 || { echo "run: make run is already at work in this clone" >&2; exit 1; }

stop() {
    trap '' INT TERM HUP
    echo
    echo "run: stopping"
    server_stop "$RUN"
    as_root "$ROOT/end2end/lab/lab" down "$RUN"
    exit "${1:-0}"
}

"$ROOT/end2end/setup/machine.sh"
"$ROOT/end2end/setup/build.sh"
trap 'stop 0' INT TERM HUP
trap 'stop 1' ERR
as_root "$ROOT/end2end/lab/lab" up "$RUN" 7>&-
eval "$(as_root "$ROOT/end2end/lab/lab" env "$RUN")"
server_start "$RUN" "$LAB_DATA" "$LAB_PORT" 7>&-
seed "$LAB_DATA"
cat <<TEXT

  Drover runs at  https://localhost:$LAB_PORT
  Administrator   admin@internal
$(first_password "$LAB_DATA")
  The lab         $LAB_HOSTS at $LAB_SUBNET; storage $LAB_DATA_PATH (seen by the hosts only)
  Log             $RUN/server.log

  Ctrl-C stops everything; the data stays. make clean-lab removes it.

TEXT
server_wait "$RUN"
echo "run: the server ended by itself; the end of its log:"
tail -20 "$RUN/server.log"
stop 1
