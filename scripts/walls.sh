#!/usr/bin/env bash
# Checks with cargo that no crate has a forbidden dependency (ARCHITECTURE.md, "Invariants"), and that versions which are
# written in two places agree. Reports every violation before it fails.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/tools.sh

wrong=0
complain() { printf 'wall: %s\n' "$*" >&2; wrong=1; }

# Prints the names of all packages that a package links in the browser, itself included, one per line.
linked_in_browser() { # package, further arguments of cargo tree
  local package=$1; shift
  cargo tree --locked --package "$package" --target wasm32-unknown-unknown --edges normal --prefix none --format '{p}' "$@" |
    cut -d' ' -f1 | sort -u
}

forbid() { # list of packages, whose list it is, forbidden names ...
  local list=$1 owner=$2 name; shift 2
  [ -n "$list" ] || complain "cargo tree lists nothing for $owner"
  for name in "$@"; do
    if grep -qx -- "$name" <<<"$list"; then complain "$owner must not depend on $name"; fi
  done
}

forbid "$(linked_in_browser ringback-api)" "ringback-api (no I/O, no clock)" \
  tokio axum hyper reqwest sqlx rusqlite leptos gloo-net js-sys wasm-bindgen web-sys getrandom rand chrono

forbid "$(linked_in_browser ringback-client)" "ringback-client" \
  ringback-widget ringback-dashboard leptos_router tokio

forbid "$(linked_in_browser ringback-widget)" "the widget" \
  ringback-dashboard ringback-server leptos_router leptos-chartistry tokio

# The custom element links no framework, because every host page pays for its bytes.
forbid "$(linked_in_browser ringback-widget --no-default-features --features element)" "the custom element" \
  leptos leptos_dom tachys reactive_graph reactive_stores server_fn any_spawner wasm-streams gloo-net \
  serde_json regex chrono

# Leptos links these for code that the component never calls. Our own use of them would add their bytes to the page.
for package in ringback-api ringback-client ringback-widget; do
  forbid "$(linked_in_browser "$package" --depth 1)" "$package, itself," serde_json regex chrono
done

# Only the server has an OpenAPI document. Schemas would add bytes to the pages.
for package in ringback-api ringback-client ringback-widget ringback-dashboard; do
  forbid "$(linked_in_browser "$package")" "$package" utoipa
done

forbid "$(linked_in_browser ringback-dashboard)" "the dashboard" ringback-widget ringback-server tokio

# The fuzz targets have their own lock file, which changes with the dependencies of the crates that they test.
cargo metadata --locked --format-version 1 --manifest-path fuzz/Cargo.toml >/dev/null ||
  complain "fuzz/Cargo.lock is out of date; run cargo metadata --manifest-path fuzz/Cargo.toml"

same() { # name, version in scripts/versions.sh, version elsewhere
  [ "$2" = "$3" ] || complain "$1 is '$2' in scripts/versions.sh and '$3' elsewhere"
}
same wasm-bindgen "$WASM_BINDGEN" "$(sed -n 's/^wasm-bindgen = "=\(.*\)"$/\1/p' Cargo.toml)"
same rust "$RUST" "$(sed -n 's/^channel = "\(.*\)"$/\1/p' rust-toolchain.toml)"

exit $wrong
