#!/usr/bin/env bash
# Checks the types of sources and tests; writes nothing.
set -euo pipefail
cd "$(dirname "$0")/.."
exec npx --no-install tsc --noEmit -p . "$@"
