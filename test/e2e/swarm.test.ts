// The test swarm itself: what the other suites stand on.

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { startLibtorrentPeer, startTcpRelay } from '../../scripts/lab/index.js';
import { seed } from '../support/libtorrent-seeder.js';
import { Resources } from '../support/resources.js';
import { makeTorrent } from '../support/torrent-maker.js';
import { startTracker } from '../support/tracker.js';
import { until } from '../support/until.js';

describe('the test swarm', () => {
  let resources: Resources;
  beforeEach(() => {
    resources = new Resources();
  });
  afterEach(() => resources.close());

  it('test swarm - a leecher finds the seeder through the tracker and gets the same bytes', async () => {
    const tracker = resources.use(await startTracker());
    const folder = await resources.folder();
    const torrent = await makeTorrent({
      folder,
      name: 'Film',
      pieceLength: 65_536,
      files: [
        { path: ['$(touch x)', '50% "of".mkv'], sizeBytes: 1_500_001 },
        { path: ['..', 'up.txt'], sizeBytes: 7 },
      ],
      trackers: [tracker.announceUrl],
    });
    const seeder = resources.use(await seed([torrent], { uploadLimit: 3_000_000 }));
    const leecher = resources.use(await startLibtorrentPeer());
    const target = await resources.folder();
    const started = Date.now();
    await leecher.add({ torrent: torrent.torrentFile, folder: target, seed: false, paths: torrent.diskPaths });
    await leecher.untilFinished(torrent.infoHash);
    expect(tracker.announces()).toBeGreaterThan(0);
    expect(Date.now() - started).toBeGreaterThan(200);
    const had = await until('the file is on disk', () => readFile(join(target, '0')).catch(() => null));
    expect(createHash('sha256').update(had).digest('hex')).toBe(torrent.files[0]?.sha256);
    expect((await seeder.stats(torrent.infoHash)).uploadedBytes).toBeGreaterThanOrEqual(1_500_008);
  });

  it('test swarm - a relay in front of the seeder counts and delays what passes', async () => {
    const folder = await resources.folder();
    const torrent = await makeTorrent({
      folder,
      name: 'one.bin',
      pieceLength: 16_384,
      files: [{ path: [], sizeBytes: 300_000 }],
    });
    const seeder = resources.use(await seed([torrent]));
    const relay = resources.use(await startTcpRelay(seeder.port, { delayMs: 20 }));
    const leecher = resources.use(await startLibtorrentPeer());
    const target = await resources.folder();
    await leecher.add({
      torrent: torrent.torrentFile,
      folder: target,
      seed: false,
      peers: [['127.0.0.1', relay.port]],
    });
    await leecher.untilFinished(torrent.infoHash);
    expect(relay.downstreamBytes()).toBeGreaterThan(300_000);
  });
});
