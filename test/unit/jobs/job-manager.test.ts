import { describe, expect, it } from '@jest/globals';
import { InputError, UnplayableError, UpstreamError, type Job, type Release } from '../../../backend/content/index.js';
import { fakeInfoHash, torrentRelease, torrentSource } from '../../support/fake-engine.js';
import { createHarness, TIMEOUTS, type Harness } from './job-harness.js';

const film = torrentRelease('film', [
  ['readme.txt', 10],
  ['film.mkv', 5_000],
  ['other.mkv', 4_000],
  ['.pad/1', 100],
]);
const source = film.source;
const signal = new AbortController().signal;

/** Asks, lets the decision window pass, and gives the answer. */
async function ask(harness: Harness, request: Parameters<Harness['jobs']['prepare']>[0]): Promise<Job> {
  const answer = harness.jobs.prepare(request);
  answer.catch(() => undefined);
  await harness.clock.advance(300);
  return answer;
}

/** Up to streamable: metadata found, file prepared. */
async function finish({ clock, engine }: Harness, release: Release = film): Promise<void> {
  for (const call of engine.resolving.splice(0)) call.resolve(release);
  await clock.advance(0);
  for (const call of engine.preparing.splice(0)) if (call.file) call.resolve(engine.prepared(release, call.file));
  await clock.advance(0);
}

describe('job manager, ids', () => {
  it('job manager - names the file where metadata is known at once', async () => {
    const harness = createHarness();
    harness.engine.autoRelease = film;
    const job = await harness.jobs.prepare({ source });
    expect(job).toMatchObject({ fileIndex: 1, fileName: 'film.mkv', contentId: film.contentId });
    expect(job.id).toBe(`${film.contentId}:1:${harness.clock.now()}`);
  });

  it('job manager - answers "auto" after 300 ms, and keeps that id when the file is known', async () => {
    const harness = createHarness();
    const job = await ask(harness, { source });
    expect(job.id).toMatch(new RegExp(`^${film.contentId}:auto:\\d+$`));
    expect(job.fileIndex).toBeNull();
    await finish(harness);
    expect(harness.jobs.get(job.id)).toMatchObject({ id: job.id, fileIndex: 1, state: 'completed' });
  });

  it('job manager - does not wait longer than 300 ms, whatever the network does', async () => {
    const harness = createHarness();
    let answered = false;
    const answer = harness.jobs.prepare({ source }).then(() => (answered = true));
    await harness.clock.advance(299);
    expect(answered).toBe(false);
    await harness.clock.advance(1);
    await answer;
    expect(answered).toBe(true);
  });

  it('job manager - calls a torrent at an address by the hash of the address until it is known', async () => {
    const harness = createHarness();
    const request = {
      source: { kind: 'torrent-url', url: 'http://a.example/x.torrent', trackers: [], peers: [] },
    } as const;
    const job = await ask(harness, request);
    expect(job.id).toMatch(/^[0-9a-f]{64}:auto:\d+$/);
    expect(job.contentId).toBeNull();
    await finish(harness);
    expect(harness.jobs.get(job.id)).toMatchObject({ id: job.id, contentId: film.contentId, fileIndex: 1 });
  });

  it('job manager - two jobs never share an id, though the clock stands still', async () => {
    const harness = createHarness();
    harness.engine.autoRelease = film;
    const first = await harness.jobs.prepare({ source });
    harness.jobs.cancel(first.id);
    const second = await harness.jobs.prepare({ source });
    expect(second.id).not.toBe(first.id);
  });
});

