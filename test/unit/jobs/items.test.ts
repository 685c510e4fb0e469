import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { UnplayableError, UpstreamError, type ContentId, type NzbSource } from '../../../backend/content/index.js';
import { Items, JobManager, type Item, type ItemsOptions } from '../../../backend/jobs/index.js';
import { Deferred } from '../../../backend/jobs/deferred.js';
import { Sealer } from '../../../backend/platform/index.js';
import { ItemStore, JobStore, Library, openDatabase } from '../../../backend/storage/index.js';
import type { Database } from '../../../backend/storage/index.js';
import { ManualClock } from '../../support/manual-clock.js';
import { NotedLog } from '../../support/noted-log.js';
import { FakeUsenet, nzbRelease, nzbSource } from '../../support/nzb-lab.js';

const HOUR_MS = 3600e3;
const film = nzbRelease('Film.2024', [
  ['film.rar', 10],
  ['film.rar/Film.2024.mkv', 2_000],
]);
const source = film.source as NzbSource;
const timeouts = { prepareTimeoutMs: 120_000, linkGenerationTimeoutMs: 300_000, progressUpdateIntervalMs: 5_000 };
let clock: ManualClock;
let database: Database;
let engine: FakeUsenet;
let library: Library;
let store: ItemStore;
let jobs: JobManager;
let items: Items;
let removed: (readonly [ContentId, { readonly keepsDocument: boolean }])[];

beforeEach(() => {
  clock = new ManualClock();
  database = openDatabase(':memory:', { sealer: new Sealer('k'.repeat(32)) });
  removed = [];
  start();
  engine.know(film);
});

afterEach(async () => {
  items.close();
  await jobs.close();
  database.close();
});

/** Everything anew over the same database, as after a restart. */
function start(more: Partial<ItemsOptions> = {}): void {
  const log = new NotedLog();
  engine = new FakeUsenet();
  library = new Library(database, clock);
  store = new ItemStore(database);
  jobs = new JobManager({ engines: [engine], store: new JobStore(database), library, clock, log, timeouts });
  const removeContent: ItemsOptions['removeContent'] = (...removal) => {
    removed.push(removal);
    return Promise.resolve();
  };
  items = new Items({ store, jobs, library, removeContent, clock, log, ...more });
  items.start();
}

async function submit(request: Partial<Parameters<Items['submit']>[0]> = {}) {
  const submitting = items.submit({ source, category: 'stremio', ...request });
  submitting.catch(() => undefined);
  await clock.advance(300);
  return submitting;
}

function current(id: number): Item {
  const item = items.get(id);
  if (item === null) throw new Error('There is no such item.');
  return item;
}

describe('submitting', () => {
  it('items - a new NZB is prepared, a finished one served without any work', async () => {
    const first = await submit();
    expect(first).toMatchObject({ isCached: false, item: { name: 'Film.2024', category: 'stremio' } });
    await clock.advance(0);
    expect(current(first.item.id)).toMatchObject({ status: 'completed', percentage: 100, error: null });
    const before = engine.resolved;
    expect(await items.submit({ source, category: 'stremio' })).toMatchObject({
      item: { id: first.item.id },
      isCached: true,
      job: null,
    });
    expect(engine.resolved).toBe(before);
  });

  it('items - concurrent submissions of one content are one item and one job', async () => {
    const streamable = new Deferred<void>();
    engine.streamable = streamable.promise;
    const [one, two] = await Promise.all([submit(), submit({ source: { ...source, name: 'Another name' } })]);
    expect([two.item.id, two.job?.id]).toEqual([one.item.id, one.job?.id]);
    expect(engine.resolved).toBe(1);
    streamable.resolve();
  });

  it('items - equal names stay two, in folders of their own; other passwords are another item', async () => {
    const other = { ...nzbSource('other'), name: source.name };
    engine.know({ ...film, contentId: other.contentId });
    const all = [
      await submit(),
      await submit({ source: other }),
      await submit({ source: { ...source, passwords: ['a'] } }),
    ];
    expect(all.map(({ item }) => item.folder)).toEqual(['Film.2024', 'Film.2024 (2)', 'Film.2024 (3)']);
    expect(new Set(all.map(({ item }) => item.nzoId)).size).toBe(3);
    expect(items.byFolder('stremio', 'Film.2024 (2)')?.id).toBe(all[1]?.item.id);
  });

  it('items - one whose content left the library is prepared again', async () => {
    const { item } = await submit();
    await clock.advance(0);
    library.remove(item.contentId);
    jobs.cancelContent(item.contentId);
    expect(await submit()).toMatchObject({ isCached: false, item: { id: item.id } });
  });

  it('items - when full, the oldest failed one goes; with none failed a new one is refused', async () => {
    start({ maxItems: 2 });
    engine.know(film);
    const dead = await submit({ source: nzbSource('dead') });
    await submit();
    await submit({ source: nzbSource('dead too') });
    expect(items.get(dead.item.id)).toBeNull();
    engine.know(nzbRelease('more', [['more.mkv', 9]]));
    await submit({ source: nzbSource('more') });
    await expect(submit({ source: nzbSource('too many') })).rejects.toMatchObject({ code: 'STORAGE_FULL' });
  });
});

