#!/bin/bash
# The holder of the lab's shared storage: mounts the images in its own mount namespace and then
# only exists. When it and the last host are gone, the kernel unmounts them.
#   storage-hold.sh LAB_DIR ID STORAGE_ROOT STORAGE        (started by storage.sh)
set -euo pipefail
DIR=$1 ID=$2 ROOT=$3 STORAGE=$4
mount -t tmpfs -o mode=755,size=1m drover-lab "$ROOT"
mkdir -p "$STORAGE"
mount -o loop "$DIR/data.img" "$STORAGE"
mkdir -p "$STORAGE"/{data,leases,small}
mount -o loop "$DIR/small.img" "$STORAGE/small"
[ ! -d "$STORAGE/small/lost+found" ] || rmdir "$STORAGE/small/lost+found"
touch "$DIR/storage.ready"
exec -a "drover-lab-storage-$ID" sleep infinity
