#!/usr/bin/env bash
# `make check`: every check that runs no test.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/tools.sh

say "format of Rust"
cargo fmt --all --check
cargo fmt --manifest-path fuzz/Cargo.toml --check

say "format and lints of JavaScript"
biome ci --error-on-warnings

say "lints of shell scripts"
shellcheck .ci/run scripts/*.sh

say "lints for this machine"
cargo clippy --locked --workspace --all-targets -- --deny warnings

say "lints for the browser"
cargo clippy --locked --target wasm32-unknown-unknown --all-targets \
  --package ringback-widget --package ringback-client --package ringback-dashboard -- --deny warnings
cargo clippy --locked --target wasm32-unknown-unknown \
  --package ringback-widget --no-default-features --features element -- --deny warnings

say "licences, sources and duplicates of dependencies"
cargo deny --workspace check --hide-inclusion-graph bans licenses sources

say "dependencies between crates"
scripts/walls.sh
