// Pieces from 1 KiB to 16 MiB, and files that begin and end inside a piece: geometry against a real seeder.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { askHash, askRange, sha256 } from '../support/http.js';
import { originalRange } from '../support/originals.js';
import type { MadeFile } from '../support/torrent-maker.js';
import { startTorrentLab, type TorrentLab } from '../support/torrent-lab.js';

const kibibyte = 1024;
const mebibyte = 1024 * kibibyte;

describe('pieces of every size', () => {
  let lab: TorrentLab;
  beforeAll(async () => {
    lab = await startTorrentLab();
  });
  afterAll(() => lab.close());

  it.each([
    { label: '1 KiB', pieceLength: kibibyte, sizes: [1, 1_500_000, 1023, 400_001] },
    { label: '256 KiB', pieceLength: 256 * kibibyte, sizes: [100_000, 3_000_001, 1, 2_500_000] },
    { label: '4 MiB', pieceLength: 4 * mebibyte, sizes: [5_000_000, 9_999_999, 10, 4 * mebibyte] },
    { label: '16 MiB', pieceLength: 16 * mebibyte, sizes: [3_000_000, 20_000_000, 40_000] },
  ])(
    '$label - every file of a pack is hash-equal, whole and across its edges',
    async ({ label, pieceLength, sizes }) => {
      const files = sizes.map((sizeBytes, index) => ({ path: [`Part ${String(index)}.mkv`], sizeBytes }));
      const torrent = await lab.make({ name: `Pieces of ${label}`, pieceLength, files });
      for (const file of [...torrent.files].reverse()) {
        const { streamUrl } = await lab.ready(torrent, file.index);
        for (const { start, end } of edges(file, pieceLength)) {
          const answer = await askRange(streamUrl, start, end);
          expect(answer.status).toBe(206);
          expect(sha256(answer.body)).toBe(sha256(await originalRange(file.diskPath, start, end)));
        }
        expect(await askHash(streamUrl)).toEqual({ status: 200, sizeBytes: file.sizeBytes, sha256: file.sha256 });
      }
    },
  );

  it('one file smaller than a piece - is served whole', async () => {
    const torrent = await lab.make({ name: 'Tiny.mkv', pieceLength: mebibyte, files: [{ path: [], sizeBytes: 777 }] });
    const { streamUrl } = await lab.ready(torrent);
    expect(await askHash(streamUrl)).toEqual({ status: 200, sizeBytes: 777, sha256: torrent.files[0]?.sha256 });
  });

  it('a piece length that is no power of two - is served too', async () => {
    const torrent = await lab.make({
      name: 'Odd.mkv',
      pieceLength: 100_000,
      files: [{ path: [], sizeBytes: 1_234_567 }],
    });
    const { streamUrl } = await lab.ready(torrent);
    expect(await askHash(streamUrl)).toEqual({ status: 200, sizeBytes: 1_234_567, sha256: torrent.files[0]?.sha256 });
  });
});

/** Ranges at both ends of a file and across the piece borders next to them. */
function edges(file: MadeFile, pieceLength: number): { start: number; end: number }[] {
  const firstBorder = pieceLength - (file.offset % pieceLength);
  const around = (at: number): { start: number; end: number } => ({
    start: Math.max(0, at - 100),
    end: Math.min(file.sizeBytes, at + 100),
  });
  return [0, firstBorder, firstBorder + pieceLength, Math.floor(file.sizeBytes / 2), file.sizeBytes]
    .filter((at) => at <= file.sizeBytes)
    .map(around);
}
