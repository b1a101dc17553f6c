#!/usr/bin/env bash
# Which crate may depend on which (ARCHITECTURE.md, "Invariants"), asked of cargo itself, and that the versions that
# stand in two places agree. Prints what is wrong, all of it, then fails.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/tools.sh

wrong=0
complain() { printf 'wall: %s\n' "$*" >&2; wrong=1; }

# The names of what a package is linked with in the browser, itself included, one a line.
linked_in_browser() { # package, further arguments of cargo tree
  local package=$1; shift
  cargo tree --locked --package "$package" --target wasm32-unknown-unknown --edges normal --prefix none --format '{p}' "$@" |
    cut -d' ' -f1 | sort -u
}

forbid() { # the list, what it is the list of, names ...
  local list=$1 what=$2 name; shift 2
  [ -n "$list" ] || complain "cargo tree lists nothing for $what"
  for name in "$@"; do
    if grep -qx -- "$name" <<<"$list"; then complain "$what must not depend on $name"; fi
  done
}

forbid "$(linked_in_browser ringback-api)" "ringback-api (no I/O, no clock)" \
  tokio axum hyper reqwest sqlx rusqlite leptos gloo-net js-sys wasm-bindgen web-sys getrandom rand chrono

forbid "$(linked_in_browser ringback-client)" "ringback-client" \
  ringback-widget ringback-dashboard leptos_router tokio

forbid "$(linked_in_browser ringback-widget)" "the widget" \
  ringback-dashboard ringback-server leptos_router leptos-chartistry tokio

# Leptos links it for what the widget never calls; used by ours it would be paid for in bytes.
for package in ringback-api ringback-client ringback-widget; do
  forbid "$(linked_in_browser "$package" --depth 1)" "$package, itself," serde_json regex chrono
done

# The OpenAPI document is the server's; what browsers fetch carries no schemas.
for package in ringback-api ringback-client ringback-widget ringback-dashboard; do
  forbid "$(linked_in_browser "$package")" "$package" utoipa
done

forbid "$(linked_in_browser ringback-dashboard)" "the dashboard" ringback-widget ringback-server tokio

# The fuzz targets have a lock file of their own, which changes with the dependencies of the crates that they test.
cargo metadata --locked --format-version 1 --manifest-path fuzz/Cargo.toml >/dev/null ||
  complain "fuzz/Cargo.lock is behind; cargo metadata --manifest-path fuzz/Cargo.toml brings it up to date"

same() { # what, here, there
  [ "$2" = "$3" ] || complain "$1 is '$2' in scripts/versions.sh and '$3' elsewhere"
}
same wasm-bindgen "$WASM_BINDGEN" "$(sed -n 's/^wasm-bindgen = "=\(.*\)"$/\1/p' Cargo.toml)"
same rust "$RUST" "$(sed -n 's/^channel = "\(.*\)"$/\1/p' rust-toolchain.toml)"

exit $wrong
