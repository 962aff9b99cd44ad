# Debian packages: which of packages.txt this machine lacks, and how they are installed.
# Sourced by machine.sh.

from_backports() { dpkg-query -W -f '${Version}' qemu-utils 2>/dev/null | grep -q bpo; }

# Debian 13 and backports split libvirt's daemon into more packages than Debian 12.
libvirt_is_split() {
    # shellcheck disable=SC1091
    from_backports || [ "$(. /etc/os-release && echo "${VERSION_ID:-0}")" -ge 13 ]
}

wanted() {
    local groups="build|lab|net|guest|database|browser|test"
    libvirt_is_split && groups="$groups|lab-split"
    awk -v groups="^($groups)$" '$1 ~ groups { print $2 }' "$SETUP/packages.txt"
    command -v node >/dev/null || printf 'nodejs\nnpm\n'
}

missing() {
    local want
    want=$(wanted)
    # shellcheck disable=SC2086
    comm -23 <(sort <<< "$want") \
        <(dpkg-query -W -f '${db:Status-Status} ${Package}\n' $want 2>/dev/null | awk '$1 == "installed" { print $2 }' | sort)
}

packages_ready() { [ -z "$(missing)" ]; }

install_packages() {
    local list plain=() lab=() name
    list=$(missing)
    say "Debian packages to install: $(echo "$list" | paste -sd' ')"
    if from_backports; then add_backports; fi
    as_root apt-get update -q | tail -1
    for name in $list; do
        if from_backports && grep -qE "^lab(-split)? $name$" "$SETUP/packages.txt"; then
            lab+=("$name")
        else
            plain+=("$name")
        fi
    done
    case " ${plain[*]} " in *" postgresql "*) install_postgresql ;; esac
    case " ${plain[*]} " in *" slapd "* | *" samba-ad-dc "*) install_directories ;; esac
    [ ${#lab[@]} -eq 0 ] || apt_install -t "$(codename)-backports" "${lab[@]}"
    [ ${#plain[@]} -eq 0 ] || apt_install "${plain[@]}"
    packages_ready || die "these packages are still missing: $(missing | paste -sd' ')"
}

apt_install() {
    say "apt-get install ${*:1}"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@" |
        sed -nE 's/^(Setting up|E:|Err).*/  &/p'
}

# shellcheck disable=SC1091
codename() { (. /etc/os-release && echo "$VERSION_CODENAME"); }

# The suite is added from the mirror that the machine already uses.
add_backports() {
    local suite mirror
    suite=$(codename)-backports
    apt-get indextargets --format '$(SUITE) $(CODENAME)' 'Created-By: Packages' | grep -q -- "$suite" && return
    mirror=$(apt-get indextargets --format '$(REPO_URI)' "Codename: $(codename)" 'Created-By: Packages' | head -1)
    [ -n "$mirror" ] || die "no mirror for $(codename) in apt's sources"
    say "QEMU here comes from backports: adding $suite of $mirror"
    printf 'Types: deb\nURIs: %s\nSuites: %s\nComponents: main\nSigned-By: %s\n' "$mirror" "$suite" \
        /usr/share/keyrings/debian-archive-keyring.gpg |
        as_root tee /etc/apt/sources.list.d/drover-backports.sources >/dev/null
}

# Drover runs a database of its own: the package must not make and start a cluster "main" as well.
install_postgresql() {
    local conf=/etc/postgresql-common/createcluster.conf
    apt_install postgresql-common
    as_root cp -p "$conf" "$conf.before-drover"
    echo 'create_main_cluster = false' | as_root tee -a "$conf" >/dev/null
    apt_install postgresql || true
    as_root mv "$conf.before-drover" "$conf"
}

# Tests run directories of their own: the packages must neither make one nor start it, not even when the machine starts
# again, unless somebody had Samba here before.
install_directories() {
    local policy=/usr/sbin/policy-rc.d theirs=no units="smbd.service nmbd.service winbind.service samba-ad-dc.service"
    ! dpkg-query -W -f '${db:Status-Status}' samba 2>/dev/null | grep -qx installed || theirs=yes
    echo 'slapd slapd/no_configuration boolean true' | as_root debconf-set-selections
    if [ -e "$policy" ]; then
        apt_install slapd samba-ad-dc
    else
        printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
        as_root chmod 755 "$policy"
        apt_install slapd samba-ad-dc || true
        as_root rm "$policy"
    fi
    # shellcheck disable=SC2086  # the names of the units
    if [ $theirs = no ] && command -v systemctl >/dev/null; then as_root systemctl --quiet disable $units 2>/dev/null || true; fi
}