describe('job manager, single flight', () => {
  it('job manager - twenty requests at once are one job and one look-up', async () => {
    const harness = createHarness();
    const answers = Array.from({ length: 20 }, () => harness.jobs.prepare({ source }));
    await harness.clock.advance(300);
    const ids = new Set((await Promise.all(answers)).map(({ id }) => id));
    expect(ids.size).toBe(1);
    expect(harness.engine.resolving).toHaveLength(1);
    await finish(harness);
    expect((await harness.jobs.prepare({ source })).id).toBe([...ids][0]);
    expect(harness.jobs.list()).toHaveLength(1);
  });

  it('job manager - the file asked for by number joins the job that chose it', async () => {
    const harness = createHarness();
    const auto = await ask(harness, { source });
    await finish(harness);
    expect((await harness.jobs.prepare({ source, fileIndex: 1 })).id).toBe(auto.id);
    expect((await ask(harness, { source, fileIndex: 2 })).id).not.toBe(auto.id);
  });

  it('job manager - a job that turns out to be another one is its alias for good', async () => {
    const harness = createHarness();
    const chosen = await ask(harness, { source, fileIndex: 1 });
    const auto = await ask(harness, { source });
    expect(auto.id).not.toBe(chosen.id);
    expect(harness.engine.resolving).toHaveLength(2);
    await finish(harness);
    expect(harness.engine.opened).toHaveLength(0);
    expect(harness.jobs.list().map(({ id }) => id)).toEqual([chosen.id]);
    expect(harness.jobs.get(auto.id)).toMatchObject({ id: auto.id, state: 'completed', fileIndex: 1 });
    expect(harness.store.rows.get(auto.id)?.aliasOf).toBe(chosen.id);
    expect((await harness.jobs.untilStreamable(auto.id, { signal })).id).toBe(auto.id);
  });

  it('job manager - whoever waits for the alias is told when the other is ready', async () => {
    const harness = createHarness();
    await ask(harness, { source, fileIndex: 1 });
    const auto = await ask(harness, { source });
    const waiting = harness.jobs.untilStreamable(auto.id, { signal });
    await finish(harness);
    expect(await waiting).toMatchObject({ id: auto.id, state: 'completed' });
  });

  it('job manager - inside the window the other job answers, without an alias', async () => {
    const harness = createHarness();
    const chosen = await ask(harness, { source, fileIndex: 1 });
    harness.engine.autoRelease = film;
    expect((await harness.jobs.prepare({ source })).id).toBe(chosen.id);
  });

  it('job manager - a later request adds its peers and its urgency', async () => {
    const harness = createHarness();
    await ask(harness, { source, priority: 'background' });
    for (const call of harness.engine.resolving.splice(0)) call.resolve(film);
    await harness.clock.advance(0);
    expect(harness.engine.preparing[0]?.priority()).toBe('background');
    const more = { ...torrentSource('film'), peers: ['127.0.0.1:6881'] };
    await harness.jobs.prepare({ source: more, priority: 'play' });
    expect(harness.engine.learnt).toEqual([more]);
    expect(harness.engine.preparing[0]?.priority()).toBe('play');
  });

  it('job manager - after a failure the next request is a new attempt, and the old one can still be asked about', async () => {
    const harness = createHarness();
    const first = await ask(harness, { source });
    harness.engine.resolving.splice(0).forEach((call) => call.reject(new UpstreamError('gone wrong')));
    await harness.clock.advance(1);
    const second = await ask(harness, { source });
    expect(second.id).not.toBe(first.id);
    expect(harness.jobs.get(first.id)).toMatchObject({
      state: 'failed',
      error: { code: 'UPSTREAM', message: 'gone wrong' },
    });
    expect(harness.engine.resolving).toHaveLength(1);
  });

  it('job manager - what was removed is prepared anew', async () => {
    const harness = createHarness();
    harness.engine.autoRelease = film;
    harness.engine.isInstant = true;
    const first = await harness.jobs.prepare({ source });
    await harness.clock.advance(1);
    harness.library.remove(film.contentId);
    await expect(harness.jobs.open(first.id, { signal })).rejects.toMatchObject({ code: 'GONE' });
    expect((await harness.jobs.prepare({ source })).id).not.toBe(first.id);
  });
});

