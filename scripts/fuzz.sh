#!/usr/bin/env bash
# Builds the fuzz targets (fuzz/) and runs each, from its seeds: `fuzz.sh short`, so many inputs with a fixed seed, as a suite
# of `make test`; `fuzz.sh long SECONDS`, each target so long, and from where the last long run ended.
# An input that makes a target fail is left in target/fuzz/.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/tools.sh

targets=(form token ndjson xml)
inputs=20000
fuzz=target/fuzz
host=$(rustc -vV | sed -n 's/^host: //p')

build() { # cargo's further arguments
  # What libFuzzer needs to see which branches an input reaches. No sanitizer: there is no unsafe code to find with one.
  RUSTFLAGS="--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares" \
    cargo build --locked --manifest-path fuzz/Cargo.toml --target-dir $fuzz --target "$host" "$@"
}

passed=0 failed=0
run() { # the program's folder, target, where to keep inputs, libFuzzer's further arguments
  local programs=$1 target=$2 corpus=$3; shift 3
  local log=$fuzz/$target.log
  mkdir -p "$corpus"
  if "$fuzz/$host/$programs/$target" "$corpus" "fuzz/seeds/$target" -artifact_prefix="$fuzz/$target-" -max_len=4096 \
    -timeout=10 "$@" >"$log" 2>&1; then
    passed=$((passed + 1))
    echo "$target: $(grep -E '^#[0-9]+.*DONE' "$log")"
  else
    failed=$((failed + 1))
    echo "$target failed:"
    grep -vE '^#[0-9]' "$log" | tail -40
  fi
}

case ${1:-} in
  short)
    build
    corpora=$(mktemp -d)
    trap 'rm -rf "$corpora"' EXIT
    for target in "${targets[@]}"; do run debug "$target" "$corpora/$target" -runs=$inputs -seed=1; done
    ;;
  long)
    build --release
    for target in "${targets[@]}"; do run release "$target" "$fuzz/corpus/$target" -max_total_time="$2"; done
    ;;
  *) die "usage: scripts/fuzz.sh short | long SECONDS" ;;
esac
echo "Targets: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
