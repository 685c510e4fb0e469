// What is kept, and for a while what was removed.

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ContentId, InfoHash, Release, ReleaseFile, TorrentSource } from '../../../backend/content/index.js';
import { Sealer } from '../../../backend/platform/index.js';
import { Library, openDatabase } from '../../../backend/storage/index.js';
import type { Database } from '../../../backend/storage/index.js';
import { ManualClock } from '../../support/manual-clock.js';
import { startProcessorTime } from '../../support/processor-time.js';

const DAY_MS = 86400e3;
const sealer = new Sealer('k'.repeat(32));
let clock = new ManualClock();
let database: Database;
let library: Library;

beforeEach(() => {
  clock = new ManualClock();
  database = openDatabase(':memory:', { sealer });
  library = new Library(database, clock);
});

afterEach(() => {
  database.close();
});

function hash(number: number): InfoHash {
  return number.toString(16).padStart(40, '0') as InfoHash;
}

function torrentSource(number: number, more: Partial<TorrentSource> = {}): TorrentSource {
  return { kind: 'torrent', infoHash: hash(number), trackers: [], webSeeds: [], peers: [], ...more };
}

function file(index: number, path: string): ReleaseFile {
  return { index, path, name: path.slice(path.lastIndexOf('/') + 1), sizeBytes: 1000 + index, isPadding: index === 1 };
}

function torrent(number: number, more: Partial<Release> = {}): Release {
  const files = [file(0, 'pack/readme.txt'), file(1, '.pad/1'), file(2, 'pack/film.mkv')];
  return { contentId: hash(number), name: `Film ${number}`, files, source: torrentSource(number), ...more };
}

function web(number: number): Release {
  const contentId = number.toString(16).padStart(64, '0') as ContentId;
  const source = { kind: 'http', url: `https://user:hunter2@example.org/${number}` } as const;
  return { contentId, name: `Web ${number}`, files: [file(0, 'film.mp4')], source };
}

describe('remember and get', () => {
  it('entry - is the release with its times and ids', () => {
    const release = torrent(1, { source: torrentSource(1, { info: Uint8Array.of(1, 2), trackers: ['udp://t/'] }) });
    const entry = library.remember(release, { titleId: 'tt1' });
    expect(entry).toEqual({
      ...release,
      kind: 'torrent',
      addedAt: clock.now(),
      usedAt: clock.now(),
      titleId: 'tt1',
      torrentId: 1,
      isPaused: false,
      included: [],
    });
    expect(library.get(hash(1))).toEqual(entry);
    expect(library.get(hash(2))).toBeNull();
  });

  it('what is no torrent - has no torrent id', () => {
    expect(library.remember(web(1)).torrentId).toBeNull();
    expect(library.listTorrents()).toEqual([]);
  });

  it('again - completes what is kept and loses nothing', async () => {
    const { addedAt } = library.remember(
      torrent(1, { source: torrentSource(1, { info: Uint8Array.of(1), trackers: ['udp://a/'] }) }),
      { titleId: 'tt1' },
    );
    await clock.advance(60_000);
    const again = library.remember({
      ...torrent(1),
      name: 'Better name',
      source: torrentSource(1, { trackers: ['udp://b/'] }),
      files: [file(0, 'other.mkv')],
    });
    expect(again).toMatchObject({ addedAt, usedAt: clock.now(), name: 'Better name', titleId: 'tt1', torrentId: 1 });
    expect(again.source).toMatchObject({ info: Uint8Array.of(1), trackers: ['udp://b/', 'udp://a/'] });
    expect(again.files).toEqual([file(0, 'other.mkv')]);
    expect(library.count()).toBe(1);
  });

  it('sources - are sealed in the file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'headstart-library-'));
    const path = join(folder, 'a.db');
    const onDisk = openDatabase(path, { sealer });
    new Library(onDisk, clock).remember(web(1));
    onDisk.close();
    const bytes = await readFile(path);
    expect(bytes.includes('Web 1')).toBe(true);
    expect(bytes.includes('hunter2')).toBe(false);
    await rm(folder, { recursive: true });
  });
});