describe('job manager, what cannot be', () => {
  it('job manager - NZBs are refused before there is a job', async () => {
    const harness = createHarness();
    const request = { source: { kind: 'nzb-url', url: 'http://a.example/x.nzb' } } as const;
    await expect(harness.jobs.prepare(request)).rejects.toMatchObject({
      code: 'USENET_UNAVAILABLE',
      name: 'UnsupportedError',
    });
    expect(harness.jobs.list()).toEqual([]);
  });

  it('job manager - a file number that does not exist is the caller’s fault where metadata is known', async () => {
    const harness = createHarness();
    harness.engine.autoRelease = film;
    await expect(harness.jobs.prepare({ source, fileIndex: 9 })).rejects.toBeInstanceOf(InputError);
    await expect(harness.jobs.prepare({ source, fileIndex: 3 })).rejects.toMatchObject({ code: 'NO_SUCH_FILE' });
    expect(harness.jobs.list()).toEqual([]);
    expect(harness.store.rows.size).toBe(0);
  });

  it('job manager - a file number that turns out not to exist later fails the job', async () => {
    const harness = createHarness();
    const job = await ask(harness, { source, fileIndex: 9 });
    await finish(harness);
    expect(harness.jobs.get(job.id)).toMatchObject({ state: 'failed', error: { code: 'NO_SUCH_FILE' } });
  });

  const choices: [string, Release, { season: number; episode: number } | undefined, string][] = [
    ['no video', torrentRelease('texts', [['a.txt', 5]]), undefined, 'NO_VIDEO'],
    ['no video for an episode', torrentRelease('texts', [['a.txt', 5]]), { season: 1, episode: 1 }, 'NO_VIDEO'],
    [
      'another episode',
      torrentRelease('pack', [['Show.S01E01.mkv', 5]]),
      { season: 1, episode: 2 },
      'EPISODE_NOT_FOUND',
    ],
  ];
  it.each(choices)('job manager - %s is a failure with its own code', async (_title, release, episode, code) => {
    const harness = createHarness();
    harness.engine.autoRelease = release;
    const job = await harness.jobs.prepare({ source: release.source, ...(episode ? { episode } : {}) });
    expect(job).toMatchObject({ state: 'failed', error: { code } });
    await expect(harness.jobs.open(job.id, { signal })).rejects.toBeInstanceOf(UnplayableError);
  });

  it('job manager - another torrent behind the address than the one asked for', async () => {
    const harness = createHarness();
    const contentId = fakeInfoHash('another');
    const at = { kind: 'torrent-url', url: 'http://a.example/x.torrent', trackers: [], peers: [] } as const;
    const job = await ask(harness, { source: at, contentId });
    await finish(harness);
    expect(harness.jobs.get(job.id)).toMatchObject({ state: 'failed', error: { code: 'OTHER_CONTENT' } });
  });

  it('job manager - an error of nobody’s is told without its words, and logged with them', async () => {
    const harness = createHarness();
    const job = await ask(harness, { source });
    harness.engine.resolving.splice(0).forEach((call) => call.reject(new TypeError('secret path /x/y')));
    await harness.clock.advance(0);
    expect(harness.jobs.get(job.id)?.error?.code).toBe('INTERNAL');
    expect(JSON.stringify(harness.jobs.get(job.id))).not.toContain('secret');
    expect(harness.log.lines.find(({ level }) => level === 'error')?.fields).toHaveProperty('error');
  });

  it('job manager - refuses new preparations when full, and takes them again later', async () => {
    const harness = createHarness({ limits: { maxActive: 2, maxKept: 10 } });
    const first = await ask(harness, { source: torrentSource('1') });
    await ask(harness, { source: torrentSource('2') });
    await expect(ask(harness, { source: torrentSource('3') })).rejects.toMatchObject({ code: 'BUSY' });
    harness.jobs.cancel(first.id);
    expect((await ask(harness, { source: torrentSource('3') })).state).not.toBe('failed');
  });

  it('job manager - forgets the settled job that was used the longest ago when full', async () => {
    const harness = createHarness({ limits: { maxActive: 2, maxKept: 2 } });
    const [first, second] = [
      await ask(harness, { source: torrentSource('1') }),
      await ask(harness, { source: torrentSource('2') }),
    ];
    harness.jobs.cancel(first.id);
    await harness.clock.advance(1);
    harness.jobs.cancel(second.id);
    await ask(harness, { source: torrentSource('3') });
    expect(harness.jobs.get(first.id)).toBeNull();
    expect(harness.jobs.get(second.id)).not.toBeNull();
    expect([...harness.store.rows.keys()]).not.toContain(first.id);
  });
});

