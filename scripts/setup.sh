#!/usr/bin/env bash
# Installs what building (setup.sh build), checking (check) or testing (test) needs and this machine lacks.
# Tools go into a folder of our own, one sub-folder a version, so nothing of yours is replaced.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/versions.sh
. scripts/tools.sh

say() { printf '\033[1m→ %s\033[0m\n' "$*"; }
die() { printf '\nringback: %s\n' "$*" >&2; exit 1; }

need() { # command, what it is for, how to get it
  command -v "$1" >/dev/null || die "'$1' is missing: it is needed to $2. $3"
}

rust() {
  need rustup "build Rust with the pinned toolchain" "Install it as https://rustup.rs says, then run this again."
  need cc "link Rust programs and build SQLite" "Install a C compiler (Debian: apt-get install build-essential)."
  if ! rustup toolchain list | grep -q "^$RUST-"; then
    say "Rust $RUST, the version that rust-toolchain.toml pins"
    rustup toolchain install "$RUST" --profile minimal --component clippy,rustfmt
  fi
  if ! rustup target list --installed --toolchain "$RUST" | grep -qx wasm32-unknown-unknown; then
    say "Rust's WebAssembly target, to build the widget and the dashboard"
    rustup target add wasm32-unknown-unknown --toolchain "$RUST"
  fi
}

cargo_tool() { # crate, version, binary, what it is for, further arguments
  local crate=$1 version=$2 binary=$3 purpose=$4; shift 4
  local root="$TOOLS/$crate-$version"
  [ -x "$root/bin/$binary" ] && return
  say "$crate $version, $purpose (a few minutes, once)"
  # A tool that runs for seconds need not be optimised for minutes.
  CARGO_PROFILE_RELEASE_OPT_LEVEL=0 CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 \
    CARGO_TARGET_DIR="$TOOLS/build" cargo "+$RUST" install "$crate" --version "$version" --locked --root "$root" "$@"
  rm -rf "$TOOLS/build"
}

wasm_tools() {
  cargo_tool wasm-bindgen-cli "$WASM_BINDGEN" wasm-bindgen "which writes the JavaScript beside the WebAssembly"
  cargo_tool trunk "$TRUNK" trunk "which builds the pages" --no-default-features --features rustls
  need npm "fetch wasm-opt" "Install Node.js 20 or later (Debian: apt-get install nodejs npm)."
  if [ ! -x "$TOOLS/binaryen-$BINARYEN/node_modules/.bin/wasm-opt" ]; then
    say "wasm-opt from binaryen $BINARYEN, which makes the WebAssembly smaller"
    npm install --silent --no-fund --no-audit --prefix "$TOOLS/binaryen-$BINARYEN" "binaryen@$BINARYEN"
  fi
}

debian() { # what it is for, package:command ...
  local purpose=$1 missing=() pair; shift
  for pair in "$@"; do command -v "${pair#*:}" >/dev/null || missing+=("${pair%:*}"); done
  [ ${#missing[@]} -eq 0 ] && return
  command -v apt-get >/dev/null || die "please install ${missing[*]} (Debian's package names), $purpose; this system has no apt-get."
  local sudo=(); [ "$(id -u)" = 0 ] || sudo=(sudo)
  say "Debian packages ${missing[*]}, $purpose"
  "${sudo[@]}" apt-get update -qq
  "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

test_tools() {
  need python3 "run the official Python client" "Install Python 3.9 or later."
  debian "for the tests in a real browser and for watching fsync" \
    chromium:chromium chromium-driver:chromedriver strace:strace
  # The lock file's checksum decides, so that a changed dependency is installed again.
  local want have=tests/node/node_modules/.installed
  want=$(sha256sum tests/node/package-lock.json)
  if [ "$(cat $have 2>/dev/null)" != "$want" ]; then
    say "npm packages for the end-to-end tests"
    npm ci --silent --no-fund --no-audit --prefix tests/node
    printf '%s\n' "$want" >$have
  fi
  want=$(sha256sum tests/python/requirements.txt) have=tests/python/.venv/.installed
  if [ "$(cat $have 2>/dev/null)" != "$want" ]; then
    say "the official Python client, in a virtual environment"
    rm -rf tests/python/.venv
    python3 -m venv tests/python/.venv || die "python3 cannot make virtual environments (Debian: apt-get install python3-venv)."
    tests/python/.venv/bin/pip install --quiet -r tests/python/requirements.txt
    printf '%s\n' "$want" >$have
  fi
}

case "${1:-}" in
  build) rust; wasm_tools ;;
  check) rust; cargo_tool cargo-deny "$CARGO_DENY" cargo-deny "which checks licences and duplicates of dependencies" ;;
  test) rust; wasm_tools; test_tools ;;
  *) die "usage: scripts/setup.sh build | check | test" ;;
esac
