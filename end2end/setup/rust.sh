# The Rust toolchain: what is there if it is new enough, else Debian's own (cargo-web, rustc-web),
# with the WASM standard library; the wasm-bindgen program in the version of the crate; and the
# program that cuts off what a first visit does not need (`app::later`).
# Sourced by machine.sh.

RUST_MINIMUM=1.88

rust_ready() {
    local have
    command -v cargo >/dev/null || return 1
    have=$(rustc --version 2>/dev/null | awk '{ print $2 }')
    [ -n "$have" ] && [ "$(printf '%s\n%s\n' "$RUST_MINIMUM" "$have" | sort -V | head -1)" = "$RUST_MINIMUM" ]
}

install_rust() {
    local llvm
    say "no Rust $RUST_MINIMUM or newer here: installing Debian's"
    as_root apt-get update -q | tail -1
    apt_install cargo-web rustc-web rust-web-src rust-web-llvm
    llvm=$(rustc -vV | sed -n 's/^LLVM version: \([0-9]*\).*/\1/p')
    apt_install "lld-$llvm"                          # what rust-lld of rust-web-llvm points to
    hash -r
    rust_ready || die "Rust is still older than $RUST_MINIMUM: $(rustc --version 2>&1)"
}

wasm_library() { echo "$(rustc --print sysroot)/lib/rustlib/wasm32-unknown-unknown/lib"; }

# A standard library that another compiler built cannot be used, hence the note of its version.
wasm_target_ready() {
    local library=
    library=$(wasm_library)
    compgen -G "$library/libstd-*.rlib" >/dev/null || return 1
    [ ! -e "$library/built-by" ] || [ "$(cat "$library/built-by")" = "$(rustc --version)" ]
}

install_wasm_target() {
    if command -v rustup >/dev/null; then
        say "adding the WASM target with rustup"
        rustup target add wasm32-unknown-unknown
    else
        [ -d "$(rustc --print sysroot)/lib/rustlib/src/rust/library" ] ||
            die "$(rustc --version) has neither the WASM target nor the library's source"
        build_wasm_library
    fi
}

# Cargo builds the standard library along with an empty crate; the results are put where rustc
# looks for the target's libraries. Bitcode is kept for link-time optimisation.
build_wasm_library() {
    local build library
    build=$(mktemp -d)
    library=$(wasm_library)
    say "building the WASM standard library from Debian's source (about a minute)"
    mkdir "$build/src"
    touch "$build/src/lib.rs"
    printf '[package]\nname = "only-std"\nversion = "0.0.0"\nedition = "2021"\n' > "$build/Cargo.toml"
    (cd "$build" && RUSTC_BOOTSTRAP=1 RUSTFLAGS=-Cembed-bitcode=yes CARGO_TARGET_DIR=$build/target \
        cargo build -q -Zbuild-std=std,panic_abort --release --target wasm32-unknown-unknown)
    as_root mkdir -p "$library"
    as_root find "$library" -name '*.rlib' -delete
    rm "$build"/target/wasm32-unknown-unknown/release/deps/libonly_std*
    as_root cp "$build"/target/wasm32-unknown-unknown/release/deps/*.rlib "$library/"
    rustc --version | as_root tee "$library/built-by" >/dev/null
    rm -rf "$build"
}

# The program must be of exactly the crate's version.
wasm_bindgen_version() { sed -n 's/^wasm-bindgen = "=\(.*\)"$/\1/p' "$ROOT/Cargo.toml"; }

wasm_bindgen_ready() {
    [ "$(wasm-bindgen --version 2>/dev/null)" = "wasm-bindgen $(wasm_bindgen_version)" ]
}

install_wasm_bindgen() {
    local version
    version=$(wasm_bindgen_version)
    say "building wasm-bindgen-cli $version (some minutes)"
    cargo install --quiet wasm-bindgen-cli --version "$version"
    hash -r
    wasm_bindgen_ready || die "wasm-bindgen $version is not what runs: $(command -v wasm-bindgen)"
}

# It knows the markers that Leptos' own wasm_split_helpers (Cargo.lock) leave in the module.
WASM_SPLIT_VERSION=0.2.4

wasm_split_ready() {
    command -v wasm-split-cli >/dev/null &&
        cargo install --list | grep -q "^wasm_split_cli_support v$WASM_SPLIT_VERSION:"
}

install_wasm_split() {
    say "building wasm-split-cli $WASM_SPLIT_VERSION (a minute)"
    cargo install --quiet --locked wasm_split_cli_support --version "$WASM_SPLIT_VERSION" --features build-binary
    hash -r
    wasm_split_ready || die "wasm-split-cli $WASM_SPLIT_VERSION is not what runs: $(command -v wasm-split-cli)"
}
