#!/bin/bash
# A directory for tests: Samba as a domain controller of Active Directory, in a network namespace of its own, since its
# ports are given. Over 1,000 people, groups in groups, groups that hold each other, and people who may not sign in, for
# each reason that a domain has.
#   samba.sh run NAME    starts it, prints where it is (AD_ADDRESS, AD_CA, AD_OTHER_CA), and ends it with all its files
#                        when standard input ends: who asks for it cannot leave it behind
# Everything is below dc=ad,dc=example,dc=org. Drover looks as reader@ad.example.org with "reader-secret"; ada signs in
# with "secret-ada". It needs root, for the namespace and for ports below 1024.
set -euo pipefail
VERB=${1:?run} NAME=${2:?which name}
[ "$(id -u)" = 0 ] || exec sudo "$0" "$@"
DIR=/tmp/drover-ad-$NAME
BASE=dc=ad,dc=example,dc=org
PEOPLE=1100
CONF=$DIR/etc/smb.conf

die() { echo "samba.sh: $*" >&2; exit 1; }

# A namespace, and a cable to it with two addresses that nobody else has. That the name is free is the lock.
network_up() {
    local n
    for n in $(seq 1 250); do
        [ -z "$(ip route show "10.232.$n.0/30")" ] || continue
        ip netns add "drover-ad$n" 2>/dev/null || continue
        NETNS=drover-ad$n CABLE=drad$n ADDRESS=10.232.$n.2
        ip link add "$CABLE" type veth peer name eth0 netns "$NETNS"
        ip addr add "10.232.$n.1/30" dev "$CABLE"
        ip link set "$CABLE" up
        ip -n "$NETNS" addr add "$ADDRESS/30" dev eth0
        ip -n "$NETNS" link set lo up
        ip -n "$NETNS" link set eth0 up
        return
    done
    die "all its networks are taken; see: ip netns"
}

