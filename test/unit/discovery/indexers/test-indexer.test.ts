// What a test of an indexer says, in words for who set it up.

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { FAKE_KEY } from '../../../support/fake-indexer.js';
import { never } from '../../../support/http-lab.js';
import { IndexerLab } from './indexer-lab.js';
import { film } from './titles.js';

let lab = new IndexerLab();

beforeEach(() => {
  lab = new IndexerLab();
});

afterEach(async () => {
  await lab.close();
});

describe('testing an indexer', () => {
  it('a good one - tells its server, its ways and its categories', async () => {
    const fake = await lab.fake('torznab');
    expect(await lab.indexer('torznab', fake).test({ signal: never() })).toMatchObject({
      ok: true,
      problem: null,
      server: 'Lighthouse 1.3',
      searches: { film: ['imdbid', 'q', 'tmdbid'], series: ['ep', 'imdbid', 'q', 'season', 'tvdbid'] },
      categories: 5,
    });
    expect(fake.asked.map((url) => url.searchParams.get('t'))).toEqual(['caps', 'search']);
  });

  it('Prowlarr - tells its version', async () => {
    const fake = await lab.fake('prowlarr');
    expect(await lab.indexer('prowlarr', fake).test({ signal: never() })).toMatchObject({
      ok: true,
      server: 'Prowlarr 1.30.0',
    });
  });

  it('a wrong key - is told, though anybody may read the caps', async () => {
    for (const kind of ['newznab', 'prowlarr'] as const) {
      const fake = await lab.fake(kind);
      const findings = await lab.indexer(kind, fake, { apiKey: 'wr0ng-k3y' }).test({ signal: never() });
      expect(findings).toMatchObject({ ok: false, problem: { code: 'INDEXER_AUTH' } });
      expect(findings.problem?.message).toMatch(/key/);
    }
  });

  it.each([
    ['web-page', /web page/],
    ['limiting', /too often/],
    ['failing', /502/],
    ['redirecting', /may not be fetched/],
  ] as const)('%s - is told', async (mood, words) => {
    const fake = await lab.fake('torznab', mood);
    const { ok, problem } = await lab.indexer('torznab', fake).test({ signal: never() });
    expect([ok, problem?.message]).toEqual([false, expect.stringMatching(words)]);
    expect(problem?.message).not.toContain(FAKE_KEY);
  });

  it('nothing that listens, a name that is unknown, no TLS - are told apart', async () => {
    const closed = createServer().listen(0, '127.0.0.1');
    await once(closed, 'listening');
    const { port } = closed.address() as AddressInfo;
    closed.close();
    await once(closed, 'close');
    const fake = await lab.fake('torznab');
    const messageAt = async (url: string): Promise<string | undefined> => {
      lab.origins.add(new URL(url).origin);
      return (await lab.indexer('torznab', fake, { url }).test({ signal: never() })).problem?.message;
    };
    expect(await messageAt(`http://127.0.0.1:${port}/api`)).toMatch(/refused/);
    expect(await messageAt('http://nowhere.example/api')).toMatch(/DNS/);
    expect(await messageAt(fake.url.replace('http:', 'https:'))).toMatch(/TLS/);
  });

  it('one that failed before - is asked all the same, and used again when it is well', async () => {
    const fake = await lab.fake('torznab', 'failing');
    const indexer = lab.indexer('torznab', fake);
    for (let count = 0; count < 4; count++) await indexer.search(film, { signal: never() }).catch(() => undefined);
    expect(indexer.status()).toMatchObject({ state: 'failing' });
    fake.become('healthy');
    expect(await indexer.test({ signal: never() })).toMatchObject({ ok: true });
    expect(await indexer.search(film, { signal: never() })).toHaveLength(2);
  });

  it('who asks and leaves - gets the own reason back', async () => {
    const fake = await lab.fake('torznab', 'silent');
    const leaving = new AbortController();
    const testing = lab.indexer('torznab', fake).test({ signal: leaving.signal });
    leaving.abort(new Error('gone'));
    await expect(testing).rejects.toThrow('gone');
  });
});

describe('indexer set', () => {
  it('indexer set - lists the enabled ones, and says of all how they are', async () => {
    const fake = await lab.fake('torznab');
    const set = lab.set();
    set.replace([lab.settings('torznab', fake), lab.settings('newznab', fake, { isEnabled: false })]);
    expect(set.list().map(({ id }) => id)).toEqual(['torznab']);
    expect(set.statuses()).toMatchObject([
      { id: 'torznab', isEnabled: true, state: 'unknown', searches: 0 },
      { id: 'newznab', isEnabled: false },
    ]);
    expect([...set.origins()]).toEqual([fake.origin]);
  });

  it('indexer set - keeps the record of what is unchanged, and begins anew what is changed', async () => {
    const fake = await lab.fake('torznab');
    const set = lab.set();
    const [first, second] = [lab.settings('torznab', fake), lab.settings('torznab', fake, { id: 'second' })];
    set.replace([first, second]);
    for (const indexer of set.list()) await indexer.search(film, { signal: never() });
    set.replace([{ ...first }, { ...second, apiKey: 'other' }]);
    expect(set.statuses().map(({ searches }) => searches)).toEqual([1, 0]);
    set.replace([]);
    expect([set.list(), [...set.origins()]]).toEqual([[], []]);
  });

  it('indexer set - tests what is not in use yet; it may be reached while it is tested, and not after', async () => {
    const fake = await lab.fake('torznab');
    const set = lab.set();
    expect(await set.test(lab.settings('torznab', fake), { signal: never() })).toMatchObject({ ok: true });
    expect([...set.origins()]).toEqual([]);
    expect(set.statuses()).toEqual([]);
  });
});
