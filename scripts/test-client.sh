#!/usr/bin/env bash
# The official Python client against the built binary.
set -euo pipefail
cd "$(dirname "$0")/.."
node tests/node/with-server.js tests/python/.venv/bin/python -m unittest discover --verbose --start-directory tests/python
