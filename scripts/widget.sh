#!/usr/bin/env bash
# Builds the widget: Trunk's hook (Trunk.toml) calls it and says where its pages go. What browsers fetch comes into embed/
# there, under names with a hash of the content but for ringback.js; the npm package comes into target/npm.
#
# RINGBACK_STABLE=1 builds with what a stable compiler offers, a few kilobytes larger.
set -euo pipefail
cd "$TRUNK_SOURCE_DIR"
. scripts/tools.sh
. scripts/shrink.sh
# The dashboard's flags (Makefile), with which Trunk was called, are not the widget's.
unset RUSTC_BOOTSTRAP "${!CARGO_UNSTABLE_@}" CARGO_PROFILE_WASM_PANIC

target=${CARGO_TARGET_DIR:-target}
work=target/widget
embed=$TRUNK_STAGING_DIR/embed
rm -rf "$work"
mkdir -p "$work" "$embed"

compile() {
  cargo build --locked --lib --package ringback-widget --features element --target wasm32-unknown-unknown --profile wasm "$@"
}

if [ -n "${RINGBACK_STABLE:-}" ]; then
  RUSTFLAGS='' compile
else
  # A panic traps at once; nobody would read its text. The standard library is built for it, and for size.
  # RUSTC_BOOTSTRAP lets the pinned stable compiler take these flags.
  RUSTC_BOOTSTRAP=1 RUSTFLAGS='-Zlocation-detail=none -Zfmt-debug=none' compile \
    -Z build-std=std,panic_abort -Z build-std-features=optimize_for_size \
    -Z panic-immediate-abort --config 'profile.wasm.panic="immediate-abort"'
fi

wasm-bindgen --target web --no-typescript --omit-default-module-path --out-dir "$work" --out-name widget \
  "$target/wasm32-unknown-unknown/wasm/ringback_widget.wasm"
shrink "$work" widget

bundle() { minify --bundle --format=esm "$@"; }

# What people see until the form's code is there.
RUSTFLAGS='' cargo run --locked --package ringback-paint >"$work/form.html"

# Until its code is there, the stylesheet says when these are shown.
sed -i 's/\(part="\(dismiss\|never\)"\) hidden/\1/g; s/ hidden class="rb-partial"/ class="rb-partial"/; s/class="rb"/class="rb rb-painted"/' "$work/form.html"
# After a trap, whatever the page still holds of it must not call it.
echo 'export const halt = () => { wasm = new Proxy({}, { get: () => () => [] }); };' >>"$work/widget.js"

bundle --outfile="$work/glue.js" "$work/widget.js"
minify --outfile="$work/style.css" style/widget.css

glue=$(hashed "$work/glue.js" "$embed" ringback js)
wasm=$(hashed "$work/widget.wasm" "$embed" ringback wasm)
node scripts/attributes.js >"$work/attributes.js"
languages=
for file in src/text/*.json; do
  language=$(basename "$file" .json)
  [ "$language" = en ] && continue
  node -p 'JSON.stringify(JSON.parse(fs.readFileSync(process.argv[1])))' "$file" >"$work/$language.json"
  languages+="$language: new URL(\"./$(hashed "$work/$language.json" "$embed" "$language" json)\", import.meta.url), "
done

# Written so that other bundlers, in an application that has the npm package, find the files too.
cat >"$work/generated.js" <<JS
export * from "./attributes.js";
export { default as english } from "../../src/text/en.json";
export { default as form } from "./form.html";
export { default as style } from "./style.css";
export const glue = () => import("./$glue");
export const wasm = new URL("./$wasm", import.meta.url);
export const languages = { en: 0, $languages};
JS
loader() { # entry, where it goes
  bundle --loader:.css=text --loader:.html=text --alias:ringback:generated="./$work/generated.js" "--external:./$glue" --outfile="$2" "$1"
}
loader src/loader/ringback.js "$embed/ringback.js"
cp src/ringback.d.ts src/custom-elements.json "$embed"

npm=target/npm
rm -rf "$npm"
mkdir -p "$npm"
loader src/loader/define.js "$npm/index.js"
cp "$embed/$glue" "$embed/$wasm" "$embed"/??-*.json src/custom-elements.json src/npm/* LICENSE-* "$npm"
cp src/ringback.d.ts "$npm/index.d.ts"
sed -i "s/\"version\": \".*\"/\"version\": \"$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml)\"/" "$npm/package.json"
