#!/usr/bin/env python3
"""Prepares a torrent, polls until it is ready, plays it. Usage: play.py <base url> <api key> <infohash> [file index]

The bytes go to standard output.
"""

import json
import shutil
import sys
import time
import urllib.request

base_url, api_key, info_hash = sys.argv[1:4]
query = f"?fileIndex={sys.argv[4]}" if len(sys.argv) > 4 else ""

request = urllib.request.Request(
    f"{base_url}/stream/prepare/{info_hash}{query}", method="POST", headers={"X-Api-Key": api_key}
)
with urllib.request.urlopen(request) as response:
    prepared = json.load(response)
print(f"job {prepared['jobId']}", file=sys.stderr)

while True:
    with urllib.request.urlopen(base_url + prepared["statusUrl"]) as response:
        status = json.load(response)
    print(f"{status['progress']}% {status['message']}", file=sys.stderr)
    if status["status"] == "ready":
        break
    if status["status"] == "failed":
        sys.exit(f"failed: {status['error']}")
    time.sleep(3)

with urllib.request.urlopen(base_url + prepared["streamUrl"]) as stream:
    shutil.copyfileobj(stream, sys.stdout.buffer)
