#!/usr/bin/env bash
# Everything that must hold before a change goes in: test parts, lint, types, house rules, tests.
set -euo pipefail
cd "$(dirname "$0")/.."

bash scripts/test-deps.sh
bash scripts/lint.sh
bash scripts/types.sh
bash scripts/house.sh
node scripts/test.mjs
