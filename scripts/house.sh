#!/usr/bin/env bash
# Checks who imports whom: the rooms of the house, their doors, and that there are no cycles (.dependency-cruiser.cjs).
set -euo pipefail
cd "$(dirname "$0")/.."
exec npx --no-install depcruise --config .dependency-cruiser.cjs addon backend manifest scripts "$@"
