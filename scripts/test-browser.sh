#!/usr/bin/env bash
# The widget's tests in a headless browser, against the built binary. They are compiled with the address of their server. Before
# them, how the dashboard reads answers, which needs no browser but JavaScript.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/tools.sh

# A small machine compiles and starts slowly; that alone is no failure.
export WASM_BINDGEN_TEST_TIMEOUT=120
export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER=wasm-bindgen-test-runner
cargo test --locked --target wasm32-unknown-unknown --package ringback-client --features v1 --lib
CHROMEDRIVER=$(command -v "$CHROMEDRIVER") \
  node tests/node/with-server.js \
  cargo test --locked --target wasm32-unknown-unknown --package ringback-widget --tests
