#!/bin/bash
# `make fuzz`: makes up searches until one breaks the language, or for so long.
#   fuzz.sh [seconds]     60 unless told otherwise
set -euo pipefail
ROOT=$(dirname "$(dirname "$(realpath "$0")")")
source "$ROOT/end2end/setup/env.sh"
# What libFuzzer learns from; a stable compiler has it as a pass.
COVERAGE="-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters
    -Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1"
cd "$ROOT/crates/search/fuzz"
# shellcheck disable=SC2086
TARGET=$(rustc -vV | sed -n 's/host: //p')
RUSTFLAGS=$(echo $COVERAGE) cargo build -q --release --target "$TARGET" --target-dir "$CARGO_TARGET_DIR/fuzz"
mkdir -p "$CARGO_TARGET_DIR/fuzz/corpus"
exec "$CARGO_TARGET_DIR/fuzz/$TARGET/release/language" -max_total_time="${1:-60}" -max_len=512 -dict="$ROOT/crates/search/fuzz/words.dict" \
    -artifact_prefix="$CARGO_TARGET_DIR/fuzz/" "$CARGO_TARGET_DIR/fuzz/corpus"
