#!/bin/bash
# A directory for tests: OpenLDAP on ports of its own of the loopback, with 2,000 people, groups in groups, and groups
# that hold each other.
#   ldap.sh start NAME    starts it and prints where it is (LDAP_PORT, LDAPS_PORT, LDAP_CA, LDAP_OTHER_CA)
#   ldap.sh stop NAME     ends it and removes its files
#   ldap.sh run NAME      the same two, for as long as standard input is open: who asks for it cannot leave it behind
# Everything is below dc=example,dc=org. Drover looks as cn=reader with "reader-secret"; u0001 signs in with "secret-u0001".
set -euo pipefail
VERB=${1:?start, stop or run} NAME=${2:?which name}
DIR=/tmp/drover-ldap-$NAME
BASE=dc=example,dc=org
PEOPLE=2000

# Two certificates of one name, each with an authority of its own: the other's is the wrong one.
certificates() {
    local one
    for one in right wrong; do
        openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj "/CN=Test authority ($one)" \
            -keyout "$DIR/$one-ca.key" -out "$DIR/$one-ca.pem" 2>/dev/null
    done
    openssl req -newkey rsa:2048 -nodes -subj /CN=localhost -keyout "$DIR/server.key" -out "$DIR/server.csr" 2>/dev/null
    printf 'subjectAltName=DNS:localhost,IP:127.0.0.1\n' > "$DIR/names"
    openssl x509 -req -in "$DIR/server.csr" -CA "$DIR/right-ca.pem" -CAkey "$DIR/right-ca.key" -CAcreateserial \
        -days 30 -extfile "$DIR/names" -out "$DIR/server.pem" 2>/dev/null
}

# Without pages it gives 500 entries and no more, as real ones do.
configuration() {
    cat > "$DIR/slapd.conf" <<CONF
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/nis.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
pidfile $DIR/pid
argsfile $DIR/args
TLSCACertificateFile $DIR/right-ca.pem
TLSCertificateFile $DIR/server.pem
TLSCertificateKeyFile $DIR/server.key
database mdb
suffix "$BASE"
directory $DIR/data
maxsize 1073741824
dbnosync
rootdn "cn=root,$BASE"
rootpw root-secret
sizelimit size=500 size.prtotal=unlimited
index objectClass,uid,cn,member,memberUid,entryUUID,gidNumber eq
access to attrs=userPassword by anonymous auth by * none
access to * by users read by anonymous auth
CONF
}

group() {
    printf 'dn: cn=%s,ou=groups,%s\nobjectClass: groupOfNames\ncn: %s\n' "$1" "$BASE" "$1"
    shift
    printf "member: %s,$BASE\n" "$@"
    echo
}

entries() {
    printf 'dn: %s\nobjectClass: dcObject\nobjectClass: organization\ndc: example\no: Example\n\n' "$BASE"
    for unit in people groups posix; do
        printf 'dn: ou=%s,%s\nobjectClass: organizationalUnit\nou: %s\n\n' "$unit" "$BASE" "$unit"
    done
    printf 'dn: cn=reader,%s\nobjectClass: organizationalRole\nobjectClass: simpleSecurityObject\n' "$BASE"
    printf 'cn: reader\nuserPassword: reader-secret\n\n'
    awk -v n=$PEOPLE -v base=$BASE 'BEGIN { for (i = 1; i <= n; i++) {
        u = sprintf("u%04d", i)
        printf "dn: uid=%s,ou=people,%s\nobjectClass: inetOrgPerson\nobjectClass: posixAccount\nuid: %s\n", u, base, u
        printf "cn: Person %04d\nsn: Person\nmail: %s@example.org\nuidNumber: %d\ngidNumber: 100\n", i, u, 10000 + i
        printf "homeDirectory: /home/%s\nuserPassword: secret-%s\n\n", u, u
    } }'
    # One whose name and place are full of what means something elsewhere.
    printf 'dn: uid=o\\2c (x)*,ou=people,%s\nobjectClass: inetOrgPerson\nuid: o, (x)*\ncn: Odd (One) *\n' "$BASE"
    printf 'sn: One\nuserPassword: secret-odd\n\n'
    local everybody=() i
    for ((i = 1; i <= PEOPLE; i++)); do everybody+=("uid=$(printf u%04d "$i"),ou=people"); done
    group staff "${everybody[@]}"
    # u0001 is an admin, so an operator, so of the house.
    group admins uid=u0001,ou=people uid=u0002,ou=people 'uid=o\2c (x)*,ou=people'
    group operators cn=admins,ou=groups uid=u0003,ou=people
    group house cn=operators,ou=groups
    # Around.
    group ring-a cn=ring-b,ou=groups uid=u0004,ou=people
    group ring-b cn=ring-c,ou=groups
    group ring-c cn=ring-a,ou=groups
    printf 'dn: cn=wheel,ou=posix,%s\nobjectClass: posixGroup\ncn: wheel\ngidNumber: 10\nmemberUid: u0001\nmemberUid: u0005\n\n' "$BASE"
    printf 'dn: cn=users,ou=posix,%s\nobjectClass: posixGroup\ncn: users\ngidNumber: 100\n\n' "$BASE"
}

answers() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# Below the ports that connections of the machine's own take.
free_port() {
    local port
    while :; do
        port=$(($1 + RANDOM % 5000))
        answers "$port" || { echo "$port"; return; }
    done
}

running() { [ -s "$DIR/pid" ] && kill -0 "$(cat "$DIR/pid")" 2>/dev/null; }

start() {
    if ! running; then
        rm -rf "$DIR"
        mkdir -p "$DIR/data"
        chmod 700 "$DIR"
        certificates
        configuration
        # A copy, so that rules about the packaged one's files do not hold for it.
        cp /usr/sbin/slapd "$DIR/slapd"
        entries > "$DIR/entries.ldif"
        (cd "$DIR" && "$DIR/slapd" -T add -q -f "$DIR/slapd.conf" -l "$DIR/entries.ldif" >"$DIR/add.log" 2>&1) ||
            { cat "$DIR/add.log" >&2; exit 1; }
        launch
    fi
    cat "$DIR/env"
}

launch() {
    local plain tls tries=0
    plain=$(free_port 20000) tls=$(free_port 25000)
    # It goes into the background once both ports are its own, and listens a moment later.
    "$DIR/slapd" -f "$DIR/slapd.conf" -h "ldap://127.0.0.1:$plain ldaps://127.0.0.1:$tls" >"$DIR/log" 2>&1 </dev/null 9>&-
    until running && answers "$plain" && answers "$tls"; do
        tries=$((tries + 1))
        [ $tries -lt 100 ] || { cat "$DIR/log" >&2; exit 1; }
        sleep 0.1
    done
    printf 'LDAP_PORT=%s\nLDAPS_PORT=%s\nLDAP_CA=%s\nLDAP_OTHER_CA=%s\n' \
        "$plain" "$tls" "$DIR/right-ca.pem" "$DIR/wrong-ca.pem" > "$DIR/env"
}

stop() {
    if running; then
        local pid
        pid=$(cat "$DIR/pid")
        kill "$pid"
        while kill -0 "$pid" 2>/dev/null; do sleep 0.1; done
    fi
    rm -rf "$DIR"
}

case "$VERB" in
    start) start ;;
    stop) stop ;;
    run)
        trap stop EXIT
        start
        cat >/dev/null ;;
    *) echo "ldap.sh: start, stop or run, not '$VERB'" >&2; exit 2 ;;
esac
