// Watches what a seeder gives, to see when and whether it stops.

import { setTimeout as delay } from 'node:timers/promises';

import type { LibtorrentPeer } from './libtorrent-seeder.js';

/** When the seeder last gave something, in ms after the call, and how much it gave since. Watches until 2 s pass without a byte. */
export async function quietAfter(
  seeder: LibtorrentPeer,
  infoHash: string,
): Promise<{ afterMs: number; bytes: number }> {
  const started = Date.now();
  const first = (await seeder.stats(infoHash)).uploadedBytes;
  let last = first;
  let lastGrowth = started;
  while (Date.now() - lastGrowth < 2000) {
    await delay(50);
    const { uploadedBytes } = await seeder.stats(infoHash);
    if (uploadedBytes > last) lastGrowth = Date.now();
    last = uploadedBytes;
  }
  return { afterMs: lastGrowth - started, bytes: last - first };
}
