#!/bin/bash
# `make deploy-test`: installs the package in a clean Debian 12 and does what README.md says under "Run it for
# real", line by line as it stands there; then a backup, a restore into a second data directory, and the package's
# end. Needs root, debootstrap and Debian's mirror; some minutes.
#   deploy.sh [FILE.deb]     without a file, the package is built first, of a debug build
# There is no systemd in a chroot: a small `systemctl` starts the unit's ExecStart as the unit's user.
set -euo pipefail
ROOT=$(dirname "$(dirname "$(realpath "$0")")")
source "$ROOT/end2end/setup/env.sh"
HERE=$ROOT/end2end/deploy
RELEASE=bookworm
say() { echo "deploy: $*"; }
die() { echo "deploy: $*" >&2; exit 1; }
[ "$(id -u)" = 0 ] || die "run it as root"

# Where this machine's own apt looks for the release.
mirror() {
    # shellcheck disable=SC2016  # apt's variables
    apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
        awk -v release=$RELEASE '$2 == release && $3 == "main" { print $1; exit }'
}

# The lines of code below README's heading, one command each.
readme() { sed -n '/^## Run it for real/,/^## /s/^       //p' "$ROOT/README.md"; }

# [--offline] SCRIPT: runs it in the chroot; whatever it starts ends with it. Offline it has a network of its own.
inside() {
    local net=()
    if [ "$1" = --offline ]; then net=(--net); shift; fi
    # shellcheck disable=SC2016  # for the inner shell
    unshare --mount --pid --fork --kill-child "${net[@]}" bash -ec '
        mount -t proc proc "$1/proc"
        mount -t tmpfs -o mode=1777 none "$1/dev/shm"
        mount -t tmpfs -o mode=755 none "$1/run"
        ip link set lo up
        exec chroot "$1" /usr/bin/env -i HOME=/root TERM=dumb DEBIAN_FRONTEND=noninteractive \
            PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin bash -euo pipefail -c "$2"' \
        bash "$TREE" "$1"
}

command -v debootstrap >/dev/null || apt-get install -y -q --no-install-recommends debootstrap
DEB=${1:-}
[ -n "$DEB" ] || DEB=$("$ROOT/end2end/setup/deb.sh" --debug | tail -1)
[ -s "$DEB" ] || die "there is no package $DEB"
MIRROR=$(mirror)
[ -n "$MIRROR" ] || die "this machine's apt knows no mirror with $RELEASE"

WORK=$(mktemp -d /var/tmp/drover-deploy.XXXXXX)
TREE=$WORK/tree
trap 'rm -rf --one-file-system "$WORK"' EXIT
say "a clean $RELEASE from $MIRROR"
# systemd for its helpers, which packages call, and for checking the unit; it does not run.
debootstrap --variant=minbase --include=ca-certificates,curl,systemd "$RELEASE" "$TREE" "$MIRROR" >"$WORK/debootstrap.log" 2>&1 ||
    { tail -20 "$WORK/debootstrap.log" >&2; die "debootstrap failed"; }
mkdir -p "$TREE/target/debian"
cp "$DEB" "$TREE/target/debian/"
install -m 755 "$HERE/systemctl" "$TREE/usr/local/bin/systemctl"
install -m 755 "$HERE/checks.sh" "$TREE/root/checks.sh"
printf '#!/bin/sh\nexit 101\n' > "$TREE/usr/sbin/policy-rc.d"
chmod 755 "$TREE/usr/sbin/policy-rc.d"

LINES=$(readme)
[ "$(sed -n '/^## Run it for real/,/^## /p' "$ROOT/README.md" | grep -c '^[1-5]\. ')" = 5 ] || die "README has no five steps"
[ "$(head -1 <<< "$LINES")" = "make deb" ] || die "README does not begin with make deb"
INSTALL=$(sed -n 2p <<< "$LINES")
REST=$(tail -n +3 <<< "$LINES")
say "$INSTALL"
inside "$INSTALL" >"$WORK/install.log" 2>&1 || { tail -30 "$WORK/install.log" >&2; die "the package could not be installed"; }
inside 'systemd-analyze verify drover.service'
say "README's other lines, and what must be true after them"
inside --offline "set -x; $REST
    { set +x; } 2>/dev/null; . /root/checks.sh"
say "the package goes, the data stays"
inside 'apt-get purge -y -q drover >/dev/null 2>&1
    ! command -v drover && [ ! -e /etc/drover/drover.toml ] && id drover >/dev/null
    [ -s /var/lib/drover/pki/ca/cakey.pem ] && ls /var/backups/drover/*.drover'
say "passed"
