#!/usr/bin/env bash
# The Debian packages that the tests and benches use as real counterparts: installs what is missing when it may (root with
# apt-get), else prints the one line to run. `--check` only looks. INN's package wants a machine with a domain: it is given
# one in its own settings where the machine has none.
set -euo pipefail

# program or Python module, and the package that brings it
parts=(
  ffmpeg:ffmpeg
  ffprobe:ffmpeg
  mpv:mpv
  nginx:nginx-light
  caddy:caddy
  aria2c:aria2
  chromium:chromium
  python3:python3
  curl:curl
  jq:jq
  7z:p7zip-full
  par2:par2
  openssl:openssl
  rclone:rclone
  fusermount3:fuse3
  inn:inn2
  python:libtorrent:python3-libtorrent
)

isThere() {
  case "$1" in
    python:*) [ -x /usr/bin/python3 ] && /usr/bin/python3 -c "import ${1#python:}" 2>/dev/null ;;
    inn) [ -x /usr/lib/news/bin/innd ] && [ -x /usr/lib/news/bin/nnrpd ] && dpkg --status inn2 2>/dev/null | grep -q '^Status: .* installed$' ;;
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

# Writes `domain:` into INN's settings where they lack one; fails when there is nothing to mend.
giveInnADomain() {
  local settings=/etc/news/inn.conf
  [ -f "$settings" ] && ! grep -q '^domain:' "$settings" || return 1
  echo 'domain:                      localdomain' >>"$settings"
}

line="apt-get install -y --no-install-recommends ${missing[*]}"
if [ "${1:-}" != --check ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "Installing what the tests use: ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  # The first try may leave INN unpacked and not configured; then all that waits for it is configured in a second one.
  giveInnADomain || true
  $line || { giveInnADomain && dpkg --configure --pending && $line; }
else
  echo "The tests need parts that are not installed. Run: sudo $line" >&2
  case " ${missing[*]} " in *' inn2 '*) echo "(or, where INN finds no domain: sudo bash scripts/test-deps.sh)" >&2 ;; esac
  exit 1
fi
