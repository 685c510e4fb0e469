// The play address against a running server: bytes on the address itself, waits that end, clips that say why.

import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { NotFoundError, UnplayableError, type Release } from '../../backend/content/index.js';
import { ask, askJson, askRange, open, sha256 } from '../support/http.js';
import { ManualClock } from '../support/manual-clock.js';
import { byteAt, makeRelease, StremioHarness } from '../support/stremio-harness.js';
import { until } from '../support/until.js';

const SIZE = 300_000;
const HOLD_MS = 150;
const env = { PLAY_HOLD: `${HOLD_MS}ms`, PLAY_DEADLINE: '400ms' };

describe('play address', () => {
  let harness: StremioHarness;
  let film: Release;
  let clock: ManualClock;

  beforeEach(async () => {
    clock = new ManualClock();
    harness = await StremioHarness.open({ clock, env });
    film = harness.keep(
      makeRelease('A Film', [
        ['A Film.mkv', SIZE],
        ['Sample.mkv', 10],
      ]),
      'tt0000009',
    );
  });
  afterEach(() => harness.close());

  const playUrl = async (id = 'tt0000009'): Promise<string> => {
    const { json } = await askJson(`${harness.base}/stream/movie/${id}.json`);
    return (json['streams'] as { url: string }[])[0]?.url ?? '';
  };

  /** Asks, and lets the time pass for which one request is held. */
  const waitOut = async (url: string): ReturnType<typeof ask> => {
    const answering = ask(url);
    await until('it is held', () => clock.sleeping === 1, { everyMs: 2 });
    await clock.advance(HOLD_MS);
    return answering;
  };

  /** Waits as a player does that follows every redirect; notes where each leads. */
  const waitToTheEnd = async (url: string, hops: string[] = []): ReturnType<typeof ask> => {
    let answer = await waitOut(url);
    while (answer.status === 307) {
      hops.push(answer.headers.location ?? '');
      answer = await waitOut(answer.headers.location ?? '');
    }
    return answer;
  };

  const showsClip = (answer: { status: number; headers: Record<string, unknown> }, reason: string): void => {
    expect(answer.status).toBe(200);
    expect(answer.headers['content-disposition']).toContain(`headstart-${reason}.mp4`);
    expect(answer.headers['content-type']).toBe('video/mp4');
    expect(answer.headers['cache-control']).toContain('no-store');
    expect(answer.headers['accept-ranges']).toBe('bytes');
  };

  it('get - prepares and serves the whole file and any range of it on the same address', async () => {
    const url = await playUrl();
    const whole = await ask(url);
    const expected = Buffer.from(Uint8Array.from({ length: SIZE }, (_, position) => byteAt(position)));
    expect([whole.status, sha256(whole.body)]).toEqual([200, sha256(expected)]);
    const part = await askRange(url, 100_000, 100_100);
    expect([part.status, part.body.equals(expected.subarray(100_000, 100_100))]).toEqual([206, true]);
    expect(harness.engine.prepared).toEqual(['A Film.mkv']);
  });

  it('head - is answered before anything is prepared, and prepares nothing', async () => {
    harness.engine.hold();
    const { status, headers, body } = await ask(await playUrl(), { method: 'HEAD' });
    expect([status, headers['content-type'], body.length]).toEqual([200, 'video/x-matroska', 0]);
    expect(headers['content-length']).toBe(String(SIZE));
    expect(headers['access-control-allow-origin']).toBe('*');
    expect(harness.engine.prepared).toEqual([]);
  });

  it('head - carries the validators of the file once it is there', async () => {
    const url = await playUrl();
    const { headers } = await ask(url);
    expect((await ask(url, { method: 'HEAD' })).headers.etag).toBe(headers.etag);
  });

  it('twenty requests of one tap - are one preparation', async () => {
    const release = harness.engine.hold();
    const url = await playUrl();
    const answers = Array.from({ length: 20 }, () => askRange(url, 0, 10));
    await harness.engine.begun();
    release();
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual(Array(20).fill(206));
    expect(harness.engine.prepared).toEqual(['A Film.mkv']);
  });

  it('wait - redirects to itself after the hold, counts, and ends in a clip at the deadline', async () => {
    harness.engine.hold();
    const url = await playUrl();
    const hops: string[] = [];
    showsClip(await waitToTheEnd(url, hops), 'preparing');
    expect(hops).toHaveLength(2);
    hops.forEach((hop, index) => {
      expect(hop.split('?')[0]).toBe(url);
      expect(new URL(hop).searchParams.get('hop')).toBe(String(index + 1));
    });
  });

  it('wait - a redirect that is followed gets the bytes once they are there', async () => {
    const release = harness.engine.hold();
    const held = await waitOut(await playUrl());
    expect([held.status, held.headers['cache-control']]).toEqual([307, 'private, no-store']);
    release();
    const { status, body } = await askRange(held.headers.location ?? '', 5, 6);
    expect([status, body[0]]).toEqual([206, byteAt(5)]);
  });

  it('failure - is tried anew once the news servers are others', async () => {
    const fail = harness.engine.hold();
    const url = await playUrl();
    const answer = ask(url);
    await harness.engine.begun();
    fail(new UnplayableError('Too much of this release is missing.', 'ARTICLE_MISSING'));
    showsClip(await answer, 'articles-missing');
    await clock.advance(1);
    const release = harness.engine.hold();
    for (const tell of harness.newsServerListeners) tell();
    const again = askRange(url, 0, 10);
    await until('it is prepared again', () => harness.engine.prepared.length === 2);
    release();
    expect((await again).status).toBe(206);
  });

  it('failure - shows the clip for its reason at once, and again without a new attempt', async () => {
    const fail = harness.engine.hold();
    const url = await playUrl();
    const answer = ask(url);
    await harness.engine.begun();
    fail(new UnplayableError('The episode is not in this release.', 'EPISODE_NOT_FOUND'));
    showsClip(await answer, 'wrong-episode');
    showsClip(await ask(url), 'wrong-episode');
    expect(harness.engine.prepared).toHaveLength(1);
  });

  it('clip - can be sought in, even when the film has become ready meanwhile', async () => {
    const release = harness.engine.hold();
    const url = await playUrl();
    const answer = await waitToTheEnd(url);
    release();
    const part = await askRange(url, 1_000, 1_100);
    expect([part.status, part.body.equals(answer.body.subarray(1_000, 1_100))]).toEqual([206, true]);
  });

  it('failure meanwhile - is told by its own clip to whoever opens the address again', async () => {
    const fail = harness.engine.hold();
    const url = await playUrl();
    showsClip(await waitToTheEnd(url), 'preparing');
    fail(new UnplayableError('There is no video in it.', 'NO_VIDEO'));
    const [job] = harness.jobs.list();
    await harness.jobs.untilStreamable(job?.id ?? '', { signal: new AbortController().signal });
    showsClip(await ask(url), 'unplayable');
  });

  it('client gone - its wait is let go, the preparation is not', async () => {
    const release = harness.engine.hold();
    const url = await playUrl();
    const leaving = new AbortController();
    const left = open(url, { signal: leaving.signal }).catch(() => undefined);
    await harness.engine.begun();
    leaving.abort();
    await left;
    release();
    expect((await askRange(url, 0, 1)).status).toBe(206);
    expect(harness.engine.prepared).toHaveLength(1);
  });

  it('client gone mid-stream - the server forgets it', async () => {
    const response = await open(await playUrl('tt2285752'));
    await once(response, 'readable');
    response.destroy();
    expect((await ask(`${harness.base}/manifest.json`)).status).toBe(200);
  });

  it('wrong key - a player gets the clip that says so', async () => {
    const url = (await playUrl()).replace(harness.access.addonKey, 'x'.repeat(22));
    showsClip(await ask(url), 'unauthorised');
    expect((await ask(url, { method: 'HEAD' })).headers['content-type']).toBe('video/mp4');
    expect(harness.engine.prepared).toEqual([]);
  });

  it('addresses that stand for nothing - have a status of their own, readable by pages', async () => {
    const never = `${harness.base}/play/${'A'.repeat(22)}/0/film.mkv`;
    const url = await playUrl();
    harness.library.remove(film.contentId);
    const answers = await Promise.all([ask(never), ask(url), ask(url.replace('/0/', '/x/'))]);
    expect(answers.map(({ status }) => status)).toEqual([404, 410, 400]);
    expect(answers.every(({ headers }) => headers['access-control-allow-origin'] === '*')).toBe(true);
  });

  it('what left the library because nobody used it - plays again from its address', async () => {
    const url = await playUrl();
    harness.library.remove(film.contentId, { isExpired: true });
    expect((await ask(url, { headers: { range: 'bytes=0-9' } })).status).toBe(206);
    expect(harness.library.isRemoved(film.contentId)).toBe(false);
  });

  it('catalogue - its addresses play although nothing was ever listed or kept', async () => {
    const url = await playUrl('tt1254207');
    const fresh = await StremioHarness.open();
    try {
      const { status, headers } = await askRange(url.replace(harness.origin, fresh.origin), 0, 4);
      expect([status, headers['content-range']]).toEqual([206, 'bytes 0-3/276134947']);
    } finally {
      await fresh.close();
    }
  });

  it('engine without words - an error of no known kind is the general clip, not a hanging player', async () => {
    const fail = harness.engine.hold();
    const answer = ask(await playUrl());
    await harness.engine.begun();
    fail(new NotFoundError('gone from the swarm'));
    showsClip(await answer, 'unplayable');
  });
});
