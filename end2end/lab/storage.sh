# The lab's shared storage: two loop-mounted images inside a mount namespace of their own, which a
# holder process keeps and every host's namespace is a copy of. The machine itself, and so the
# Drover server, has no path to the files. The images stay in the lab's directory between runs.
# Sourced by `lab`.

DATA_SIZE=${LAB_DATA_SIZE:-16G}
SMALL_SIZE=64M

holder_pid() {
    local pid
    pid=$(cat "$LAB_DIR/storage.pid" 2>/dev/null) || return 1
    grep -qsa "drover-lab-storage-$LAB_ID" "/proc/$pid/cmdline" && echo "$pid"
}

make_image() {
    [ -s "$1" ] && return
    truncate -s "$2" "$1.new"
    mkfs.ext4 -q -F -m 0 -E lazy_itable_init=1,lazy_journal_init=1 "$1.new"
    mv "$1.new" "$1"
}

storage_up() {
    holder_pid >/dev/null && return
    make_image "$LAB_DIR/data.img" "$DATA_SIZE"
    make_image "$LAB_DIR/small.img" "$SMALL_SIZE"
    rm -f "$LAB_DIR/storage.ready"
    setsid unshare --mount --propagation private \
        "$LAB_CODE/storage-hold.sh" "$LAB_DIR" "$LAB_ID" "$STORAGE_ROOT" "$STORAGE" \
        </dev/null >"$LAB_DIR/storage.log" 2>&1 9>&- &
    echo $! > "$LAB_DIR/storage.pid"
    local tries
    for ((tries = 0; tries < 200; tries++)); do
        [ -e "$LAB_DIR/storage.ready" ] && return
        [ -d "/proc/$!" ] || break
        sleep 0.05
    done
    cat "$LAB_DIR/storage.log" >&2
    die "the shared storage could not be mounted"
}

# Returns once the kernel has let go of the images, so that an `up` right after it finds them unused.
storage_down() {
    local pid tries
    if pid=$(holder_pid); then kill "$pid"; fi
    rm -f "$LAB_DIR/storage.pid" "$LAB_DIR/storage.ready"
    for ((tries = 0; tries < 100; tries++)); do
        [ -n "$(losetup -j "$LAB_DIR/data.img")$(losetup -j "$LAB_DIR/small.img")" ] || return 0
        sleep 0.05
    done
    say "the storage images are still in use: $(losetup -j "$LAB_DIR/data.img")"
}
