# shellcheck shell=bash disable=SC2034 # The scripts that source this file use the variables.
# Sourced: the versions of our tools. Those from npm are in scripts/package.json.
# `make check` compares RUST with rust-toolchain.toml and WASM_BINDGEN with Cargo.toml.
RUST=1.95.0
TRUNK=0.21.14
WASM_BINDGEN=0.2.128
CARGO_DENY=0.20.2
NEXTEST=0.9.143
