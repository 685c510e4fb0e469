// A film from a libtorrent seeder over a real tracker: prepared by magnet, played and seeked by real players, and every
// byte the same as the original while the rest is still on its way.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { ask, askHash, askRange, sha256 } from '../support/http.js';
import { seedAlso } from '../support/libtorrent-seeder.js';
import { clip } from '../support/media.js';
import { decodeWithFfmpeg, playWithMpv, probeDuration } from '../support/players.js';
import { prepare, untilReady, type JobStatus } from '../support/prepare.js';
import { randomNumbers } from '../../scripts/lab/index.js';
import { originalRange } from '../support/originals.js';
import { startTorrentLab, type TorrentLab } from '../support/torrent-lab.js';

const megabyte = 1_000_000;

describe('a torrent from a real swarm', () => {
  let lab: TorrentLab;
  beforeAll(async () => {
    lab = await startTorrentLab();
  });
  afterAll(() => lab.close());

  it('prepare - goes from preparing to ready without ever going back, and says from whom', async () => {
    const film = await clip({ container: 'mkv', seconds: 40, kilobitsPerSecond: 1600 });
    const torrent = await lab.make({
      name: 'Open.Film.2020.mkv',
      pieceLength: 65_536,
      files: [{ path: [], from: film }],
      uploadLimit: 4 * megabyte,
    });
    const seen: JobStatus[] = [];
    const prepared = await prepare(lab.server, torrent.infoHash.toUpperCase(), { magnet: torrent.magnet });
    const last = await untilReady(prepared, { onStatus: (status) => seen.push(status) });
    expect(last).toMatchObject({ progress: 100, method: 'p2p', fileName: 'Open.Film.2020.mkv' });
    expect(last.fileSize).toBe(torrent.totalBytes);
    const progress = seen.map((status) => status.progress);
    expect(progress).toEqual([...progress].sort((one, other) => one - other));
  });

  it.each(['mkv', 'mp4'] as const)(
    '%s - mpv and ffmpeg play it whole and from a seek while it downloads',
    async (container) => {
      const film = await clip({ container, seconds: 60, kilobitsPerSecond: 1600 });
      const torrent = await lab.make({
        name: `Played.Film.2021.${container}`,
        pieceLength: 131_072,
        files: [{ path: [], from: film }],
        uploadLimit: 3 * megabyte,
      });
      const { streamUrl } = await lab.ready(torrent);
      expect(await probeDuration(streamUrl)).toBeCloseTo(60, 0);
      const seeked = await playWithMpv(streamUrl, { startSeconds: 40, lengthSeconds: 4 });
      expect(seeked).toMatchObject({ code: 0 });
      expect(seeked.output).toMatch(/End of file/);
      const [decoded, decodedFromSeek] = await Promise.all([
        decodeWithFfmpeg(streamUrl),
        decodeWithFfmpeg(streamUrl, { startSeconds: 50, lengthSeconds: 5 }),
      ]);
      expect(decoded).toEqual({ code: 0, output: decoded.output });
      expect(decoded.output).toMatch(/frame= *1500/);
      expect(decodedFromSeek).toEqual({ code: 0, output: decodedFromSeek.output });
      const played = await playWithMpv(streamUrl);
      expect(played).toEqual({ code: 0, output: played.output });
    },
  );

  it('bytes - the whole file and 200 random ranges equal the original while it downloads', async () => {
    const torrent = await lab.make({
      name: 'Hashed.Film.2022.mkv',
      pieceLength: 262_144,
      files: [{ path: [], sizeBytes: 24 * megabyte + 12_345 }],
      uploadLimit: 4 * megabyte,
    });
    const [original] = torrent.files;
    if (!original) throw new Error('no file');
    const { streamUrl } = await lab.ready(torrent);
    const random = randomNumbers(22);
    const ranges = Array.from({ length: 200 }, () => {
      const start = Math.floor(random() * original.sizeBytes);
      return { start, end: Math.min(original.sizeBytes, start + 1 + Math.floor(random() * 200_000)) };
    });
    expect((await lab.seeder.stats(torrent.infoHash)).uploadedBytes).toBeLessThan(original.sizeBytes / 2);
    const whole = askHash(streamUrl);
    for (let at = 0; at < ranges.length; at += 8) {
      await Promise.all(
        ranges.slice(at, at + 8).map(async ({ start, end }) => {
          const answer = await askRange(streamUrl, start, end);
          expect(answer.status).toBe(206);
          expect(answer.headers['content-range']).toBe(
            `bytes ${String(start)}-${String(end - 1)}/${String(original.sizeBytes)}`,
          );
          expect(sha256(answer.body)).toBe(sha256(await originalRange(original.diskPath, start, end)));
        }),
      );
    }
    expect(await whole).toEqual({ status: 200, sizeBytes: original.sizeBytes, sha256: original.sha256 });
  });

  it('ready url - the answer before it is ready is 202 with the status, afterwards the bytes', async () => {
    const torrent = await lab.make({
      name: 'Later.Film.mkv',
      pieceLength: 65_536,
      files: [{ path: [], sizeBytes: 3 * megabyte }],
      isSeeded: false,
    });
    const prepared = await prepare(lab.server, torrent.infoHash, { magnet: torrent.magnet });
    const readyUrl = lab.server.url(
      `/stream/ready/${encodeURIComponent(prepared.jobId)}${new URL(prepared.statusUrl).search}`,
    );
    const early = await ask(readyUrl);
    expect(early.status).toBe(202);
    expect(early.headers['retry-after']).toMatch(/^\d+$/);
    await seedAlso(lab.seeder, torrent);
    await untilReady(prepared);
    expect((await askHash(readyUrl)).sha256).toBe(torrent.files[0]?.sha256);
  });
});
