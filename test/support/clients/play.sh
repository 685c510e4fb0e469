#!/usr/bin/env bash
# Prepares a torrent, polls until it is ready, plays it. Usage: play.sh <base url> <api key> <infohash> [file index]
# PLAYER is run with the stream's address (default: curl, which writes the bytes to standard output).
set -euo pipefail

BASE_URL=$1
API_KEY=$2
INFO_HASH=$3
QUERY=${4:+?fileIndex=$4}
PLAYER=${PLAYER:-curl --silent --show-error --fail}

field() { sed -n "s/.*\"$1\":\"\\{0,1\\}\\([^\",}]*\\).*/\\1/p"; }

RESPONSE=$(curl --silent --show-error --fail -X POST -H "X-Api-Key: $API_KEY" "$BASE_URL/stream/prepare/$INFO_HASH$QUERY")
STATUS_URL=$BASE_URL$(field statusUrl <<<"$RESPONSE")
STREAM_URL=$BASE_URL$(field streamUrl <<<"$RESPONSE")
echo "job $(field jobId <<<"$RESPONSE")" >&2

while true; do
  STATUS=$(curl --silent --show-error --fail "$STATUS_URL")
  echo "$(field progress <<<"$STATUS")% $(field message <<<"$STATUS")" >&2
  case $(field status <<<"$STATUS") in
    ready) break ;;
    failed)
      echo "failed: $(field error <<<"$STATUS")" >&2
      exit 1
      ;;
  esac
  sleep 3
done

exec $PLAYER "$STREAM_URL"