describe('failures', () => {
  it('items - what does not play is told again at once for an hour, unless forced, and not for other passwords', async () => {
    engine.releases.set(film.contentId, new UnplayableError('It needs a password.', 'ARCHIVE_PASSWORD'));
    const { item } = await submit();
    await clock.advance(0);
    expect(current(item.id)).toMatchObject({ status: 'failed', error: { code: 'ARCHIVE_PASSWORD' } });
    await expect(submit()).rejects.toMatchObject({ code: 'ARCHIVE_PASSWORD', message: 'It needs a password.' });
    expect(engine.resolved).toBe(1);
    await submit({ source: { ...source, passwords: ['right'] } });
    await submit({ force: true });
    expect(engine.resolved).toBe(3);
    await clock.advance(HOUR_MS);
    await submit();
    expect(engine.resolved).toBe(4);
  });

  it('items - remember failures across a restart', async () => {
    await submit({ source: nzbSource('dead') });
    await clock.advance(0);
    items.close();
    start();
    await expect(submit({ source: nzbSource('dead') })).rejects.toMatchObject({ code: 'ARTICLE_MISSING' });
    expect(engine.resolved).toBe(0);
  });

  it('items - trouble of a provider, and time that ran out, are not held against the release', async () => {
    engine.releases.set(film.contentId, new UpstreamError('Wrong password.', 'PROVIDER_AUTH'));
    const { item } = await submit();
    await clock.advance(0);
    expect(current(item.id)).toMatchObject({ status: 'failed', failedAt: null, error: { code: 'PROVIDER_AUTH' } });
    engine.know(film);
    engine.streamable = new Promise(() => undefined);
    await submit();
    await clock.advance(timeouts.prepareTimeoutMs);
    expect(current(item.id)).toMatchObject({ status: 'failed', failedAt: null });
    expect(await submit()).toMatchObject({ isCached: false });
  });

  it('items - one that plays stays listed while it is prepared again, until the release itself is to blame', async () => {
    engine.completed = new Promise(() => undefined);
    const { item } = await submit();
    const again = async (error: Error): Promise<Item> => {
      await clock.advance(timeouts.linkGenerationTimeoutMs + 1);
      const trying = new Deferred<void>();
      engine.streamable = trying.promise;
      await submit();
      expect(current(item.id).status).toBe('streamable');
      trying.reject(error);
      await clock.advance(0);
      return current(item.id);
    };
    expect(await again(new UpstreamError('Nobody.', 'PROVIDER_UNREACHABLE'))).toMatchObject({ status: 'streamable' });
    expect(await again(new UnplayableError('Gone.', 'ARTICLE_MISSING'))).toMatchObject({ status: 'failed' });
  });

  it('items - an episode that is not in it takes nothing from what plays', async () => {
    const pack = engine.know(
      nzbRelease('Show.S01', [
        ['Show.S01E01.mkv', 900],
        ['Show.S01E02.mkv', 900],
      ]),
    );
    const packed = pack.source as NzbSource;
    engine.completed = new Promise(() => undefined);
    const first = await submit({ source: packed, episode: { season: 1, episode: 1 } });
    await submit({ source: packed, episode: { season: 1, episode: 9 } });
    await clock.advance(0);
    expect(current(first.item.id)).toMatchObject({ status: 'completed', error: null });
    const missing = engine.know(nzbRelease('Show.S02', [['Show.S02E01.mkv', 900]])).source as NzbSource;
    const wrong = await submit({ source: missing, episode: { season: 2, episode: 9 } });
    await clock.advance(0);
    expect(current(wrong.item.id)).toMatchObject({ status: 'failed', error: { code: 'EPISODE_NOT_FOUND' } });
    expect(await submit({ source: missing, episode: { season: 2, episode: 1 } })).toMatchObject({ isCached: false });
  });

  it('items - an episode whose articles are missing takes nothing from the others, and is tried again', async () => {
    const episodes = [1, 2].map((number) => [`Show.S01E0${number}.mkv`, 900] as const);
    const packed = engine.know(nzbRelease('Show.S01', episodes)).source as NzbSource;
    engine.streamable = Promise.reject(new UnplayableError('Articles are missing.', 'ARTICLE_MISSING'));
    engine.streamable.catch(() => undefined);
    const { item } = await submit({ source: packed, episode: { season: 1, episode: 1 } });
    await clock.advance(0);
    expect(current(item.id)).toMatchObject({ status: 'failed', failedAt: null, error: { code: 'ARTICLE_MISSING' } });
    engine.streamable = Promise.resolve();
    await submit({ source: packed, episode: { season: 1, episode: 2 } });
    await clock.advance(0);
    expect(current(item.id)).toMatchObject({ status: 'completed' });
  });
});