describe('job manager, time', () => {
  const reasons: [string, Parameters<Harness['engine']['resolving'][number]['report']>[0] | null, string][] = [
    ['no peers', { stage: 'connecting', fraction: 0, message: '', lacks: 'peers' }, 'NO_PEERS'],
    ['no metadata', { stage: 'connecting', fraction: 0, message: '', lacks: 'metadata' }, 'NO_METADATA'],
    ['no metadata', null, 'NO_METADATA'],
    ['articles missing', { stage: 'downloading', fraction: 0, message: '', lacks: 'articles' }, 'ARTICLE_MISSING'],
  ];
  it.each(reasons)('job manager - fails at the deadline with "%s", polled or not', async (message, report, code) => {
    const harness = createHarness();
    const job = await ask(harness, { source });
    if (report !== null) harness.engine.resolving[0]?.report(report);
    await harness.clock.advance(TIMEOUTS.prepareTimeoutMs - 301);
    expect(harness.jobs.get(job.id)?.error).toBeNull();
    await harness.clock.advance(1);
    expect(harness.jobs.get(job.id)).toMatchObject({ state: 'failed', progress: 0, error: { code, message } });
    expect(harness.engine.resolving[0]?.signal.aborted).toBe(true);
  });

  it('job manager - the deadline of a prepared file says whether peers or bytes were missing', async () => {
    const harness = createHarness();
    const job = await ask(harness, { source });
    harness.engine.resolving.splice(0).forEach((call) => call.resolve(film));
    await harness.clock.advance(TIMEOUTS.prepareTimeoutMs);
    expect(harness.jobs.get(job.id)?.error?.message).toBe('no peers');
  });

  it('job manager - a settled job is forgotten after its last use, not before', async () => {
    const harness = createHarness();
    await harness.jobs.start();
    const job = await ask(harness, { source });
    await finish(harness);
    await harness.clock.advance(TIMEOUTS.linkGenerationTimeoutMs - 1);
    harness.jobs.touch(job.id);
    await harness.clock.advance(TIMEOUTS.linkGenerationTimeoutMs - 1);
    expect(harness.jobs.get(job.id)).not.toBeNull();
    await harness.clock.advance(1);
    expect(harness.jobs.get(job.id)).toBeNull();
    expect(harness.store.rows.size).toBe(0);
  });

  it('job manager - a forgotten job is taken off the disk though nobody asks', async () => {
    const harness = createHarness();
    await harness.jobs.start();
    await ask(harness, { source });
    await finish(harness);
    await harness.clock.advance(2 * TIMEOUTS.linkGenerationTimeoutMs);
    expect(harness.store.rows.size).toBe(0);
    await harness.jobs.close();
    expect(harness.clock.pending).toBe(0);
  });

  it('job manager - an open reader keeps its job alive, a closed one starts the time anew', async () => {
    const harness = createHarness();
    await harness.jobs.start();
    const job = await ask(harness, { source });
    await finish(harness);
    const file = await harness.jobs.open(job.id, { signal });
    const reader = file.open({ start: 0, end: 5_000 }, { signal })[Symbol.asyncIterator]();
    await reader.next();
    await harness.clock.advance(10 * TIMEOUTS.linkGenerationTimeoutMs);
    expect(harness.jobs.get(job.id)).not.toBeNull();
    await reader.return?.();
    await harness.clock.advance(TIMEOUTS.linkGenerationTimeoutMs - 1);
    expect(harness.jobs.get(job.id)).not.toBeNull();
    await harness.clock.advance(1);
    expect(harness.jobs.get(job.id)).toBeNull();
  });
});

