# What must be true in the chroot of deploy.sh when README's lines were followed. Sourced there; ends at the first
# thing that is not so.

fail() { echo "deploy: $*" >&2; exit 1; }
as_drover() { runuser -u drover -- "$@"; }

# DATA PORT. Until the server says that it is ready.
ready() {
    local tries said=
    for ((tries = 0; tries < 300; tries++)); do
        said=$(curl -s --cacert "$1/pki/ca/cacert.pem" "https://localhost:$2/readyz") || true
        if grep -qx ready <<< "$said" && grep -qx "role: leader" <<< "$said"; then return; fi
        sleep 0.1
    done
    fail "the server of $1 is not ready: $said"
}

ready /var/lib/drover 8443
curl -sf -o /dev/null --resolve drover.example.org:8443:127.0.0.1 --cacert /var/lib/drover/pki/ca/cacert.pem \
    -L https://drover.example.org:8443/ || fail "the portal does not answer by its name"
[ "$(stat -c %U "/proc/$(cat /run/drover-shim.pid)")" = drover ] || fail "the server does not run as drover"
[ "$(stat -c '%a %U %G' /etc/drover/drover.toml)" = "640 root drover" ] || fail "the settings are readable by others"
[ "$(stat -c '%a %U' /var/lib/drover)" = "700 drover" ] || fail "the data directory is open to others"
[ "$(stat -c %a /var/lib/drover/initial-admin-password)" = 600 ] || fail "the first password is readable by others"
for file in cacert.pem servercert.pem serverkey.pem; do [ -s "/tmp/kvm1/$file" ] || fail "no $file for the host"; done
as_drover drover pki status | grep -A2 '^host' | grep -q kvm1.example.org || fail "the host's certificate is not noted"

# Root is told, instead of leaving files of its own there.
! told=$(drover admin user list 2>&1) || fail "root was not refused"
grep -q "runuser -u drover -- drover" <<< "$told" || fail "root is not told what to type: $told"
as_drover drover admin user list | grep -q admin@internal || fail "no administrator"

backup=$(ls /var/backups/drover/*.drover)
[ "$(stat -c '%a %U' "$backup")" = "600 drover" ] || fail "the backup is open to others"
! told=$(as_drover drover restore --force "$backup" 2>&1) || fail "a restore over a running server was not refused"
grep -q "another drover (process" <<< "$told" || fail "$told"

systemctl restart drover
ready /var/lib/drover 8443
systemctl stop drover
[ ! -e /var/lib/drover/postgres/postmaster.pid ] || fail "the database was left running"

second=/var/lib/drover-second
install -d -o drover -g drover -m 700 "$second"
as_drover drover restore "$backup" --data "$second"
cmp /var/lib/drover/pki/ca/cakey.pem "$second/pki/ca/cakey.pem" || fail "another authority was restored"
as_drover drover serve --data "$second" --listen 127.0.0.1:9443 > /var/log/drover-second.log 2>&1 &
ready "$second" 9443
as_drover drover admin user list --data "$second" | grep -q "admin@internal.*SuperUser" || fail "the users were not restored"
kill -TERM "$(as_drover sed -n 's/^serve //p' "$second/lock")"
wait
echo "deploy: all is as README says"
