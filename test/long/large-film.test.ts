// A film of 1 GB and one of 5 GB, read whole and in random ranges while they download.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { randomNumbers } from '../../scripts/lab/index.js';
import { askHash, askRange, sha256 } from '../support/http.js';
import { originalRange } from '../support/originals.js';
import { startTorrentLab, type TorrentLab } from '../support/torrent-lab.js';

const mebibyte = 1024 * 1024;

describe('large films', () => {
  let lab: TorrentLab;
  beforeAll(async () => {
    lab = await startTorrentLab();
  }, 60_000);
  afterAll(() => lab.close(), 60_000);

  it.each([
    ['1 GB', 1_000_000_000, mebibyte],
    ['5 GB', 5_000_000_000, 4 * mebibyte],
  ])(
    'a film of %s - is hash-equal, whole and in ranges, in bounded memory',
    async (label, sizeBytes, pieceLength) => {
      const torrent = await lab.make({ name: `Large ${label}.mkv`, pieceLength, files: [{ path: [], sizeBytes }] });
      const [file] = torrent.files;
      const { streamUrl } = await lab.ready(torrent);
      const whole = askHash(streamUrl);
      const random = randomNumbers(sizeBytes);
      for (let round = 0; round < 50; round++) {
        const start = Math.floor(random() * (sizeBytes - mebibyte));
        const answer = await askRange(streamUrl, start, start + mebibyte);
        expect(sha256(answer.body)).toBe(sha256(await originalRange(file?.diskPath ?? '', start, start + mebibyte)));
      }
      expect(await whole).toMatchObject({ status: 200, sizeBytes, sha256: file?.sha256 });
      expect(await lab.server.residentBytes()).toBeLessThan(500 * mebibyte);
    },
    900_000,
  );
});
