// The cache's one hard limit, measured on the disk while films larger than the cache play to their end.

import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { watchDiskUsage } from '../support/disk-usage.js';
import { askHash, open, readSome, sha256 } from '../support/http.js';
import { startTorrentLab, type TorrentLab } from '../support/torrent-lab.js';

const megabyte = 1_000_000;
const limit = 100 * megabyte;
const extent = 16 * 1024 * 1024;

describe('cache limit', () => {
  let lab: TorrentLab;
  beforeAll(async () => {
    lab = await startTorrentLab({ env: { CACHE_MAX_BYTES: '100MB' } });
  });
  afterAll(() => lab.close());

  it('three films of 60 MB and one of 300 MB - play to the end, and the disk never holds more than the limit and one extent', async () => {
    const usage = watchDiskUsage(join(lab.server.dataDir, 'cache'));
    for (const [name, size] of [
      ['First.mkv', 60],
      ['Second.mkv', 60],
      ['Third.mkv', 60],
      ['Large.mkv', 300],
    ] as const) {
      const torrent = await lab.make({
        name,
        pieceLength: 1_048_576,
        files: [{ path: [], sizeBytes: size * megabyte }],
      });
      const { streamUrl } = await lab.ready(torrent);
      expect(await askHash(streamUrl)).toMatchObject({ sizeBytes: size * megabyte, sha256: torrent.files[0]?.sha256 });
    }
    expect(await usage.stop()).toBeLessThanOrEqual(limit + extent);
  }, 180_000);

  it('a film that is being watched - goes on while another larger than the cache passes through', async () => {
    const usage = watchDiskUsage(join(lab.server.dataDir, 'cache'));
    const watched = await lab.make({
      name: 'Watched.mkv',
      pieceLength: 524_288,
      files: [{ path: [], sizeBytes: 40 * megabyte }],
    });
    const passing = await lab.make({
      name: 'Passing.mkv',
      pieceLength: 524_288,
      files: [{ path: [], sizeBytes: 150 * megabyte }],
    });
    const first = await lab.ready(watched);
    const response = await open(first.streamUrl);
    const start = await readSome(response, 5 * megabyte);
    const second = await lab.ready(passing);
    expect(await askHash(second.streamUrl)).toMatchObject({ sha256: passing.files[0]?.sha256 });
    const chunks = [start];
    for await (const chunk of response) chunks.push(chunk as Buffer);
    expect(sha256(Buffer.concat(chunks))).toBe(watched.files[0]?.sha256);
    expect(await usage.stop()).toBeLessThanOrEqual(limit + extent);
  });
});
