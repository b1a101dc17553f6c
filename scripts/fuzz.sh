#!/usr/bin/env bash
# Builds and runs the fuzz targets (fuzz/) from their seeds. `fuzz.sh short` runs a fixed number of inputs with a fixed
# random seed; it is a suite of `make test`. `fuzz.sh long SECONDS` runs each target for that time, and continues from
# the corpus of the last long run. An input that makes a target fail stays in target/fuzz/.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/tools.sh

targets=(form token ndjson xml)
inputs=20000
fuzz=target/fuzz
host=$(rustc -vV | sed -n 's/^host: //p')

build() { # further arguments of cargo
  # libFuzzer needs this instrumentation to see the branches that an input reaches. Sanitizers look for bugs in unsafe
  # code, and we have none.
  RUSTFLAGS="--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares" \
    cargo build --locked --manifest-path fuzz/Cargo.toml --target-dir $fuzz --target "$host" "$@"
}

passed=0 failed=0
run() { # cargo profile's folder, target, corpus folder, further arguments of libFuzzer
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