describe('job manager, events and log', () => {
  it('job manager - tells each state at once, progress once per interval, the end always', async () => {
    const harness = createHarness();
    const told: [string, number][] = [];
    harness.jobs.subscribe(({ state, progress }) => told.push([state, progress]));
    await ask(harness, { source, fileIndex: 1 });
    const call = harness.engine.resolving[0];
    for (let step = 0; step <= 10; step += 1) call?.report({ stage: 'connecting', fraction: step / 10, message: 'x' });
    expect(told.at(-1)).toEqual(['connecting', 10]);
    await harness.clock.advance(TIMEOUTS.progressUpdateIntervalMs);
    expect(told.at(-1)).toEqual(['connecting', 50]);
    await finish(harness);
    expect(told.slice(-2)).toEqual([
      ['streamable', 100],
      ['completed', 100],
    ]);
    expect(told.length).toBeLessThanOrEqual(6);
  });

  it('job manager - a listener that throws harms nobody', async () => {
    const harness = createHarness();
    const told: string[] = [];
    harness.jobs.subscribe(() => {
      throw new Error('listener');
    });
    const end = harness.jobs.subscribe(({ state }) => told.push(state));
    await ask(harness, { source });
    end();
    await finish(harness);
    expect(told).toEqual(['resolving']);
    expect(harness.log.lines.some(({ level }) => level === 'error')).toBe(true);
  });

  it('job manager - tells of a job under each of its ids', async () => {
    const harness = createHarness();
    const chosen = await ask(harness, { source, fileIndex: 1 });
    const auto = await ask(harness, { source });
    const ready = new Set<string>();
    harness.jobs.subscribe(({ id, state }) => state === 'completed' && ready.add(id));
    await finish(harness);
    expect(ready).toEqual(new Set([chosen.id, auto.id]));
  });

  it('job manager - logs the lines of the contract, with the id', async () => {
    const harness = createHarness();
    const job = await ask(harness, { source });
    await finish(harness);
    expect(harness.log.messages).toContain(`Background: Starting stream preparation for ${job.id}`);
    expect(harness.log.messages).toContain(`Background: Stream ready via p2p for ${job.id}`);
  });
});

