// Indexers of all kinds over the real guarded client: healthy, failing and hostile.

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FAKE_KEY } from '../../../support/fake-indexer.js';
import { HttpLab, never } from '../../../support/http-lab.js';
import { LANTERN_HASH } from '../../../support/indexer-captures.js';
import { until } from '../../../support/until.js';
import { IndexerLab } from './indexer-lab.js';
import { film, series } from './titles.js';

let lab = new IndexerLab();

beforeEach(() => {
  lab = new IndexerLab();
});

afterEach(async () => {
  await lab.close();
});

const lantern = {
  infoHash: LANTERN_HASH,
  sizeBytes: 4_294_967_296,
  seeders: 55,
  leechers: 5,
  publishedAt: 1748645438000,
};
const nzb = { infoHash: null, sizeBytes: 15_032_385_536, seeders: null, leechers: null, publishedAt: 1748768400000 };

describe('search', () => {
  it.each([
    [
      'torznab',
      [
        { ...lantern, indexer: 'Mine', source: { kind: 'torrent' } },
        { seeders: 3, leechers: 0 },
      ],
    ],
    [
      'jackett',
      [
        { ...lantern, indexer: 'Lighthouse' },
        { source: { kind: 'torrent-url' }, indexer: 'Lighthouse' },
      ],
    ],
    ['newznab', [{ ...nzb, indexer: 'Mine', source: { kind: 'nzb-url' } }]],
    ['nzbhydra', [{ ...nzb, indexer: 'Quayside' }]],
    [
      'prowlarr',
      [{ ...lantern, indexer: 'Lighthouse' }, { source: { kind: 'torrent-url' } }, { ...nzb, indexer: 'Quayside' }],
    ],
  ] as const)('%s - gives its results, each once', async (kind, expected) => {
    const fake = await lab.fake(kind);
    const indexer = lab.indexer(kind, fake);
    const results = await indexer.search(film, { signal: never() });
    expect(results).toMatchObject(expected);
    expect(indexer.status()).toMatchObject({
      state: 'ok',
      searches: 1,
      failures: 0,
      lastResults: expected.length,
      error: null,
    });
    expect(fake.headers['user-agent']).toBe('Headstart/1.2.3');
    expect(fake.asked.length).toBeLessThanOrEqual(5);
  });

  it('caps - are read once for searches at once, and again after some hours', async () => {
    const fake = await lab.fake('torznab');
    const indexer = lab.indexer('torznab', fake, { requestsPerMinute: 100 });
    const capsAsked = (): number => fake.asked.filter((url) => url.searchParams.get('t') === 'caps').length;
    await Promise.all([film, series, film].map((title) => indexer.search(title, { signal: never() })));
    await indexer.search(series, { signal: never() });
    expect(capsAsked()).toBe(1);
    await lab.clock.advance(7 * 3_600_000);
    await indexer.search(film, { signal: never() });
    expect(capsAsked()).toBe(2);
  });

  it('the key of Prowlarr - stands in a header, in no address', async () => {
    const fake = await lab.fake('prowlarr');
    await lab.indexer('prowlarr', fake).search(film, { signal: never() });
    expect(fake.headers['x-api-key']).toBe(FAKE_KEY);
    expect(fake.asked.join(' ')).not.toContain(FAKE_KEY);
    expect(fake.asked[0]?.searchParams.getAll('categories')).toEqual(['2000']);
  });

  it('sizes, counts and addresses that cannot be - are left out, the results stay', async () => {
    for (const kind of ['torznab', 'prowlarr'] as const) {
      const results = await lab.indexer(kind, await lab.fake(kind, 'lying')).search(film, { signal: never() });
      expect(results.length).toBeGreaterThan(0);
      for (const { name, sizeBytes, source } of results) {
        expect(sizeBytes).toBeNull();
        expect(name).not.toMatch(/[\p{Cc}\p{Cf}]/u);
        expect('url' in source ? source.url : '').toMatch(/^http:\/\/lies\.example\/\d$/);
      }
    }
  });

  it('nothing found - is an answer; the fallbacks are asked', async () => {
    const fake = await lab.fake('torznab', 'empty');
    const indexer = lab.indexer('torznab', fake);
    expect(await indexer.search(film, { signal: never() })).toEqual([]);
    expect(fake.asked.map((url) => url.searchParams.get('q'))).toEqual([
      null,
      null,
      'The Paper Lantern 2019',
      'La Lanterne de papier 2019',
    ]);
    expect(indexer.status()).toMatchObject({ state: 'ok', lastResults: 0 });
  });
});