describe('removal', () => {
  it('removed - is gone at once, remembered for 30 days, forgotten when it is added again', async () => {
    library.remember(torrent(1));
    library.remove(hash(1));
    expect([library.get(hash(1)), library.count(), library.isRemoved(hash(1))]).toEqual([null, 0, true]);
    await clock.advance(29 * DAY_MS);
    expect(library.isRemoved(hash(1))).toBe(true);
    await clock.advance(2 * DAY_MS);
    expect(library.isRemoved(hash(1))).toBe(false);
    library.remember(torrent(2));
    library.remove(hash(2));
    library.remember(torrent(2));
    expect([library.isRemoved(hash(2)), library.count()]).toEqual([false, 1]);
  });

  it('removed - a user did not want it; what nobody used any more may be offered again', () => {
    for (const number of [1, 2]) library.remember(torrent(number));
    library.remove(hash(1));
    library.remove(hash(2), { isExpired: true });
    expect([1, 2].map((number) => library.isRemoved(hash(number)))).toEqual([true, true]);
    expect([1, 2, 3].map((number) => library.isUnwanted(hash(number)))).toEqual([true, false, false]);
  });

  it('removing what is not there - does nothing', () => {
    library.remove(hash(9));
    expect([library.isRemoved(hash(9)), library.count()]).toEqual([false, 0]);
  });

  it('torrent ids - are never given twice', () => {
    library.remember(torrent(1));
    library.remember(torrent(2));
    library.remove(hash(2));
    expect(library.remember(torrent(3)).torrentId).toBe(3);
    expect(library.remember(torrent(2)).torrentId).toBe(4);
    expect(library.byTorrentId(2)).toBeNull();
    expect([0, 1, 2, 3, 4, 5].map((id) => library.isRemovedTorrentId(id))).toEqual([
      ...[false, false, true],
      ...[false, false, false],
    ]);
  });

  it('an entry listed before - says that it is gone', () => {
    library.remember(torrent(1));
    const [entry] = library.list({ limit: 1, offset: 0 });
    library.remove(hash(1));
    expect(() => entry?.files).toThrow(/removed/);
    expect(() => entry?.source).toThrow(/removed/);
  });
});

describe('finding', () => {
  it('list - newest first, in pages', async () => {
    for (const number of [1, 2, 3, 4]) {
      library.remember(torrent(number));
      await clock.advance(1000);
    }
    const names = (offset: number): string[] => library.list({ limit: 2, offset }).map(({ name }) => name);
    expect([names(0), names(2), names(4)]).toEqual([['Film 4', 'Film 3'], ['Film 2', 'Film 1'], []]);
    expect(library.list({ limit: 1, offset: 0 })[0]).toEqual(library.get(hash(4)));
  });

  it('torrents - in the order of their ids, and each by its id', () => {
    library.remember(web(1));
    library.remember(torrent(1));
    library.remember(torrent(2));
    expect(library.listTorrents().map(({ torrentId }) => torrentId)).toEqual([1, 2]);
    expect(library.byTorrentId(2)?.contentId).toBe(hash(2));
    for (const id of [0, 3, -1, 1.5, NaN, Infinity]) expect(library.byTorrentId(id)).toBeNull();
  });

  it('title - gives all its releases, last used first', async () => {
    library.remember(torrent(1), { titleId: 'tt1' });
    library.remember(torrent(2), { titleId: 'tt1' });
    library.remember(torrent(3), { titleId: 'tt3' });
    await clock.advance(60_000);
    library.touch(hash(1));
    expect(library.byTitle('tt1').map(({ contentId }) => contentId)).toEqual([hash(1), hash(2)]);
    expect(library.byTitle('tt9')).toEqual([]);
  });

  it('touch - is noted once in a while', async () => {
    const { usedAt } = library.remember(torrent(1));
    await clock.advance(1000);
    library.touch(hash(1));
    expect(library.get(hash(1))?.usedAt).toBe(usedAt);
    await clock.advance(10_000);
    library.touch(hash(1));
    expect(library.get(hash(1))?.usedAt).toBe(clock.now());
  });

  it('pause - is kept for torrents', () => {
    library.remember(torrent(1));
    library.remember(web(2));
    library.setPaused(hash(1), true);
    library.setPaused(web(2).contentId, true);
    expect([library.get(hash(1))?.isPaused, library.get(web(2).contentId)?.isPaused]).toEqual([true, false]);
    library.setPaused(hash(1), false);
    expect(library.get(hash(1))?.isPaused).toBe(false);
  });

  it('included files - are kept for torrents, across another opening and another adding', () => {
    library.remember(torrent(1));
    library.remember(web(2));
    library.setIncluded(hash(1), [2, 0]);
    library.setIncluded(web(2).contentId, [0]);
    library.remember(torrent(1));
    const again = new Library(database, clock);
    expect([again.get(hash(1))?.included, again.get(web(2).contentId)?.included]).toEqual([[2, 0], []]);
    library.remove(hash(1));
    expect(library.remember(torrent(1)).included).toEqual([]);
  });

  it('count - is right for a library that was opened again', () => {
    library.remember(torrent(1));
    library.remember(torrent(2));
    expect(new Library(database, clock).count()).toBe(2);
  });
});

