#!/usr/bin/env bash
# Runs the tests that need JavaScript: those of the dashboard's API client in Node.js, and the widget's in a headless
# browser. The widget's tests are compiled with the address of their server, which is the built binary.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/tools.sh

# A small machine compiles and starts slowly.
export WASM_BINDGEN_TEST_TIMEOUT=120
export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER=wasm-bindgen-test-runner
cargo test --locked --target wasm32-unknown-unknown --package ringback-client --features v1 --lib
CHROMEDRIVER=$(command -v "$CHROMEDRIVER") \
  node tests/node/with-server.js \
  cargo test --locked --target wasm32-unknown-unknown --package ringback-widget --tests