describe('job manager, cancelling', () => {
  it('job manager - a cancelled job has failed as cancelled, and its engine is told', async () => {
    const harness = createHarness();
    const job = await ask(harness, { source });
    const waiting = harness.jobs.untilStreamable(job.id, { signal });
    expect(harness.jobs.cancel(job.id)).toBe(true);
    expect(await waiting).toMatchObject({ state: 'cancelled', error: { message: 'Cancelled' } });
    expect(harness.engine.resolving[0]?.signal.aborted).toBe(true);
    expect(harness.jobs.cancel(job.id)).toBe(false);
    await expect(harness.jobs.open(job.id, { signal })).rejects.toMatchObject({ code: 'CANCELLED' });
  });

  it('job manager - there is nothing to cancel in a completed or unknown job', async () => {
    const harness = createHarness();
    const job = await ask(harness, { source });
    await finish(harness);
    expect(harness.jobs.cancel(job.id)).toBe(false);
    expect(harness.jobs.cancel('nonsense')).toBe(false);
  });

  it('job manager - all jobs of a content end with it', async () => {
    const harness = createHarness();
    await ask(harness, { source, fileIndex: 1 });
    await ask(harness, { source, fileIndex: 2 });
    await ask(harness, { source: torrentSource('x') });
    expect(harness.jobs.cancelContent(film.contentId)).toBe(2);
  });

  it('job manager - who gives up waiting gets the signal’s own reason, and leaves nothing behind', async () => {
    const harness = createHarness();
    const job = await ask(harness, { source });
    const reason = new Error('gone');
    const controller = new AbortController();
    const waiting = harness.jobs.untilStreamable(job.id, { signal: controller.signal });
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    await expect(harness.jobs.untilStreamable('nonsense', { signal })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('job manager, after a restart', () => {
  it('job manager - goes on under the same id after kill -9 during preparation', async () => {
    const harness = createHarness();
    const job = await ask(harness, { source });
    harness.engine.resolving[0]?.report({ stage: 'connecting', fraction: 0.5, message: 'x' });
    const restarted = harness.again({ store: harness.store.copy() });
    harness.engine.resolving.length = 0;
    await restarted.start();
    expect(restarted.get(job.id)).toMatchObject({ id: job.id, state: 'connecting' });
    await finish(harness);
    expect(restarted.get(job.id)).toMatchObject({ id: job.id, state: 'completed', fileIndex: 1 });
    expect((await restarted.prepare({ source })).id).toBe(job.id);
  });

  it('job manager - a restored preparation has its deadline too', async () => {
    const harness = createHarness();
    const job = await ask(harness, { source });
    const restarted = harness.again({ store: harness.store.copy() });
    await restarted.start();
    await harness.clock.advance(TIMEOUTS.prepareTimeoutMs);
    expect(restarted.get(job.id)).toMatchObject({ state: 'failed', error: { code: 'NO_METADATA' } });
  });

  it('job manager - a ready job opens again when it is read', async () => {
    const harness = createHarness();
    const job = await ask(harness, { source });
    await finish(harness);
    const restarted = harness.again({ store: harness.store.copy() });
    await restarted.start();
    expect(harness.engine.opened).toHaveLength(0);
    const file = await restarted.open(job.id, { signal });
    expect(file).toMatchObject({ name: 'film.mkv', sizeBytes: 5_000 });
    expect(harness.engine.opened).toHaveLength(1);
    expect((await restarted.prepare({ source, fileIndex: 1 })).id).toBe(job.id);
  });

  it('job manager - aliases and failures are still known', async () => {
    const harness = createHarness();
    const chosen = await ask(harness, { source, fileIndex: 1 });
    const auto = await ask(harness, { source });
    await finish(harness);
    const failing = await ask(harness, { source: torrentSource('dead') });
    await harness.clock.advance(TIMEOUTS.prepareTimeoutMs);
    const restarted = harness.again({ store: harness.store.copy() });
    await restarted.start();
    expect(restarted.get(auto.id)).toMatchObject({ id: auto.id, state: 'completed' });
    expect(restarted.list().map(({ id }) => id)).toEqual([chosen.id, failing.id]);
    expect(restarted.get(failing.id)).toMatchObject({ state: 'failed', error: { message: 'no metadata' } });
    await expect(restarted.open(failing.id, { signal })).rejects.toMatchObject({ code: 'NO_METADATA' });
  });

  it('job manager - a clean stop keeps what was being prepared, and answers nobody falsely', async () => {
    const harness = createHarness();
    const job = await ask(harness, { source });
    await harness.jobs.close();
    await harness.jobs.close();
    expect(harness.store.rows.get(job.id)?.state).toBe('resolving');
    await expect(harness.jobs.prepare({ source })).rejects.toMatchObject({ code: 'CLOSED' });
    expect(harness.clock.pending).toBe(0);
  });

  it('job manager - a disk that does not write costs the memory, not the job', async () => {
    const harness = createHarness();
    harness.store.insert = () => {
      throw new Error('disk full');
    };
    const job = await ask(harness, { source });
    await finish(harness);
    expect(harness.jobs.get(job.id)?.state).toBe('completed');
  });
});

describe('job manager, content of the library', () => {
  it('job manager - opens a file without a job', async () => {
    const harness = createHarness();
    harness.library.remember(film);
    expect(await harness.jobs.openContent(film.contentId, 2, { signal })).toMatchObject({ name: 'other.mkv' });
    expect(harness.library.touched).toEqual([film.contentId]);
  });

  it('job manager - knows gone from unknown', async () => {
    const harness = createHarness();
    harness.library.remember(film);
    await expect(harness.jobs.openContent(film.contentId, 9, { signal })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(harness.jobs.openContent(film.contentId, 3, { signal })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(harness.jobs.openContent(fakeInfoHash('?'), 0, { signal })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    harness.library.remove(film.contentId);
    await expect(harness.jobs.openContent(film.contentId, 1, { signal })).rejects.toMatchObject({ code: 'GONE' });
  });

  it('job manager - what is known of a torrent is not looked up again, and is completed with what is new', async () => {
    const harness = createHarness();
    harness.library.remember(film, { titleId: 'tt1' });
    const more = { ...torrentSource('film'), trackers: ['http://t.example/announce'] };
    const job = await harness.jobs.prepare({ source: more, titleId: 'tt2' });
    expect(job.fileIndex).toBe(1);
    expect(harness.engine.resolving).toHaveLength(0);
    expect(harness.engine.preparing[0]?.source).toMatchObject({ trackers: more.trackers });
    expect(harness.library.titles.get(film.contentId)).toBe('tt2');
  });
});
