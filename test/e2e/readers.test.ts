// Many at once: one job for many askers, turns between readers, and nobody's demand outliving its reader.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { askHash, open, readSome } from '../support/http.js';
import { prepare, untilReady } from '../support/prepare.js';
import { startTorrentLab, type TorrentLab } from '../support/torrent-lab.js';
import { until } from '../support/until.js';
import { quietAfter } from '../support/upstream.js';

const megabyte = 1_000_000;

describe('many readers', () => {
  let lab: TorrentLab;
  beforeAll(async () => {
    lab = await startTorrentLab();
  });
  afterAll(() => lab.close());

  it('20 requests at once - are one job and one download', async () => {
    const torrent = await lab.make({
      name: 'Twenty.mkv',
      pieceLength: 65_536,
      files: [{ path: [], sizeBytes: 2 * megabyte }],
    });
    const all = await Promise.all(
      Array.from({ length: 20 }, () => prepare(lab.server, torrent.infoHash, { magnet: torrent.magnet })),
    );
    expect(new Set(all.map(({ jobId }) => jobId)).size).toBe(1);
    const [first] = all;
    if (!first) throw new Error('no answer');
    await untilReady(first);
    const hashes = await Promise.all(all.map(({ streamUrl }) => askHash(streamUrl)));
    expect(new Set(hashes.map(({ sha256 }) => sha256))).toEqual(new Set([torrent.files[0]?.sha256]));
    expect((await lab.seeder.stats(torrent.infoHash)).uploadedBytes).toBeLessThan(2.2 * megabyte);
  });

  it('two readers of one file - share what is fetched and both get it all', async () => {
    const torrent = await lab.make({
      name: 'Two.mkv',
      pieceLength: 131_072,
      files: [{ path: [], sizeBytes: 12 * megabyte }],
      uploadLimit: 6 * megabyte,
    });
    const { streamUrl } = await lab.ready(torrent);
    const [whole, half] = await Promise.all([
      askHash(streamUrl),
      askHash(streamUrl, { headers: { range: 'bytes=6000000-' } }),
    ]);
    expect(whole.sha256).toBe(torrent.files[0]?.sha256);
    expect(half.sizeBytes).toBe(6 * megabyte);
    expect((await lab.seeder.stats(torrent.infoHash)).uploadedBytes).toBeLessThan(13 * megabyte);
  });

  it('five readers of five files - all of them move, none waits for another to end', async () => {
    const torrent = await lab.make({
      name: 'Five',
      pieceLength: 131_072,
      files: [1, 2, 3, 4, 5].map((part) => ({ path: [`Part.${String(part)}.mkv`], sizeBytes: 6 * megabyte })),
      uploadLimit: 4 * megabyte,
    });
    const urls: string[] = [];
    for (const file of torrent.files) urls.push((await lab.ready(torrent, file.index)).streamUrl);
    const had = torrent.files.map(() => 0);
    const ends: number[] = [];
    let leastAtFirstEnd = -1;
    await Promise.all(
      urls.map(async (url, index) => {
        for await (const chunk of await open(url)) had[index] = (had[index] ?? 0) + (chunk as Buffer).length;
        if (ends.push(index) === 1) leastAtFirstEnd = Math.min(...had);
      }),
    );
    expect(had).toEqual(torrent.files.map((file) => file.sizeBytes));
    expect(leastAtFirstEnd).toBeGreaterThan(2 * megabyte);
  });

  it('client gone - nothing more is fetched for it', async () => {
    const torrent = await lab.make({
      name: 'Gone.mkv',
      pieceLength: 262_144,
      files: [{ path: [], sizeBytes: 80 * megabyte }],
      uploadLimit: 5 * megabyte,
    });
    const { streamUrl } = await lab.ready(torrent);
    await quietAfter(lab.seeder, torrent.infoHash);
    const response = await open(streamUrl, { headers: { range: 'bytes=30000000-' } });
    await readSome(response, 3 * megabyte);
    // The peer all but stands still: until the server knows that the reader is gone, it asks for nothing in its place.
    await lab.seeder.limit(torrent.infoHash, 1000);
    response.destroy();
    await until('the server knows', async () => {
      const { json } = await lab.server.get('/api/stream/sessions');
      return (json.sessions as readonly unknown[]).length === 0;
    });
    await lab.seeder.limit(torrent.infoHash, 5 * megabyte);
    const { bytes } = await quietAfter(lab.seeder, torrent.infoHash);
    // Of what was asked for before, the peer had at most this in its hands: a window would be 32 MB.
    expect(bytes).toBeLessThan(megabyte);
  });

  it('paused client - the window fills and then nothing more is fetched', async () => {
    const torrent = await lab.make({
      name: 'Paused.mkv',
      pieceLength: 262_144,
      files: [{ path: [], sizeBytes: 160 * megabyte }],
    });
    const { streamUrl } = await lab.ready(torrent);
    const response = await open(streamUrl);
    await readSome(response, megabyte);
    await quietAfter(lab.seeder, torrent.infoHash);
    const fetched = (await lab.seeder.stats(torrent.infoHash)).uploadedBytes;
    expect(fetched).toBeLessThan(60 * megabyte);
    await readSome(response, 60 * megabyte);
    response.destroy();
  });

  it('a probe of the first 64 KB - does not pull the film', async () => {
    const torrent = await lab.make({
      name: 'Probe.mkv',
      pieceLength: 131_072,
      files: [{ path: [], sizeBytes: 100 * megabyte }],
      uploadLimit: 20 * megabyte,
    });
    const { streamUrl } = await lab.ready(torrent);
    const response = await open(streamUrl, { headers: { range: 'bytes=0-' } });
    await readSome(response, 65_536);
    response.destroy();
    await quietAfter(lab.seeder, torrent.infoHash);
    expect((await lab.seeder.stats(torrent.infoHash)).uploadedBytes).toBeLessThan(20 * megabyte);
  });
});
