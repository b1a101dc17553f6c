# Sourced by the scripts that Trunk's hooks call: makes what browsers fetch small.

# The WebAssembly and JavaScript that wasm-bindgen wrote, FOLDER/NAME_bg.wasm and FOLDER/NAME.js: the one as FOLDER/NAME.wasm,
# the other in place.
shrink() { # folder, name
  # A trap stays a trap (no -tnh): the widget's loader falls back on it. Nothing of Rust's is in the first kilobyte of memory, and
  # functions of one crate beside each other compress better.
  wasm-opt -Oz --gufa --flatten --rereloop -Oz -Oz --low-memory-unused --reorder-functions-by-name --strip-producers \
    --strip-target-features --minify-imports-and-exports-and-modules --output "$1/$2.wasm" "$1/$2_bg.wasm" >"$1/names.json"
  node scripts/shorten.mjs "$1/names.json" "$1/$2.js"
}

minify() { esbuild --log-level=warning --minify "$@"; }

# Copies a file to a folder, under a name with a hash of its content, and prints that name.
hashed() { # file, folder, name, extension
  local name
  name=$3-$(sha256sum "$1" | cut -c1-16).$4
  cp "$1" "$2/$name"
  printf '%s' "$name"
}
