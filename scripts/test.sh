#!/usr/bin/env bash
# Runs the suites that are named, or all; shows their output as it comes; closes with a line for each and one for all.
# A suite fails when its command fails and also when it ran no test at all.
set -uo pipefail
cd "$(dirname "$0")/.."
. scripts/tools.sh

node_test() { node --test --test-reporter=spec "$@"; }

run() {
  case $1 in
    native) cargo test --locked --workspace ;;
    browser) scripts/test-browser.sh ;;
    end-to-end) node_test tests/node/e2e/*.test.js ;;
    python-client) node tests/node/with-server.js tests/python/.venv/bin/python -m unittest discover --verbose --start-directory tests/python ;;
    node-client) node_test tests/node/client/*.test.js ;;
    openapi) node tests/node/with-server.js tests/python/.venv/bin/python tests/openapi/run.py ;;
    fuzzing) scripts/fuzz.sh short ;;
    durability) node_test tests/node/durability/*.test.js ;;
    *) die "there is no suite '$1'; there are: ${all[*]}" ;;
  esac
}

all=(native browser end-to-end python-client node-client openapi fuzzing durability)
[ $# -gt 0 ] || set -- "${all[@]}"
logs=target/test-logs
mkdir -p "$logs"

passed=0 failed=0 summary=
for suite; do
  say "$suite"
  started=$SECONDS
  (run "$suite") 2>&1 | tee "$logs/$suite.log"
  status=${PIPESTATUS[0]}
  read -r good bad <<<"$(awk -f scripts/counts.awk "$logs/$suite.log")"
  note=
  if [ "$status" -ne 0 ] && [ "$bad" -eq 0 ]; then bad=1 note=" (it ended with $status)"; fi
  if [ $((good + bad)) -eq 0 ]; then bad=1 note=" (it ran no test)"; fi
  passed=$((passed + good)) failed=$((failed + bad))
  # What a suite counts besides its tests.
  note+=$(sed -n 's/^counted: /, /p' "$logs/$suite.log")
  summary+=$(printf '%-13s %4d passed %4d failed %5d s%s' "$suite" "$good" "$bad" $((SECONDS - started)) "$note")$'\n'
done

printf '\n%s\n%d passed, %d failed\n' "$summary" "$passed" "$failed"
[ "$failed" -eq 0 ]
