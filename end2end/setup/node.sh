# Node packages of style/ (the browser's assets) and end2end/ (the browser's tests), as their lock
# files say. Sourced by machine.sh.

node_ready() { [ "$(node -p 'parseInt(process.versions.node)' 2>/dev/null || echo 0)" -ge 18 ] && command -v npm >/dev/null; }

install_node() {
    command -v node >/dev/null && die "node $(node --version) is here without npm, or older than 18"
    apt_install nodejs npm
}

lock_hash() { sha256sum < "$ROOT/$1/package-lock.json"; }

# Installed are the packages of exactly this lock file.
npm_ready() {
    [ -e "$ROOT/$1/package-lock.json" ] || return 0
    [ "$(cat "$ROOT/$1/node_modules/.installed-lock" 2>/dev/null)" = "$(lock_hash "$1")" ]
}

install_npm() {
    say "npm packages of $1/"
    (cd "$ROOT/$1" && PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --no-audit --no-fund --no-progress --loglevel=error)
    lock_hash "$1" > "$ROOT/$1/node_modules/.installed-lock"
}
