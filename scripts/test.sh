#!/usr/bin/env bash
# Runs the named suites, or all of them, and ends with one line per suite. A suite fails if its command fails or if it
# ran no test.
set -uo pipefail
cd "$(dirname "$0")/.." || exit
. scripts/tools.sh

node_test() { node --test --test-reporter=spec "$@"; }
with_server() { node tests/node/with-server.js "$@"; }

run() {
  case $1 in
    # nextest runs no documentation tests.
    native) cargo nextest run --locked --workspace && cargo test --locked --workspace --doc --quiet ;;
    browser) scripts/test-browser.sh ;;
    end-to-end) node_test scripts/build/*.test.mjs tests/node/e2e/*.test.js ;;
    # One process, so that the lines with the results of the engines are the last ones.
    engines) node --test-reporter=spec tests/node/engines/engines.test.js ;;
    python-client) with_server tests/python/.venv/bin/python -m unittest discover --verbose --start-directory tests/python ;;
    node-client) node_test tests/node/client/*.test.js ;;
    openapi) with_server tests/python/.venv/bin/python tests/openapi/run.py ;;
    fuzzing) scripts/fuzz.sh short ;;
    durability) node_test tests/node/durability/*.test.js ;;
    *) die "there is no suite '$1'; the suites are: ${all[*]}" ;;
  esac
}

# Matches the reports of nextest, cargo test, Node's runner, unittest and our own scripts if at least one test passed.
some_test='[1-9][0-9]* passed|^ℹ pass [1-9]|^Ran [1-9]'

all=(native browser end-to-end engines python-client node-client openapi fuzzing durability)
[ $# -gt 0 ] || set -- "${all[@]}"
logs=target/test-logs
mkdir -p "$logs"

# The reasons of a failure, at the very end, because the log of a run elsewhere may be cut off at the front.
reasons() { sed 's/\x1b\[[0-9;]*m//g' "$1" | grep -E 'Error|panicked|FAIL|✖' | tail -n 6 | cut -c 1-600; }

passed=0 failed=0 summary='' why=''
for suite; do
  say "$suite"
  started=$SECONDS
  (run "$suite") 2>&1 | tee "$logs/$suite.log"
  status=${PIPESTATUS[0]}
  if [ "$status" -ne 0 ]; then
    failed=$((failed + 1)) result="failed with $status"
  # Not a pipe: grep leaves at the first match, and pipefail would report sed's SIGPIPE as no match.
  elif ! grep -qE "$some_test" <(sed 's/\x1b\[[0-9;]*m//g' "$logs/$suite.log"); then
    failed=$((failed + 1)) result="ran no test"
  else
    passed=$((passed + 1)) result=passed
  fi
  [ "$result" = passed ] || why+=$(printf '%s:\n%s' "$suite" "$(reasons "$logs/$suite.log")")$'\n'
  summary+=$(printf '%-13s %5d s  %s' "$suite" $((SECONDS - started)) "$result")$'\n'
done

printf '\n%s\n%sSuites: %d passed, %d failed\n' "$summary" "$why" "$passed" "$failed"
[ "$failed" -eq 0 ]
