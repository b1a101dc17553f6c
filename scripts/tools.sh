# Sourced from the checkout's root: where our own tools are, and PATH with them in front.
. scripts/versions.sh
TOOLS=${RINGBACK_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/ringback-tools}
PATH="$TOOLS/trunk-$TRUNK/bin:$TOOLS/wasm-bindgen-cli-$WASM_BINDGEN/bin:$PATH"
PATH="$TOOLS/binaryen-$BINARYEN/node_modules/.bin:$TOOLS/esbuild-$ESBUILD/node_modules/.bin:$PATH"
PATH="$TOOLS/cargo-deny-$CARGO_DENY/bin:$PATH"
export PATH

say() { printf '\033[1m→ %s\033[0m\n' "$*"; }
die() { printf '\nringback: %s\n' "$*" >&2; exit 1; }
has() { command -v "$1" >/dev/null; }

# A browser of another name can be given from outside; these are Debian's.
export CHROMIUM=${CHROMIUM:-chromium} CHROMEDRIVER=${CHROMEDRIVER:-chromedriver}