certificates() {
    local one
    for one in right wrong; do
        openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj "/CN=Test authority of a domain ($one)" \
            -keyout "$DIR/$one-ca.key" -out "$DIR/$one-ca.pem" 2>/dev/null
    done
    openssl req -newkey rsa:2048 -nodes -subj /CN=dc.ad.example.org -keyout "$DIR/server.key" -out "$DIR/server.csr" 2>/dev/null
    printf 'subjectAltName=DNS:dc.ad.example.org,IP:%s\n' "$ADDRESS" > "$DIR/names"
    openssl x509 -req -in "$DIR/server.csr" -CA "$DIR/right-ca.pem" -CAkey "$DIR/right-ca.key" -CAcreateserial \
        -days 30 -extfile "$DIR/names" -out "$DIR/server.pem" 2>/dev/null
    chmod 600 "$DIR"/*.key
}

# The domain with its own files only. What a share's access lists need of a file system is kept in a file beside them: not every
# file system has it.
provision() {
    samba-tool domain provision --targetdir="$DIR" --realm=AD.EXAMPLE.ORG --domain=AD --host-name=dc --host-ip="$ADDRESS" \
        --server-role=dc --dns-backend=NONE --use-rfc2307 --adminpass=Secret-Administrator-1 \
        --option="vfs objects = dfs_samba4 acl_xattr xattr_tdb" --option="xattr_tdb:file = $DIR/xattr.tdb" \
        --option="log file = $DIR/log" >"$DIR/provision.log" 2>&1 ||
        { tail -20 "$DIR/provision.log" >&2; die "no domain could be made; its whole log was $DIR/provision.log"; }
    # Only the directory is served.
    sed -i -e '/^\tserver services/d' -e "/^\[global\]/a\\
	server services = ldap\\
	pid directory = $DIR\\
	ncalrpc dir = $DIR/ncalrpc\\
	ntp signd socket directory = $DIR/ntp\\
	winbindd socket directory = $DIR/winbindd\\
	tls keyfile = $DIR/server.key\\
	tls certfile = $DIR/server.pem\\
	tls cafile = $DIR/right-ca.pem" "$CONF"
}

# As the domain wants a password to be written: in quotes, two bytes for a letter.
password() { printf '"%s"' "$1" | iconv -t UTF-16LE | base64 -w0; }

# NAME UPN_OR_DASH LINE…
person() {
    local name=$1 upn=$2
    shift 2
    printf 'dn: cn=%s,ou=people,%s\nobjectClass: user\nsAMAccountName: %s\n' "$name" "$BASE" "$name"
    [ "$upn" = - ] || printf 'userPrincipalName: %s\n' "$upn"
    printf 'unicodePwd:: %s\n' "$(password "secret-$name")"
    printf '%s\n' "$@"
    echo
}

group() {
    local name=$1
    shift
    printf 'dn: cn=%s,ou=groups,%s\nobjectClass: group\nsAMAccountName: %s\n' "$name" "$BASE" "$name"
    [ $# = 0 ] || printf "member: %s,$BASE\n" "$@"
    echo
}

entries() {
    printf 'dn: ou=%s,%s\nobjectClass: organizationalUnit\n\n' people "$BASE" groups "$BASE" empty "$BASE"
    printf 'dn: cn=reader,ou=people,%s\nobjectClass: user\nsAMAccountName: reader\n' "$BASE"
    printf 'userPrincipalName: reader@ad.example.org\nuserAccountControl: 512\nunicodePwd:: %s\n\n' "$(password reader-secret)"
    person ada ada@ad.example.org 'userAccountControl: 512' 'displayName: Ada Example' 'mail: ada@example.org'
    person bob robert.builder@example.org 'userAccountControl: 512'
    person carol caroline@ad.example.org 'userAccountControl: 512'
    person pia - 'userAccountControl: 512'
    person ring - 'userAccountControl: 512'
    person forgetful - 'userAccountControl: 512'
    person off - 'userAccountControl: 514'
    # Since 1601, in tenths of a microsecond: the end of 2011.
    person expired - 'userAccountControl: 512' 'accountExpires: 129697632000000000'
    person newcomer - 'userAccountControl: 512' 'pwdLastSet: 0'
    # One whose place is full of what means something elsewhere.
    printf 'dn: cn=Odd\\, (One) \\*,ou=people,%s\nobjectClass: user\nsAMAccountName: odd\n' "$BASE"
    printf 'userAccountControl: 512\nunicodePwd:: %s\n\n' "$(password secret-odd)"
    awk -v n=$PEOPLE -v base=$BASE 'BEGIN { for (i = 1; i <= n; i++) {
        u = sprintf("u%04d", i)
        printf "dn: cn=%s,ou=people,%s\nobjectClass: user\nsAMAccountName: %s\nuserAccountControl: 544\n", u, base, u
        printf "displayName: Person %04d\n\n", i
    } }'
    # ada is an admin, so an operator, so of the house; of the others a group on each level.
    group admins cn=ada,ou=people 'cn=Odd\, (One) \*,ou=people'
    group operators cn=admins,ou=groups cn=bob,ou=people
    group house cn=operators,ou=groups
    # A primary group, which knows nothing of its members, and one around it.
    group crew cn=pia,ou=people
    group fleet cn=crew,ou=groups
    group ring-a cn=ring,ou=people
    group ring-b cn=ring-a,ou=groups
    group ring-c cn=ring-b,ou=groups
}

changes() {
    printf 'dn: cn=ring-a,ou=groups,%s\nchangetype: modify\nadd: member\nmember: cn=ring-c,ou=groups,%s\n\n' "$BASE" "$BASE"
    printf 'dn: cn=pia,ou=people,%s\nchangetype: modify\nreplace: primaryGroupID\nprimaryGroupID: %s\n\n' "$BASE" "$1"
}

fill() {
    local db=$DIR/private/sam.ldb crew
    samba-tool domain passwordsettings set -s "$CONF" -H "$db" --complexity=off --min-pwd-age=0 \
        --account-lockout-threshold=3 >/dev/null
    entries > "$DIR/entries.ldif"
    ldbadd --configfile="$CONF" -H "$db" "$DIR/entries.ldif"
    crew=$(ldbsearch --configfile="$CONF" -H "$db" -b "cn=crew,ou=groups,$BASE" objectSid | sed -n 's/^objectSid: .*-//p')
    changes "$crew" > "$DIR/changes.ldif"
    ldbmodify --configfile="$CONF" -H "$db" "$DIR/changes.ldif"
}

# One process, which is ended by its id.
launch() {
    local tries=0
    ip netns exec "$NETNS" setsid samba -F --no-process-group -M single -s "$CONF" >"$DIR/out" 2>&1 </dev/null 9>&- &
    SAMBA=$!
    until (exec 3<>"/dev/tcp/$ADDRESS/636") 2>/dev/null; do
        tries=$((tries + 1))
        if [ $tries -ge 300 ] || ! kill -0 "$SAMBA" 2>/dev/null; then
            cat "$DIR/out" "$DIR/log" >&2
            die "Samba does not answer"
        fi
        sleep 0.1
    done
}

stop() {
    set +e
    [ -z "${SAMBA:-}" ] || { kill "$SAMBA"; wait "$SAMBA"; } 2>/dev/null
    [ -z "${NETNS:-}" ] || { ip link del "$CABLE"; ip netns del "$NETNS"; }
    rm -rf "$DIR"
}

case "$VERB" in
    run)
        command -v samba >/dev/null || die "samba is not installed: end2end/setup/machine.sh"
        trap stop EXIT
        trap 'exit 130' INT TERM HUP
        mkdir "$DIR"
        network_up
        certificates
        provision
        fill >"$DIR/fill.log" 2>&1 || { tail -20 "$DIR/fill.log" >&2; die "the domain was not filled"; }
        launch
        printf 'AD_ADDRESS=%s\nAD_CA=%s\nAD_OTHER_CA=%s\n' "$ADDRESS" "$DIR/right-ca.pem" "$DIR/wrong-ca.pem"
        cat >/dev/null ;;
    *) die "run, not '$VERB'" ;;
esac