describe('following', () => {
  it('items - tell every change, the last one always', async () => {
    const seen: string[] = [];
    const unsubscribe = items.subscribe(({ status }) => void seen.push(status));
    items.subscribe(() => {
      throw new Error('A listener fell over.');
    });
    const streamable = new Deferred<void>();
    const completed = new Deferred<void>();
    engine.streamable = streamable.promise;
    engine.completed = completed.promise;
    const { item } = await submit();
    expect(items.listOpen().map(({ id }) => id)).toEqual([item.id]);
    streamable.resolve();
    await clock.advance(0);
    expect(current(item.id).status).toBe('streamable');
    completed.resolve();
    await clock.advance(0);
    unsubscribe();
    expect(seen.filter((status, place) => status !== seen[place - 1])).toEqual([
      'processing',
      'streamable',
      'completed',
    ]);
    expect(items.listOpen()).toEqual([]);
  });

  it('items - one under way goes on after a restart, one whose job is gone waits to be submitted again', async () => {
    engine.streamable = new Promise(() => undefined);
    const { item } = await submit();
    await jobs.close();
    items.close();
    start();
    expect(current(item.id)).toMatchObject({ status: 'queued', percentage: 0 });
    engine.know(film);
    await jobs.start();
    await clock.advance(0);
    expect(current(item.id)).toMatchObject({ status: 'completed' });
  });

  it('items - one that played before the rest of it came is completed after a restart', async () => {
    engine.completed = new Promise(() => undefined);
    const { item } = await submit();
    await clock.advance(0);
    expect(current(item.id).status).toBe('streamable');
    await jobs.close();
    items.close();
    start();
    engine.know(film);
    await jobs.start();
    await clock.advance(0);
    expect(current(item.id)).toMatchObject({ status: 'completed', percentage: 100 });
  });

  it('items - a removed one takes its content along, unless another item has it; its folder is remembered', async () => {
    const one = await submit();
    const two = await submit({ source: { ...source, passwords: ['a'] } });
    await clock.advance(0);
    expect(await items.remove(one.item.id)).toBe(true);
    expect([library.isRemoved(film.contentId), removed]).toEqual([false, []]);
    expect(items.isRemovedFolder('stremio', 'Film.2024')).toBe(true);
    expect(await items.remove(two.item.id)).toBe(true);
    expect([library.isRemoved(film.contentId), removed]).toEqual([true, [[film.contentId, { keepsDocument: false }]]]);
    expect(await items.remove(two.item.id)).toBe(false);
    expect(items.get(one.item.id)).toBeNull();
  });
});

describe('removals', () => {
  it('items - those who listen are told of what was removed, as it was, whoever removed it', async () => {
    const told: string[] = [];
    const unsubscribe = items.subscribeRemovals(({ name, status }) => told.push(`${name} ${status}`));
    const { item } = await submit();
    await clock.advance(0);
    await items.remove(item.id);
    library.remember(film);
    items.adopt(film.contentId);
    items.forgetContent(film.contentId);
    expect(told).toEqual(['Film.2024 completed', 'Film.2024 completed']);
    unsubscribe();
    library.remember(film);
    await items.remove(items.adopt(film.contentId)?.id ?? 0);
    expect(told).toHaveLength(2);
  });

  it('items - one that expired was not unwanted', async () => {
    const { item } = await submit();
    await clock.advance(0);
    await items.remove(item.id, { isExpired: true });
    expect([library.isRemoved(film.contentId), library.isUnwanted(film.contentId)]).toEqual([true, false]);
  });
});

