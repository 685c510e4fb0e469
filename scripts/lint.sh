#!/usr/bin/env bash
# Lint and format check of everything, or with --fix: put right what can be put right. Paths narrow it.
set -euo pipefail
cd "$(dirname "$0")/.."

fix=false
paths=()
for arg in "$@"; do
  case "$arg" in
    --help) echo "usage: scripts/lint.sh [--fix] [path ...]"; exit 0 ;;
    --fix) fix=true ;;
    *) paths+=("$arg") ;;
  esac
done
[ ${#paths[@]} -gt 0 ] || paths=(.)

if $fix; then
  npx --no-install prettier --write --log-level warn "${paths[@]}"
  npx --no-install eslint --fix "${paths[@]}"
else
  npx --no-install eslint "${paths[@]}"
  npx --no-install prettier --check "${paths[@]}"
fi
