#!/usr/bin/env bash
# Installs the missing tools for building (setup.sh build), checking (check), testing (test),
# testing on host pages (hosts) or measuring (bench).
# A tool in the right version is used as it is, and cargo-nextest in a later one too. Others are installed into our own
# folder, one sub-folder per version, so nothing on the machine is replaced.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/tools.sh

need() { # command, purpose, how to get it
  has "$1" || die "'$1' is missing. It is needed to $2. $3"
}

package() { # Debian's name, purpose, a command that succeeds if it is installed
  local name=$1 purpose=$2 sudo=; shift 2
  "$@" >/dev/null 2>&1 && return
  # Other systems name it differently, or have a package that does not work here (Ubuntu's chromium is a snap).
  grep -qx 'ID=debian' /etc/os-release 2>/dev/null ||
    die "please install '$name' (its name in Debian), $purpose, and try again."
  [ "$(id -u)" = 0 ] || sudo=sudo
  say "Debian's package $name, $purpose"
  [ -n "${updated:-}" ] || $sudo apt-get update -qq
  updated=yes
  $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$name" >/dev/null
  "$@" >/dev/null 2>&1 || die "'$name' was installed, but '$*' still fails."
}

# Retries a command that depends on a registry.
retry() { "$@" || { say "that failed; trying again"; "$@"; } || { say "that failed; trying a last time"; "$@"; }; }

rust() {
  need rustup "build with the pinned version of Rust" "Install it as https://rustup.rs says, then run this again."
  package build-essential "to link programs and to build SQLite" has cc
  if ! grep -q "^$RUST-" <<<"$(rustup toolchain list)"; then
    say "Rust $RUST, the version that rust-toolchain.toml pins"
    rustup toolchain install "$RUST" --profile minimal --component clippy,rustfmt
  fi
  if ! grep -qx rust-src <<<"$(rustup component list --installed --toolchain "$RUST")"; then
    say "Rust's source code, to build a smaller standard library for the pages"
    rustup component add rust-src --toolchain "$RUST"
  fi
  if ! grep -qx wasm32-unknown-unknown <<<"$(rustup target list --installed --toolchain "$RUST")"; then
    say "Rust's WebAssembly target, to build the widget and the dashboard"
    rustup target add wasm32-unknown-unknown --toolchain "$RUST"
  fi
}

nodejs() {
  package nodejs "to build the pages and run the end-to-end tests" has node
  package npm "to install their packages" has npm
  [ "$(node -p 'process.versions.node.split(".")[0] >= 20')" = true ] ||
    die "Node.js $(node --version) is too old: install 20 or later, as https://nodejs.org says, then try again."
}

# Succeeds if a command on PATH reports this version.
is_version() { has "$1" && grep -qwF -- "$2" <<<"$("$1" --version 2>/dev/null)"; }

# Succeeds if a command on PATH reports this version or a later one.
is_at_least() {
  local installed
  has "$1" && installed=$("$1" --version 2>/dev/null | awk 'NR == 1 { print $2 }') &&
    printf '%s\n' "$2" "$installed" | sort --version-sort --check=quiet
}

cargo_tool() { # crate, version, binary, purpose, further arguments
  local crate=$1 version=$2 binary=$3 purpose=$4; shift 4
  is_version "$binary" "$version" && return
  say "$crate $version, $purpose (a few minutes, once)"
  # Optimising most of these tools takes longer than they ever run.
  CARGO_PROFILE_RELEASE_OPT_LEVEL=0 CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 \
    CARGO_TARGET_DIR="$TOOLS/build" \
    cargo "+$RUST" install "$crate" --version "$version" --locked --force --root "$TOOLS/$crate-$version" "$@"
}

wasm_tools() {
  # `make dev` waits for this tool after each edit: 6 s if it is not optimised, 1.5 s if it is.
  cargo_tool wasm-bindgen-cli "$WASM_BINDGEN" wasm-bindgen "which writes the JavaScript beside the WebAssembly" \
    --config profile.release.opt-level=1
  cargo_tool trunk "$TRUNK" trunk "which builds the pages" --no-default-features --features rustls
  rm -rf "$TOOLS/build"
}

# Runs a command only if the lock file has changed since the last run.
once_for() { # lock file, stamp, description, command ...
  local lock=$1 stamp=$2 description=$3; shift 3
  cmp -s "$lock" "$stamp" && return
  say "$description"
  "$@"
  cp "$lock" "$stamp"
}

npm_packages() { # folder, description
  once_for "$1/package-lock.json" "$1/node_modules/.installed" "npm packages of $2" \
    retry npm ci --loglevel=error --no-fund --no-audit --prefix "$1"
}

build_packages() { npm_packages scripts "the build: esbuild, wasm-opt and biome"; }

python_packages() {
  python3 -m venv --clear tests/python/.venv
  retry tests/python/.venv/bin/pip install --quiet --disable-pip-version-check -r tests/python/requirements.txt
}

browser_tools() {
  package chromium "to test and measure in a real browser" has "$CHROMIUM"
  npm_packages tests/node "the end-to-end tests"
}

test_tools() {
  browser_tools
  package chromium-driver "to drive that browser" has "$CHROMEDRIVER"
  package firefox-esr "to test the widget in Firefox" has "$FIREFOX"
  package webkit2gtk-driver "to test the widget in WebKit" has WebKitWebDriver
  package xvfb "to show WebKit’s window where there is no screen" has Xvfb
  package strace "to see which writes reach the disk before a rating is acknowledged" has strace
  package openssl "to make certificates for a test" has openssl
  package python3-venv "to run the official Python client and schemathesis" python3 -c 'import ensurepip, venv'
  once_for tests/python/requirements.txt tests/python/.venv/.installed \
    "the official Python client and schemathesis, in their own virtual environment" \
    python_packages
  is_at_least cargo-nextest "$NEXTEST" ||
    cargo_tool cargo-nextest "$NEXTEST" cargo-nextest "which runs the native tests"
}

hosts_tools() {
  npm_packages tests/node/hosts "the host pages: bundlers, frameworks and libraries"
  npm_packages tests/node/hosts/react-18 "the host page with React 18"
}

check_tools() {
  cargo_tool cargo-deny "$CARGO_DENY" cargo-deny "which checks the licences and sources of dependencies"
  package shellcheck "to check the shell scripts" has shellcheck
}

bench_tools() {
  package sqlite3 "to fill a database with a year of ratings" has sqlite3
  npm_packages bench "the benchmarks, with the widgets that they compare"
}

case "${1:-}" in
  build) rust; nodejs; build_packages; wasm_tools ;;
  check) rust; nodejs; build_packages; check_tools ;;
  test) rust; nodejs; build_packages; wasm_tools; test_tools ;;
  hosts) rust; nodejs; build_packages; wasm_tools; browser_tools; hosts_tools ;;
  bench) rust; nodejs; build_packages; wasm_tools; browser_tools; bench_tools ;;
  *) die "usage: scripts/setup.sh build | check | test | hosts | bench" ;;
esac
