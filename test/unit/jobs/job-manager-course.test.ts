import { describe, expect, it } from '@jest/globals';
import { getEventListeners } from 'node:events';
import { fakeInfoHash, torrentSource } from '../../support/fake-engine.js';
import { ask, createHarness, film, finish, signal, source, TIMEOUTS, type Harness } from './job-harness.js';

describe('job manager, time', () => {
  const reasons: [string, Parameters<Harness['engine']['resolving'][number]['report']>[0] | null, string][] = [
    ['no peers', { stage: 'connecting', fraction: 0, message: '', lacks: 'peers' }, 'NO_PEERS'],
    ['no peers', { stage: 'connecting', fraction: 0, message: '', lacks: 'swarm' }, 'PEERS_UNKNOWN'],
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

describe('job manager, what was removed', () => {
  it('job manager - a removed content stays removed where the request says so, known by itself or by its address', async () => {
    const harness = createHarness();
    harness.library.remove(film.contentId);
    const known = await ask(harness, { source, refusesRemoved: true });
    const address = { kind: 'torrent-url', url: 'https://indexer.example/1', trackers: [], peers: [] } as const;
    const told = await ask(harness, { source: address, refusesRemoved: true });
    expect(harness.engine.resolving).toHaveLength(1);
    await finish(harness);
    for (const { id } of [known, told]) {
      expect(harness.jobs.get(id)).toMatchObject({ state: 'failed', error: { code: 'GONE' } });
    }
    expect(harness.library.isRemoved(film.contentId)).toBe(true);
  });

  it('job manager - a removed content comes back where somebody asks for it all the same', async () => {
    const harness = createHarness();
    harness.library.remove(film.contentId);
    const address = { kind: 'torrent-url', url: 'https://indexer.example/1', trackers: [], peers: [] } as const;
    const job = await ask(harness, { source: address, refusesRemoved: true });
    await ask(harness, { source: address });
    await finish(harness);
    expect(harness.jobs.get(job.id)?.state).toBe('completed');
    expect(harness.library.isRemoved(film.contentId)).toBe(false);
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

describe('job manager, signals', () => {
  it('job manager - a thousand waits that were given up leave no listener behind', async () => {
    const harness = createHarness();
    const job = await ask(harness, { source });
    const controllers = Array.from({ length: 1_000 }, () => new AbortController());
    const waits = controllers.map((controller) => harness.jobs.untilStreamable(job.id, { signal: controller.signal }));
    for (const controller of controllers) controller.abort(new Error('gone'));
    const outcomes = await Promise.allSettled(waits);
    expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true);
    expect(controllers.flatMap((controller) => getEventListeners(controller.signal, 'abort'))).toEqual([]);
    const engineSignal = harness.engine.resolving[0]?.signal;
    await finish(harness);
    expect(engineSignal === undefined ? null : getEventListeners(engineSignal, 'abort')).toEqual([]);
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
