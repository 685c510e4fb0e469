// What stands behind the links of a list.

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { InfoHash } from '../../../backend/content/index.js';
import { Sealer } from '../../../backend/platform/index.js';
import { ListedSources, openDatabase } from '../../../backend/storage/index.js';
import type { Database, ListedSource } from '../../../backend/storage/index.js';
import { ManualClock } from '../../support/manual-clock.js';

const DAY_MS = 86400e3;
let clock = new ManualClock();
let database: Database;
let listed: ListedSources;

const film: ListedSource = {
  source: { kind: 'torrent', infoHash: 'a'.repeat(40) as InfoHash, trackers: ['udp://t/'], webSeeds: [], peers: [] },
  titleId: 'tt1',
  episode: { season: 1, episode: 2, absolute: 2, airDate: '2010-03-05' },
  name: 'Film.2010.1080p',
  sizeBytes: 5e9,
  releaseName: 'Film.Pack',
  releaseSizeBytes: 50e9,
  bingeGroup: 'pack',
};
const kept = { ...film, file: '3' };

beforeEach(() => {
  clock = new ManualClock();
  database = openDatabase(':memory:', { sealer: new Sealer('k'.repeat(32)) });
  listed = new ListedSources(database, clock);
});

afterEach(() => {
  database.close();
});

function writes(): number {
  return Number(database.sql.prepare('SELECT total_changes()').pluck().get());
}

/** What nobody listed: it was asked for by its address. */
function asked(number: number): ListedSource {
  return { source: { kind: 'nzb-url', url: `https://indexer.example/get/${number}` }, name: 'video' };
}

describe('listed sources', () => {
  it('what was asked for by its address - is kept up to a number; then the oldest go, and nothing that was listed', async () => {
    listed = new ListedSources(database, clock, { maxAsked: 20 });
    listed.remember('listed', 'auto', { ...film, bingeGroup: 'g' });
    for (let number = 0; number < 60; number += 1) {
      await clock.advance(1);
      listed.remember(`asked ${number}`, 'auto', asked(number));
    }
    const kept = Number(database.sql.prepare('SELECT count(*) FROM listed_sources').pluck().get());
    expect(kept).toBeLessThanOrEqual(1 + 22);
    expect(listed.get('listed', 'auto')).not.toBeNull();
    expect(listed.get('asked 59', 'auto')).not.toBeNull();
    expect(listed.get('asked 0', 'auto')).toBeNull();
    listed = new ListedSources(database, clock, { maxAsked: 5 });
    listed.remember('one more', 'auto', asked(60));
    expect(['asked 58', 'asked 40'].map((id) => listed.get(id, 'auto') === null)).toEqual([false, true]);
  });

  it('get - gives back what was listed, absent parts absent', () => {
    listed.remember('one', '3', film);
    listed.remember('two', '3', { source: { kind: 'nzb-url', url: 'https://a/?apikey=b' }, name: 'Other' });
    expect(listed.get('one', '3')).toEqual(kept);
    expect(listed.get('two', '3')).toEqual({
      source: { kind: 'nzb-url', url: 'https://a/?apikey=b' },
      name: 'Other',
      file: '3',
    });
    expect(listed.get('three', '3')).toBeNull();
  });

  it('the same list again - is written once a day', async () => {
    listed.remember('one', '3', film);
    const before = writes();
    listed.remember('one', '3', film);
    expect(writes()).toBe(before);
    listed.remember('one', '3', { ...film, name: 'Renamed' });
    expect(listed.get('one', '3')?.name).toBe('Renamed');
    await clock.advance(2 * DAY_MS);
    const later = writes();
    listed.remember('one', '3', { ...film, name: 'Renamed' });
    expect(writes()).toBeGreaterThan(later);
  });

  it('each file of a pack - is known by what itself was listed for', async () => {
    const { source } = film;
    const other = { source, titleId: 'tt1', episode: { season: 1, episode: 3 }, name: 'E03.mkv' };
    listed.remember('pack', '3', film);
    await clock.advance(1);
    listed.remember('pack', '4', other);
    listed.remember('pack', 's1e5', { source, titleId: 'tt1', name: 'Pack' });
    expect(listed.get('pack', '3')).toEqual(kept);
    expect(listed.get('pack', '4')).toEqual({ ...other, file: '4' });
    expect(listed.get('pack', 's1e5')?.file).toBe('s1e5');
  });

  it('a file that was never listed - is known by what was listed last of its source', async () => {
    listed.remember('pack', '3', film);
    await clock.advance(1);
    listed.remember('pack', '4', { ...film, name: 'E03.mkv' });
    expect(listed.get('pack', '9')).toEqual({ ...kept, name: 'E03.mkv', file: '4' });
    await clock.advance(2 * DAY_MS);
    listed.remember('pack', '3', film);
    expect(listed.get('pack', '9')?.file).toBe('3');
  });

  it('listed for an episode - is what any source was listed for it, the newest first', async () => {
    const { source, episode } = film;
    listed.remember('pack', '3', film);
    await clock.advance(1);
    listed.remember('other', 's1e2', { source, titleId: 'tt1', episode: { season: 1, episode: 2 }, name: 'E02' });
    listed.remember('other', 's1e3', { source, titleId: 'tt1', episode: { season: 1, episode: 3 }, name: 'E03' });
    listed.remember('third', 's1e2', { source, titleId: 'tt2', episode: { season: 1, episode: 2 }, name: 'E02' });
    expect(listed.listedFor('tt1', { season: 1, episode: 2 })).toEqual([
      { sourceId: 'other', file: 's1e2', episode: { season: 1, episode: 2 } },
      { sourceId: 'pack', file: '3', episode, releaseName: 'Film.Pack' },
    ]);
  });

  it('one file listed again - keeps the source for all of them', async () => {
    listed.remember('pack', '3', film);
    listed.remember('pack', '4', film);
    await clock.advance(100 * DAY_MS);
    listed.remember('pack', '4', film);
    await clock.advance(100 * DAY_MS);
    listed.prune();
    expect(listed.get('pack', '3')).toEqual(kept);
  });

  it('a server that runs for a year - forgets what is too old while it lists other things', async () => {
    listed.remember('old', '3', film);
    await clock.advance(200 * DAY_MS);
    listed.remember('new', '3', film);
    expect([listed.get('old', '3')?.source, listed.get('new', '3')?.source]).toEqual([null, film.source]);
  });

  it('prune - keeps what was listed within 180 days', async () => {
    listed.remember('old', '3', film);
    await clock.advance(100 * DAY_MS);
    listed.remember('new', '3', film);
    await clock.advance(80 * DAY_MS);
    listed.prune();
    expect([listed.get('old', '3'), listed.get('new', '3')]).toEqual([kept, kept]);
    await clock.advance(2 * DAY_MS);
    listed.prune();
    expect([listed.get('old', '3'), listed.get('new', '3')]).toEqual([{ ...kept, source: null }, kept]);
  });

  it('prune - knows for three years what something was, then nothing', async () => {
    listed.remember('old', '3', film);
    await clock.advance(3 * 365 * DAY_MS);
    listed.prune();
    expect(listed.get('old', '3')).toEqual({ ...kept, source: null });
    listed.remember('old', '3', film);
    expect(listed.get('old', '3')).toEqual(kept);
    await clock.advance((3 * 365 + 1) * DAY_MS);
    listed.prune();
    expect(listed.get('old', '3')).toBeNull();
  });
});
