import { describe, expect, it } from '@jest/globals';
import { InputError, UnplayableError, UpstreamError, type Release } from '../../../backend/content/index.js';
import { fakeInfoHash, torrentRelease, torrentSource } from '../../support/fake-engine.js';
import { ask, createHarness, film, finish, signal, source } from './job-harness.js';

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

  it('job manager - knows what an address led to, once it was looked into and however that ended', async () => {
    const harness = createHarness();
    const at = { kind: 'torrent-url', url: 'http://a.example/x.torrent', trackers: [], peers: [] } as const;
    expect([harness.jobs.contentOf(at), harness.jobs.contentOf(source)]).toEqual([null, film.contentId]);
    const job = await ask(harness, { source: at });
    await finish(harness);
    harness.jobs.cancel(job.id);
    expect(harness.jobs.contentOf(at)).toBe(film.contentId);
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

  it('job manager - a later request may name the title', async () => {
    const harness = createHarness();
    await ask(harness, { source });
    await finish(harness);
    await harness.jobs.prepare({ source, titleId: 'tt7' });
    expect(harness.library.titles.get(film.contentId)).toBe('tt7');
    await harness.jobs.prepare({ source, titleId: 'tt8' });
    expect(harness.library.titles.get(film.contentId)).toBe('tt7');
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
