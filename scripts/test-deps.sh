#!/usr/bin/env bash
# The Debian packages that the tests and benches use as real counterparts: installs what is missing when it may (root with
# apt-get), else prints the one line to run. `--check` only looks.
set -euo pipefail

# program or Python module, and the package that brings it
parts=(
  ffmpeg:ffmpeg
  ffprobe:ffmpeg
  mpv:mpv
  nginx:nginx-light
  aria2c:aria2
  chromium:chromium
  python3:python3
  curl:curl
  jq:jq
  python:libtorrent:python3-libtorrent
)

isThere() {
  case "$1" in
    python:*) [ -x /usr/bin/python3 ] && /usr/bin/python3 -c "import ${1#python:}" 2>/dev/null ;;
    nginx) command -v nginx >/dev/null || [ -x /usr/sbin/nginx ] ;;
    *) command -v "$1" >/dev/null ;;
  esac
}

missing=()
for part in "${parts[@]}"; do
  isThere "${part%:*}" || missing+=("${part##*:}")
done
[ ${#missing[@]} -gt 0 ] || exit 0
mapfile -t missing < <(printf '%s\n' "${missing[@]}" | sort -u)

line="apt-get install -y --no-install-recommends ${missing[*]}"
if [ "${1:-}" != --check ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "Installing what the tests use: ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  $line
else
  echo "The tests need parts that are not installed. Run: sudo $line" >&2
  exit 1
fi
