// Watches what a seeder gives, to see when and whether it stops.

import { setTimeout as delay } from 'node:timers/promises';

import type { LibtorrentPeer } from './libtorrent-seeder.js';

/** How much the seeder gave until 2 s passed without a byte. */
export async function quietAfter(seeder: LibtorrentPeer, infoHash: string): Promise<{ bytes: number }> {
  const first = (await seeder.stats(infoHash)).uploadedBytes;
  let last = first;
  let lastGrowth = Date.now();
  while (Date.now() - lastGrowth < 2000) {
    await delay(50);
    const { uploadedBytes } = await seeder.stats(infoHash);
    if (uploadedBytes > last) lastGrowth = Date.now();
    last = uploadedBytes;
  }
  return { bytes: last - first };
}
