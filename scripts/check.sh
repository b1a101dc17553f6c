#!/usr/bin/env bash
# `make check`: everything that can be said about the code without running it.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/tools.sh

say "format"
cargo fmt --all --check
cargo fmt --manifest-path fuzz/Cargo.toml --check

say "lints, for this machine"
cargo clippy --locked --workspace --all-targets -- --deny warnings

say "lints, for the browser"
cargo clippy --locked --target wasm32-unknown-unknown --all-targets \
  --package ringback-widget --package ringback-client --package ringback-dashboard -- --deny warnings

say "licences, sources and duplicates of dependencies"
cargo deny --workspace check --hide-inclusion-graph bans licenses sources

say "walls between the crates"
scripts/walls.sh
