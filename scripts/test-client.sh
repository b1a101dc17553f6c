#!/usr/bin/env bash
# The official Python and Node clients against the built binary.
set -uo pipefail
cd "$(dirname "$0")/.."
failed=0
node tests/node/with-server.js tests/python/.venv/bin/python -m unittest discover --verbose --start-directory tests/python || failed=1
node --test --test-reporter=spec tests/node/client/*.test.js || failed=1
exit $failed