describe('what was not submitted', () => {
  it('items - what plays without having been submitted is an item, and goes on as its preparation does', async () => {
    const completed = new Deferred<void>();
    engine.completed = completed.promise;
    const job = await jobs.prepare({ source });
    await clock.advance(300);
    const item = store.byContent(film.contentId)[0];
    expect(item).toMatchObject({ kind: 'nzb', name: 'Film.2024', category: 'stremio', jobId: job.id });
    expect(item?.status).toBe('streamable');
    completed.resolve();
    await clock.advance(0);
    expect(current(item?.id ?? 0).status).toBe('completed');
    expect(await items.submit({ source, category: 'tv' })).toMatchObject({ isCached: true, item: { id: item?.id } });
  });

  it('items - what is in the library becomes an item once, and is forgotten with its content', () => {
    library.remember(film);
    const item = items.adopt(film.contentId);
    expect(item).toMatchObject({ status: 'completed', folder: 'Film.2024' });
    expect(items.adopt(film.contentId)).toBeNull();
    items.forgetContent(film.contentId);
    expect([store.count(), items.isRemovedFolder('stremio', 'Film.2024')]).toEqual([0, true]);
  });
});

it('items - what was submitted and not begun is prepared after the restart; what could not begin is none', async () => {
  const { item } = await submit();
  await clock.advance(0);
  store.update({ ...current(item.id), status: 'queued', stage: 'queued', jobId: null });
  library.remove(film.contentId);
  items.close();
  await jobs.close();
  start();
  engine.know(film);
  const resuming = items.resumeLost();
  await clock.advance(300);
  await resuming;
  await clock.advance(0);
  expect(current(item.id).status).toBe('completed');
  await jobs.close();
  await expect(items.submit({ source: nzbSource('Other'), category: 'tv' })).rejects.toMatchObject({ code: 'CLOSED' });
  expect(store.count()).toBe(1);
});

describe('pausing', () => {
  it('items - a paused one waits to be resumed, also after a restart', async () => {
    engine.streamable = new Promise(() => undefined);
    const { item } = await submit({ source: { ...source, passwords: ['secret'] } });
    expect(items.pause(item.id)).toBe(true);
    await clock.advance(0);
    expect(current(item.id)).toMatchObject({ status: 'queued', stage: 'paused' });
    items.close();
    await jobs.close();
    start();
    engine.know(film);
    expect(current(item.id).stage).toBe('paused');
    const resuming = items.resume(item.id);
    await clock.advance(300);
    expect(await resuming).toBe(true);
    expect(current(item.id)).toMatchObject({ status: 'completed', category: 'stremio' });
    expect([items.pause(item.id), await items.resume(item.id), items.pause(99)]).toEqual([false, false, false]);
  });
});

it('items - addresses of a submission are remembered by their sums, also of one that is refused', async () => {
  const { item } = await submit({ addressMd5s: ['a'.repeat(32)] });
  await submit({ addressMd5s: ['b'.repeat(32)] });
  await submit({ addressMd5s: ['b'.repeat(32)] });
  expect(store.addressesOf(item.id)).toEqual(['a'.repeat(32), 'b'.repeat(32)]);
});

it('items - submitted for another program, it stands in that category too; removed, it is gone from both', async () => {
  const { item } = await submit();
  await submit({ category: 'tv', name: 'Film 2024 (TV)', isFiledByCategory: true });
  await submit({ category: 'tv', name: 'Yet another name', isFiledByCategory: true });
  await submit({ category: 'stremio' });
  expect(store.placesOf(item.id)).toEqual([
    { category: 'stremio', folder: 'Film.2024' },
    { category: 'tv', folder: 'Film.2024' },
  ]);
  expect(items.byFolder('tv', 'Film.2024')).toMatchObject({ id: item.id, category: 'tv', name: 'Film.2024' });
  await items.remove(item.id);
  expect(items.isRemovedFolder('stremio', 'Film.2024') && items.isRemovedFolder('tv', 'Film.2024')).toBe(true);
});

it('items - are found by their NZB and its passwords, also what is refused', async () => {
  const { item } = await submit();
  const locked = { ...source, passwords: ['one'] };
  expect([items.bySource(source)?.id, items.bySource(locked)]).toEqual([item.id, null]);
});
