# Sourced: where our own tools are, and PATH with them in front. Needs versions.sh.
TOOLS=${RINGBACK_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/ringback-tools}
export PATH="$TOOLS/trunk-$TRUNK/bin:$TOOLS/wasm-bindgen-cli-$WASM_BINDGEN/bin:$TOOLS/binaryen-$BINARYEN/node_modules/.bin:$TOOLS/cargo-deny-$CARGO_DENY/bin:$PATH"
