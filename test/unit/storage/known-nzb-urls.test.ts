import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ContentId, NzbSource } from '../../../backend/content/index.js';
import { Sealer } from '../../../backend/platform/index.js';
import { KnownNzbUrls, openDatabase } from '../../../backend/storage/index.js';
import type { Database } from '../../../backend/storage/index.js';
import { ManualClock } from '../../support/manual-clock.js';

const DAY_MS = 86400e3;
const source: NzbSource = { kind: 'nzb', contentId: 'a'.repeat(64) as ContentId, name: 'Film', passwords: ['hunter2'] };
const url = (number: number): string => `https://indexer.example/getnzb?id=${number}&apikey=topsecret`;
let clock: ManualClock;
let database: Database;

beforeEach(() => {
  clock = new ManualClock();
  database = openDatabase(':memory:', { sealer: new Sealer('k'.repeat(32)) });
});

afterEach(() => database.close());

describe('known nzb urls', () => {
  it('known nzb urls - lead to what they led to for 7 days after they were last seen', async () => {
    const urls = new KnownNzbUrls(database, clock);
    urls.remember(url(1), source);
    expect(urls.find(url(1))).toEqual(source);
    expect(urls.find(url(2))).toBeNull();
    await clock.advance(6 * DAY_MS);
    urls.remember(url(1), { ...source, name: 'Newer' });
    await clock.advance(7 * DAY_MS - 1);
    expect(urls.find(url(1))).toMatchObject({ name: 'Newer' });
    await clock.advance(1);
    expect(urls.find(url(1))).toBeNull();
  });

  it('known nzb urls - stand nowhere in words', () => {
    new KnownNzbUrls(database, clock).remember(url(1), source);
    const rows = JSON.stringify(database.sql.prepare('SELECT url_hash, hex(source) FROM known_nzb_urls').all());
    for (const secret of ['topsecret', 'indexer', Buffer.from('hunter2').toString('hex').toUpperCase()])
      expect(rows).not.toContain(secret);
  });

  it('known nzb urls - when full, the oldest go', async () => {
    const urls = new KnownNzbUrls(database, clock, { maxUrls: 2 });
    for (const number of [1, 2, 3]) {
      urls.remember(url(number), source);
      await clock.advance(1);
    }
    expect([1, 2, 3].map((number) => urls.find(url(number)) !== null)).toEqual([false, true, true]);
  });
});
