// Prepares a torrent, polls until it is ready, plays it. Usage: node play.mjs <base url> <api key> <infohash> [file index]
// The bytes go to standard output.

import { setTimeout as delay } from 'node:timers/promises';

const [baseUrl, apiKey, infoHash, fileIndex] = process.argv.slice(2);
const query = fileIndex === undefined ? '' : `?fileIndex=${fileIndex}`;

const prepared = await fetch(`${baseUrl}/stream/prepare/${infoHash}${query}`, {
  method: 'POST',
  headers: { 'X-Api-Key': apiKey },
}).then((response) => response.json());
if (!prepared.success) throw new Error(prepared.message);
process.stderr.write(`job ${prepared.jobId}\n`);

for (;;) {
  const status = await fetch(baseUrl + prepared.statusUrl).then((response) => response.json());
  process.stderr.write(`${status.progress}% ${status.message}\n`);
  if (status.status === 'ready') break;
  if (status.status === 'failed' || !status.success) {
    process.stderr.write(`failed: ${status.error}\n`);
    process.exit(1);
  }
  await delay(3000);
}

const stream = await fetch(baseUrl + prepared.streamUrl);
if (!stream.ok) throw new Error(`The stream answered ${stream.status}.`);
for await (const chunk of stream.body) process.stdout.write(chunk);
