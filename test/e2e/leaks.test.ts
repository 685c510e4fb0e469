// What hundreds of visits leave behind: nothing. Sockets, files and what lies on the disk are counted before and after.

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { diskUsage } from '../support/disk-usage.js';
import { ask, askHash, open, readSome } from '../support/http.js';
import { startTorrentLab, type TorrentLab } from '../support/torrent-lab.js';
import { until } from '../support/until.js';

describe('leaks', () => {
  let lab: TorrentLab;
  beforeAll(async () => {
    lab = await startTorrentLab();
  });
  afterAll(() => lab.close());

  const handles = async (): Promise<{ sockets: number; files: number }> => {
    const all = await lab.server.openHandles();
    return {
      sockets: all.filter((one) => one === 'socket').length,
      files: all.filter((one) => one.startsWith('/')).length,
    };
  };

  it('200 readers that leave in the middle - leave no socket, no file and no reader behind', async () => {
    const torrent = await lab.make({
      name: 'Visited.mkv',
      pieceLength: 65_536,
      files: [{ path: [], sizeBytes: 6_000_000 }],
    });
    const { streamUrl } = await lab.ready(torrent);
    await askHash(streamUrl);
    const before = await handles();
    for (let round = 0; round < 20; round++) {
      await Promise.all(
        Array.from({ length: 10 }, async (_, at) => {
          const start = String(at * 500_000);
          const response = await open(streamUrl, { headers: { range: `bytes=${start}-` } });
          await readSome(response, 1000);
          response.destroy();
        }),
      );
    }
    await until('sockets and files are closed', async () => {
      const now = await handles();
      return now.sockets <= before.sockets + 1 && now.files <= before.files + 1;
    });
    expect(lab.server.logs).not.toMatch(/MaxListenersExceeded/);
  });

  it('a removed torrent - takes its bytes and its open files with it', async () => {
    const cache = join(lab.server.dataDir, 'cache');
    const before = {
      ...(await handles()),
      disk: await diskUsage(cache),
      names: (await readdir(cache, { recursive: true })).length,
    };
    for (let round = 0; round < 3; round++) {
      const torrent = await lab.make({
        name: `Removed ${String(round)}.mkv`,
        pieceLength: 262_144,
        files: [{ path: [], sizeBytes: 20_000_000 }],
      });
      const { streamUrl } = await lab.ready(torrent);
      await askHash(streamUrl);
      expect((await lab.server.post(`/torrents/${torrent.infoHash}/delete`)).status).toBe(200);
      expect((await ask(streamUrl)).status).toBe(410);
    }
    await until('disk, sockets and files are what they were', async () => {
      const now = await handles();
      const names = (await readdir(cache, { recursive: true })).length;
      const isClean = (await diskUsage(cache)) <= before.disk + 1_000_000 && names <= before.names + 2;
      return isClean && now.files <= before.files + 1 && now.sockets <= before.sockets + 3;
    });
  });

  it('a clean stop - ends with code 0, also while somebody plays', async () => {
    const torrent = await lab.make({
      name: 'Stopped.mkv',
      pieceLength: 65_536,
      files: [{ path: [], sizeBytes: 20_000_000 }],
      uploadLimit: 1_000_000,
    });
    const { streamUrl } = await lab.ready(torrent);
    const response = await open(streamUrl);
    response.on('error', () => undefined);
    await readSome(response, 100_000);
    expect(await lab.server.stop()).toBe(0);
    await lab.server.start();
    // Else it goes on arriving, and opens files that the others here would count.
    expect((await lab.server.post(`/torrents/${torrent.infoHash}/delete`)).status).toBe(200);
  });
});
