#!/usr/bin/env bash
# Installs what building (setup.sh build), checking (check), testing (test) or measuring (bench) needs and this machine lacks.
# A tool that is there in the right version is used; else ours goes into a folder of our own, one sub-folder a version,
# so that nothing of yours is replaced.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/tools.sh

need() { # command, what it is for, how to get it
  has "$1" || die "'$1' is missing: it is needed to $2. $3"
}

package() { # Debian's name of it, what it is for, a command that succeeds when it is there
  local name=$1 purpose=$2 sudo=; shift 2
  "$@" >/dev/null 2>&1 && return
  # Elsewhere it has another name, or the same name and does not work (Ubuntu's chromium is a snap).
  grep -qx 'ID=debian' /etc/os-release 2>/dev/null ||
    die "please install '$name' (that is Debian's name for it), $purpose; then run this again."
  [ "$(id -u)" = 0 ] || sudo=sudo
  say "Debian's package $name, $purpose"
  [ -n "${updated:-}" ] || $sudo apt-get update -qq
  updated=yes
  $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$name" >/dev/null
  "$@" >/dev/null 2>&1 || die "'$name' was installed, but '$*' still fails."
}

# A registry that does not answer may do so a little later.
patiently() { "$@" || { say "that failed; once more"; "$@"; } || { say "that failed; a last time"; "$@"; }; }

rust() {
  need rustup "build with the pinned version of Rust" "Install it as https://rustup.rs says, then run this again."
  package build-essential "to link programs and to build SQLite" has cc
  if ! grep -q "^$RUST-" <<<"$(rustup toolchain list)"; then
    say "Rust $RUST, the version that rust-toolchain.toml pins"
    rustup toolchain install "$RUST" --profile minimal --component clippy,rustfmt
  fi
  if ! grep -qx rust-src <<<"$(rustup component list --installed --toolchain "$RUST")"; then
    say "Rust's own source, from which the widget gets a smaller standard library"
    rustup component add rust-src --toolchain "$RUST"
  fi
  if ! grep -qx wasm32-unknown-unknown <<<"$(rustup target list --installed --toolchain "$RUST")"; then
    say "Rust's WebAssembly target, to build the widget and the dashboard"
    rustup target add wasm32-unknown-unknown --toolchain "$RUST"
  fi
}

nodejs() {
  package nodejs "to run wasm-opt and the end-to-end tests" has node
  package npm "to install them" has npm
  [ "$(node -p 'process.versions.node.split(".")[0] >= 20')" = true ] ||
    die "Node.js $(node --version) is too old: install 20 or later, as https://nodejs.org says, then run this again."
}

# Succeeds when a command on PATH, ours or yours, says that it is of this version.
is_version() { has "$1" && grep -qwF -- "$2" <<<"$("$1" --version 2>/dev/null)"; }

cargo_tool() { # crate, version, binary, what it is for, further arguments
  local crate=$1 version=$2 binary=$3 purpose=$4; shift 4
  is_version "$binary" "$version" && return
  say "$crate $version, $purpose (a few minutes, once)"
  # A tool that runs for seconds need not be optimised for minutes.
  CARGO_PROFILE_RELEASE_OPT_LEVEL=0 CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 \
    CARGO_TARGET_DIR="$TOOLS/build" \
    cargo "+$RUST" install "$crate" --version "$version" --locked --force --root "$TOOLS/$crate-$version" "$@"
}

npm_tool() { # package, version, binary, what the binary says of its version, what it is for
  local package=$1 version=$2 binary=$3 says=$4 purpose=$5
  is_version "$binary" "$says" && return
  say "$package $version, $purpose"
  patiently npm install --loglevel=error --no-fund --no-audit --prefix "$TOOLS/$package-$version" "$package@$version"
}

wasm_tools() {
  cargo_tool wasm-bindgen-cli "$WASM_BINDGEN" wasm-bindgen "which writes the JavaScript beside the WebAssembly"
  cargo_tool trunk "$TRUNK" trunk "which builds the pages" --no-default-features --features rustls
  npm_tool binaryen "$BINARYEN" wasm-opt "version_${BINARYEN%%.*}" "whose wasm-opt makes the WebAssembly smaller"
  npm_tool esbuild "$ESBUILD" esbuild "$ESBUILD" "which makes the JavaScript smaller"
  rm -rf "$TOOLS/build"
}

# Runs a command only when a lock file has changed since it last ran, by the lock file's own words.
once_for() { # lock file, stamp, what it is, command ...
  local lock=$1 stamp=$2 what=$3; shift 3
  cmp -s "$lock" "$stamp" && return
  say "$what"
  "$@"
  cp "$lock" "$stamp"
}

python_packages() {
  python3 -m venv --clear tests/python/.venv
  patiently tests/python/.venv/bin/pip install --quiet --disable-pip-version-check -r tests/python/requirements.txt
}

browser_tools() {
  package chromium "to test and measure in a real browser" has "$CHROMIUM"
  once_for tests/node/package-lock.json tests/node/node_modules/.installed \
    "npm packages of the end-to-end tests" \
    patiently npm ci --loglevel=error --no-fund --no-audit --prefix tests/node
}

test_tools() {
  browser_tools
  package chromium-driver "to drive that browser" has "$CHROMEDRIVER"
  package strace "to see what is on disk before a rating is acknowledged" has strace
  package openssl "to make certificates for a test" has openssl
  package python3-venv "to run the official Python client and schemathesis" python3 -c 'import ensurepip, venv'
  once_for tests/python/requirements.txt tests/python/.venv/.installed \
    "the official Python client and schemathesis, in a virtual environment of their own" \
    python_packages
}

bench_tools() {
  package sqlite3 "to fill a database with a year of ratings" has sqlite3
  once_for bench/package-lock.json bench/node_modules/.installed \
    "npm packages of the benchmarks, with all that Ringback is measured against" \
    patiently npm ci --loglevel=error --no-fund --no-audit --prefix bench
}

case "${1:-}" in
  build) rust; nodejs; wasm_tools ;;
  check) rust; cargo_tool cargo-deny "$CARGO_DENY" cargo-deny "which checks the licences and sources of dependencies" ;;
  test) rust; nodejs; wasm_tools; test_tools ;;
  bench) rust; nodejs; wasm_tools; browser_tools; bench_tools ;;
  *) die "usage: scripts/setup.sh build | check | test | bench" ;;
esac
