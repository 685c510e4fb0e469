// Pages and fallbacks, on a line that answers as the test says.

import { describe, expect, it } from '@jest/globals';
import { TorznabDialect } from '../../../../backend/discovery/indexers/torznab-dialect.js';
import { never } from '../../../support/http-lab.js';
import { feedOf, TORZNAB_CAPS } from '../../../support/indexer-captures.js';
import { ManualClock } from '../../../support/manual-clock.js';
import { film } from './titles.js';

type Answer = { readonly status?: number; readonly body: string };

function dialectOn(answer: (parameters: URLSearchParams) => Answer) {
  const asked: URLSearchParams[] = [];
  const dialect = new TorznabDialect({
    kind: 'torznab',
    name: 'Mine',
    url: new URL('http://indexer.example/api?passkey=1'),
    apiKey: 'key',
    clock: new ManualClock(),
    line: {
      ask: async ({ url }, read) => {
        const { searchParams } = new URL(url);
        const isCaps = searchParams.get('t') === 'caps';
        if (!isCaps) asked.push(searchParams);
        const { status = 200, body } = isCaps ? { body: TORZNAB_CAPS } : answer(searchParams);
        return await read({ status, headers: {}, url, body: Buffer.from(body) });
      },
    },
  });
  return { asked, search: () => dialect.search(film, { signal: never() }) };
}

function items(from: number, count: number): string {
  const numbers = Array.from({ length: count }, (_item, at) => from + at);
  return numbers
    .map((at) => `<item><title>Film ${at}</title><guid>${at}</guid><link>http://a.example/${at}</link></item>`)
    .join('');
}

describe('Torznab', () => {
  it('pages - are fetched as long as there are more', async () => {
    const { asked, search } = dialectOn((query) => {
      const offset = Number(query.get('offset') ?? 0);
      return { body: feedOf(items(offset, Math.min(100, 250 - offset)), 250) };
    });
    expect((await search()).results).toHaveLength(250);
    expect(asked.map((query) => [query.get('offset'), query.get('limit')])).toEqual([
      [null, '100'],
      ['100', '100'],
      ['200', '100'],
    ]);
  });

  it('pages - have an end, whatever the indexer says', async () => {
    const endless = dialectOn((query) => ({ body: feedOf(items(Number(query.get('offset') ?? 0), 100), 999_999) }));
    expect((await endless.search()).results).toHaveLength(400);
    expect(endless.asked).toHaveLength(4);
    const same = dialectOn(() => ({ body: feedOf(items(0, 100), 999_999) }));
    expect((await same.search()).results).toHaveLength(100);
    expect(same.asked).toHaveLength(2);
    const untold = dialectOn(() => ({ body: feedOf(items(0, 100)) }));
    await untold.search();
    expect(untold.asked).toHaveLength(1);
  });

  it('a page that fails after others came - ends the list', async () => {
    const { search } = dialectOn((query) =>
      query.has('offset') ? { status: 502, body: '' } : { body: feedOf(items(0, 100), 200) },
    );
    expect((await search()).results).toHaveLength(100);
  });

  it('a question that is not understood - is asked otherwise', async () => {
    const { asked, search } = dialectOn((query) =>
      query.has('imdbid')
        ? { status: 400, body: '<error code="203" description="Function Not Available"/>' }
        : { body: feedOf(items(0, 1)) },
    );
    expect(await search()).toMatchObject({ results: [{ name: 'Film 0' }], fault: null });
    expect(asked.map((query) => query.get('q'))).toEqual([
      null,
      'The Paper Lantern 2019',
      'La Lanterne de papier 2019',
    ]);
  });

  it('a question that fails - is not asked otherwise', async () => {
    const { asked, search } = dialectOn(() => ({
      body: '<error code="100" description="Incorrect user credentials"/>',
    }));
    await expect(search()).rejects.toMatchObject({ code: 'INDEXER_AUTH' });
    expect(asked).toHaveLength(1);
  });

  it('no such item - is nothing found', async () => {
    const { search } = dialectOn(() => ({ body: '<error code="300" description="No such item"/>' }));
    expect(await search()).toEqual({ results: [], fault: null });
  });

  it('what its address had before - stays in it', async () => {
    const { asked, search } = dialectOn(() => ({ body: feedOf('') }));
    await search();
    expect(Object.fromEntries(asked[0]!)).toEqual({
      passkey: '1',
      t: 'movie',
      imdbid: 'tt0000123',
      cat: '2000',
      limit: '100',
      extended: '1',
      apikey: 'key',
    });
  });
});
