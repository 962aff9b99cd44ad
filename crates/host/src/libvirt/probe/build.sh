#!/bin/sh
# Makes boot.bin of boot.s, with binutils.   build.sh [OUTPUT]
set -eu
cd "$(dirname "$0")"
object=$(mktemp)
trap 'rm -f "$object"' EXIT
as --64 -o "$object" boot.s
ld -m elf_x86_64 -Ttext 0x7c00 --oformat binary -o "${1:-boot.bin}" "$object"
chmod 644 "${1:-boot.bin}"
