# shellcheck shell=bash
# Sourced from the root of the checkout: puts our own tools on PATH.
. scripts/versions.sh
TOOLS=${RINGBACK_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/ringback-tools}
PATH="$TOOLS/trunk-$TRUNK/bin:$TOOLS/wasm-bindgen-cli-$WASM_BINDGEN/bin:$PATH"
PATH="$TOOLS/cargo-deny-$CARGO_DENY/bin:$TOOLS/cargo-nextest-$NEXTEST/bin:$PATH"
PATH="$PWD/scripts/node_modules/.bin:$PATH"
export PATH

say() { printf '\033[1m→ %s\033[0m\n' "$*"; }
die() { printf '\nringback: %s\n' "$*" >&2; exit 1; }
has() { command -v "$1" >/dev/null; }

# Debian's names of the browsers and of a driver; set these variables for others.
export CHROMIUM=${CHROMIUM:-chromium} CHROMEDRIVER=${CHROMEDRIVER:-chromedriver} FIREFOX=${FIREFOX:-firefox-esr}