describe('cost', () => {
  it('queries - go by index, none scans or sorts the library', () => {
    const plans: string[] = [];
    const prepare = database.sql.prepare.bind(database.sql);
    const seen: string[] = [];
    database.sql.prepare = (text: string) => (seen.push(text), prepare(text));
    new Library(database, clock);
    const selects = seen.filter(
      (text) => /^\s*SELECT/.test(text) && !/count\(\*\)|ORDER BY t\.id$|sqlite_sequence/.test(text),
    );
    for (const text of selects) {
      const marks = [...text.matchAll(/\?/g)].map(() => 1);
      plans.push(
        ...prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${text}`)
          .all(...marks)
          .map(({ detail }) => detail),
      );
    }
    expect(selects.length).toBeGreaterThan(5);
    expect(
      plans.filter((plan) => /^SCAN (?!json_each|c USING INDEX contents_by_added_at)|TEMP B-TREE/.test(plan)),
    ).toEqual([]);
  });

  it('list - gives ten thousand entries with their files without a hang', () => {
    const count = 10_000;
    database.sql.transaction(() => {
      for (let number = 1; number <= count; number++) library.remember(torrent(number));
    })();
    const workMs = startProcessorTime();
    const entries = library.list({ limit: count, offset: 0 });
    expect(entries).toHaveLength(count);
    expect(entries.every(({ files }) => files.length === 3)).toBe(true);
    expect(workMs()).toBeLessThan(5000);
  });
});

describe('files of many', () => {
  it('files - are those of each, in their order; what is not there is missing', () => {
    for (const number of [3, 1, 2]) library.remember(torrent(number));
    const found = library.filesOfAll([hash(2), hash(3), hash(9)]);
    expect([...found.keys()].sort()).toEqual([hash(2), hash(3)].sort());
    for (const [contentId, files] of found) expect(files).toEqual(library.filesOf(contentId));
    expect(library.filesOfAll([]).size).toBe(0);
  });
});

describe('files inside archives', () => {
  const contentId = 'e'.repeat(64) as ContentId;
  const source = { kind: 'nzb', contentId, name: 'Pack', passwords: [] } as const;
  const around = [file(0, 'pack.part1.rar'), file(2, 'pack.part2.rar')];
  const member: ReleaseFile = { ...file(3, 'pack.part1.rar/film.mkv'), isMember: true };
  const release = (files: readonly ReleaseFile[]): Release => ({ contentId, name: 'Pack', files, source });

  it('members - are kept as such, and stay when only the files around them are brought again', () => {
    library.remember(release([...around, member]));
    expect(library.remember(release(around)).files).toEqual([...around, member]);
    expect(new Library(database, clock).get(contentId)?.files).toEqual([...around, member]);
  });

  it('members - are replaced by others, and go when the files around them are others', () => {
    library.remember(release([...around, member]));
    const others = [
      { ...member, sizeBytes: 7 },
      { ...member, index: 4, path: 'pack.part1.rar/b.mkv', name: 'b.mkv' },
    ];
    expect(library.remember(release([...around, ...others])).files).toEqual([...around, ...others]);
    const changed = [file(0, 'pack.rar')];
    expect(library.remember(release(changed)).files).toEqual(changed);
  });

  it('media - is kept with its file, until that is another one', () => {
    library.remember(release([...around, member]));
    expect(library.media(contentId, 3)).toBeNull();
    library.setMedia(contentId, 3, { durationSeconds: 60, tracks: ['h264'] });
    library.setMedia(contentId, 99, { nothing: true });
    library.remember(release([...around, member]));
    library.remember(release(around));
    expect(library.media(contentId, 3)).toEqual({ durationSeconds: 60, tracks: ['h264'] });
    expect(library.media(contentId, 99)).toBeNull();
    library.remember(release([...around, { ...member, sizeBytes: 7 }]));
    expect(library.media(contentId, 3)).toBeNull();
  });
});
