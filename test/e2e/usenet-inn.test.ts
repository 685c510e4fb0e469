// Usenet posts as a client gets them from a real news server: every stored set of the fixtures, byte for byte, plain and over
// TLS with a login; and the first bytes while whatever else was posted does not come.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { rarVolumes } from '../../scripts/fixtures/index.js';
import { pseudoRandomSource, randomNumbers } from '../../scripts/lab/index.js';

import { archiveFixtures } from '../support/archive-fixtures.js';
import { askHash, askRange, sha256 } from '../support/http.js';
import { openUsenetLab, type PostedSet, type UsenetLab, type UsenetLabOptions } from '../support/usenet-lab.js';

const fixtures = archiveFixtures();
const names = fixtures.map(({ name }) => name);
const stored = fixtures.filter((set) => set.stored).map(({ name }) => name);
const packed = fixtures.filter((set) => !set.stored).map(({ name }) => name);

/** The videos of a set, without its samples. */
function videosOf(set: PostedSet): string[] {
  return Object.entries(set.contains)
    .filter(([name]) => name.endsWith('.mkv') && !name.includes('sample'))
    .map(([, known]) => known.sha256)
    .sort();
}

describe.each<[string, UsenetLabOptions]>([
  ['INN', { server: 'inn', sets: names }],
  [
    'INN over TLS, with a login',
    { server: 'inn', inn: { hasTls: true, account: { user: 'a@b', password: 'p:w %' } }, sets: names },
  ],
])('posts on %s', (_title, options) => {
  let lab: UsenetLab;
  beforeAll(async () => {
    lab = await openUsenetLab(options);
  });
  afterAll(() => lab.close());

  it.each(stored)('%s - plays byte for byte, whole and in ranges', async (name) => {
    const set = lab.set(name);
    const streams = await lab.streams(set);
    const whole = await Promise.all(streams.map((stream) => askHash(stream.url)));
    expect(whole.map((got) => got.sha256).sort()).toEqual(videosOf(set));
    const { url, size } = streams[0] ?? { url: '', size: 0 };
    const { body } = await askRange(url, 0, size);
    const random = randomNumbers(7);
    for (let count = 0; count < 10; count += 1) {
      const start = Math.floor(random() * (size - 1));
      const end = Math.min(size, start + 1 + Math.floor(random() * 70_000));
      expect(sha256((await askRange(url, start, end)).body)).toBe(sha256(body.subarray(start, end)));
    }
  });

  it.each(packed)('%s - is refused with the reason', async (name) => {
    const { status, json } = await lab.submit(lab.set(name).nzbUrl);
    expect([status, json]).toMatchObject([422, { error: { code: 'ARCHIVE_COMPRESSED' } }]);
  });
});

describe('a large set on INN', () => {
  let lab: UsenetLab;
  beforeAll(async () => {
    lab = await openUsenetLab({ server: 'inn', hasRelay: true });
  });
  afterAll(() => lab.close());

  it('volumes 2 and up withheld - the answer comes and the first bytes play', async () => {
    const content = pseudoRandomSource('withheld', 44_000_000);
    const volumes = rarVolumes({ format: 'rar5', innerName: 'Open.Film.2024.mkv', content, volumeBytes: 15_000_000 });
    const posted = await lab.post('withheld', volumes, { isFast: true });
    lab.relay.withhold(volumes.slice(1).flatMap((volume) => posted.messageIds[volume.name] ?? []));
    const [stream] = await lab.streams(posted);
    expect(stream?.size).toBe(content.sizeBytes);
    const { body } = await askRange(stream?.url ?? '', 0, 10_000_000);
    expect(sha256(body)).toBe(sha256(content.read(0, 10_000_000)));
    lab.relay.release();
    const tail = await askRange(stream?.url ?? '', 40_000_000, 44_000_000);
    expect(sha256(tail.body)).toBe(sha256(content.read(40_000_000, 4_000_000)));
  });
});
