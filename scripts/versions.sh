# Sourced: the one place where the versions of our tools stand.
# RUST must be the same in rust-toolchain.toml and WASM_BINDGEN in Cargo.toml; `make check` compares them.
RUST=1.95.0
TRUNK=0.21.14
WASM_BINDGEN=0.2.128
BINARYEN=132.0.0
CARGO_DENY=0.20.2
ESBUILD=0.28.2