describe('an indexer that misbehaves', () => {
  it.each([
    ['failing', 'INDEXER_UNREACHABLE'],
    ['limiting', 'INDEXER_LIMIT'],
    ['over-limit', 'INDEXER_LIMIT'],
    ['wrong-key', 'INDEXER_AUTH'],
    ['web-page', 'INDEXER_INVALID'],
    ['truncated', 'INDEXER_INVALID'],
    ['entity-bomb', 'INDEXER_INVALID'],
    ['nested', 'INDEXER_INVALID'],
    ['nonsense', 'INDEXER_INVALID'],
    ['huge', 'INDEXER_INVALID'],
    ['redirecting', 'INDEXER_UNREACHABLE'],
    ['cut-off', 'INDEXER_UNREACHABLE'],
  ] as const)('%s - is an entry in its status, in bounded time and memory', async (mood, code) => {
    for (const kind of ['torznab', 'prowlarr'] as const) {
      if (kind === 'prowlarr' && (mood === 'over-limit' || mood === 'wrong-key')) continue; // its errors are statuses
      const indexer = lab.indexer(kind, await lab.fake(kind, mood));
      const before = process.memoryUsage().rss;
      await expect(indexer.search(film, { signal: never() })).rejects.toMatchObject({ code });
      expect(process.memoryUsage().rss - before).toBeLessThan(300 * 1024 * 1024);
      const status = indexer.status();
      expect(status).toMatchObject({ error: { code }, failures: 1, lastResults: null });
      expect(status.state).toBe(code === 'INDEXER_LIMIT' ? 'limited' : 'failing');
      expect(JSON.stringify([status, lab.log.lines])).not.toContain(FAKE_KEY);
    }
  });

  it('a redirect to a private address - is refused, nothing is sent there', async () => {
    const hidden = new HttpLab();
    const asked: string[] = [];
    const { origin } = await hidden.serve((request, response) => {
      asked.push(request.url ?? '');
      response.end();
    });
    const fake = await lab.fake('torznab', 'redirecting');
    fake.become('redirecting', `${origin}/secret`);
    await expect(lab.indexer('torznab', fake).search(film, { signal: never() })).rejects.toMatchObject({
      code: 'INDEXER_UNREACHABLE',
    });
    expect(asked).toEqual([]);
    await hidden.close();
  });

  it('Retry-After - is obeyed to its end', async () => {
    const fake = await lab.fake('torznab', 'limiting');
    const indexer = lab.indexer('torznab', fake);
    await expect(indexer.search(film, { signal: never() })).rejects.toMatchObject({ code: 'INDEXER_LIMIT' });
    const asked = fake.asked.length;
    fake.become('healthy');
    expect(indexer.status()).toMatchObject({ state: 'limited', retryAt: lab.clock.now() + 120_000 });
    await lab.clock.advance(119_000);
    await expect(indexer.search(film, { signal: never() })).rejects.toMatchObject({ code: 'INDEXER_LIMIT' });
    expect(fake.asked).toHaveLength(asked);
    await lab.clock.advance(1_000);
    expect(await indexer.search(film, { signal: never() })).toHaveLength(2);
    expect(indexer.status()).toMatchObject({ state: 'ok', retryAt: null });
  });

  it('an indexer that keeps failing - is left alone for a while', async () => {
    const fake = await lab.fake('torznab', 'failing');
    const indexer = lab.indexer('torznab', fake);
    for (let count = 0; count < 4; count++) await indexer.search(film, { signal: never() }).catch(() => undefined);
    const asked = fake.asked.length;
    await expect(indexer.search(film, { signal: never() })).rejects.toMatchObject({ code: 'INDEXER_UNREACHABLE' });
    expect(fake.asked).toHaveLength(asked);
    expect(indexer.status().retryAt).toBe(lab.clock.now() + 30_000);
    fake.become('healthy');
    await lab.clock.advance(30_000);
    expect(await indexer.search(film, { signal: never() })).toHaveLength(2);
  });

  it('our own limit - is never exceeded; who would wait too long is told so', async () => {
    const fake = await lab.fake('torznab');
    const indexer = lab.indexer('torznab', fake, { requestsPerMinute: 3 });
    await indexer.search(film, { signal: never() });
    const titles = Array.from({ length: 5 }, () => series);
    const outcomes = await Promise.allSettled(titles.map((title) => indexer.search(title, { signal: never() })));
    expect(outcomes.some(({ status }) => status === 'rejected')).toBe(true);
    expect(fake.asked).toHaveLength(3);
    expect(indexer.status().state).toBe('limited');
    await lab.clock.advance(60_000);
    expect(await indexer.search(film, { signal: never() })).toHaveLength(2);
  });

  it('an indexer that never answers - keeps two requests at most, and lets go when nobody waits', async () => {
    const fake = await lab.fake('jackett');
    const indexer = lab.indexer('jackett', fake);
    await indexer.search(film, { signal: never() });
    const before = fake.asked.length;
    fake.become('silent');
    const leaving = new AbortController();
    const searches = [film, series, film].map((title) => indexer.search(title, { signal: leaving.signal }));
    const ended = Promise.allSettled(searches);
    await until('two are asked', () => fake.asked.length === before + 2);
    leaving.abort(new Error('gone'));
    expect((await ended).map((one) => (one.status === 'rejected' ? (one.reason as Error).message : ''))).toEqual(
      Array(3).fill('gone'),
    );
    expect(fake.asked).toHaveLength(before + 2);
    expect(indexer.status()).toMatchObject({ state: 'ok', failures: 0 });
    fake.become('healthy');
    expect(await indexer.search(film, { signal: never() })).toHaveLength(2);
  });
});
