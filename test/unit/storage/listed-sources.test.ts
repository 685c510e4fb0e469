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
  season: 1,
  episode: 2,
  fileIndex: 3,
  name: 'Film.2010.1080p',
  sizeBytes: 5e9,
};

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

describe('listed sources', () => {
  it('get - gives back what was listed, absent parts absent', () => {
    listed.remember('one', film);
    listed.remember('two', { source: { kind: 'nzb-url', url: 'https://a/?apikey=b' }, name: 'Other' });
    expect(listed.get('one')).toEqual(film);
    expect(listed.get('two')).toEqual({ source: { kind: 'nzb-url', url: 'https://a/?apikey=b' }, name: 'Other' });
    expect(listed.get('three')).toBeNull();
  });

  it('the same list again - is written once a day', async () => {
    listed.remember('one', film);
    const before = writes();
    listed.remember('one', film);
    expect(writes()).toBe(before);
    listed.remember('one', { ...film, name: 'Renamed' });
    expect(listed.get('one')?.name).toBe('Renamed');
    await clock.advance(2 * DAY_MS);
    const later = writes();
    listed.remember('one', { ...film, name: 'Renamed' });
    expect(writes()).toBeGreaterThan(later);
  });

  it('prune - keeps what was listed within 180 days', async () => {
    listed.remember('old', film);
    await clock.advance(100 * DAY_MS);
    listed.remember('new', film);
    await clock.advance(80 * DAY_MS);
    listed.prune();
    expect([listed.get('old'), listed.get('new')]).toEqual([film, film]);
    await clock.advance(2 * DAY_MS);
    listed.prune();
    expect([listed.get('old'), listed.get('new')]).toEqual([{ ...film, source: null }, film]);
  });

  it('prune - knows for three years what something was, then nothing', async () => {
    listed.remember('old', film);
    await clock.advance(3 * 365 * DAY_MS);
    listed.prune();
    expect(listed.get('old')).toEqual({ ...film, source: null });
    listed.remember('old', film);
    expect(listed.get('old')).toEqual(film);
    await clock.advance((3 * 365 + 1) * DAY_MS);
    listed.prune();
    expect(listed.get('old')).toBeNull();
  });
});
