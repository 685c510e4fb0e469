import { describe, expect, it } from '@jest/globals';
import { CAPS_NOT_TOLD, parseCaps } from '../../../../backend/discovery/indexers/caps.js';
import type { IndexerCaps } from '../../../../backend/discovery/indexers/caps.js';
import { planProwlarrQueries } from '../../../../backend/discovery/indexers/plan-prowlarr-queries.js';
import { MAX_QUERIES, planQueries } from '../../../../backend/discovery/indexers/plan-queries.js';
import { parseXml } from '../../../../backend/discovery/indexers/xml-document.js';
import type { TitleFacts } from '../../../../backend/naming/index.js';
import type { IndexerKind } from '../../../../backend/platform/index.js';
import { JACKETT_CAPS, NEWZNAB_CAPS, TORZNAB_CAPS } from '../../../support/indexer-captures.js';
import { anime, daily, film, series } from './titles.js';

async function capsOf(xml: string): Promise<IndexerCaps> {
  return parseCaps(await parseXml(Buffer.from(xml)));
}

function asked(caps: IndexerCaps, title: TitleFacts, kind: IndexerKind): string[] {
  return planQueries(caps, title, { kind }).map(({ parameters, isFallback }) => {
    const { cat, ...rest } = parameters;
    const text = Object.entries(rest).map(([name, value]) => `${name}=${value}`);
    return `${isFallback ? 'else ' : ''}${text.join('&')} in ${cat}`;
  });
}

describe('planning questions', () => {
  it('a film - is asked for by its id, by its titles and year where that finds nothing', async () => {
    expect(asked(await capsOf(TORZNAB_CAPS), film, 'torznab')).toEqual([
      't=movie&imdbid=tt0000123 in 2000',
      'else t=movie&q=The Paper Lantern 2019 in 2000',
      'else t=movie&q=La Lanterne de papier 2019 in 2000',
    ]);
  });

  it('Newznab - takes IMDb ids without their tt', async () => {
    expect(asked(await capsOf(NEWZNAB_CAPS), film, 'newznab')[0]).toBe('t=movie&imdbid=0000123 in 2000');
  });

  it('an episode - is asked for by id and numbers, its season too: packs lie there', async () => {
    expect(asked(await capsOf(TORZNAB_CAPS), series, 'torznab')).toEqual([
      't=tvsearch&tvdbid=789&season=1&ep=2 in 5000',
      't=tvsearch&tvdbid=789&season=1 in 5000',
      'else t=tvsearch&q=Harbour Lights The Keepers Tale&season=1&ep=2 in 5000',
      'else t=tvsearch&q=Harbour Lights The Keepers Tale&season=1 in 5000',
    ]);
  });

  it('an aggregator - is asked by id and by words at once: its sites differ', async () => {
    expect(asked(await capsOf(JACKETT_CAPS), film, 'jackett')).toEqual([
      't=movie&imdbid=tt0000123 in 2000',
      't=movie&q=The Paper Lantern 2019 in 2000',
      't=movie&q=La Lanterne de papier 2019 in 2000',
    ]);
  });

  it('an indexer that takes words alone - is asked in words', () => {
    expect(asked(CAPS_NOT_TOLD, series, 'torznab')).toEqual([
      't=search&q=Harbour Lights The Keepers Tale S01E02 in 5000',
      't=search&q=Harbour Lights The Keepers Tale S01 in 5000',
    ]);
    expect(
      asked(CAPS_NOT_TOLD, { ...film, year: null, titles: ['The Paper Lantern', 'the paper lantern!'] }, 'newznab'),
    ).toEqual(['t=search&q=The Paper Lantern in 2000']);
  });

  it('anime - is asked for by its number through all seasons', async () => {
    expect(asked(await capsOf(TORZNAB_CAPS), anime, 'torznab')).toContain(
      't=search&q=Tidewater Academy 103 in 5000,5070',
    );
    expect(asked(CAPS_NOT_TOLD, anime, 'torznab')[0]).toBe('t=search&q=Tidewater Academy 103 in 5000,5070');
  });

  it('a daily show - is asked for by its day', async () => {
    expect(asked(await capsOf(NEWZNAB_CAPS), daily, 'newznab')[0]).toBe(
      't=tvsearch&tvdbid=789&season=2024&ep=02/14 in 5000',
    );
    expect(asked(CAPS_NOT_TOLD, daily, 'newznab')[0]).toBe('t=search&q=The Late Ferry 2024 02 14 in 5000');
    const weekly = { ...daily, episode: { season: 1, episode: 2, airDate: '2024-02-14' } };
    expect(asked(CAPS_NOT_TOLD, weekly, 'newznab').join()).not.toContain('2024');
  });

  it('an indexer without such a category - is asked nothing; one with parts of it, for those', () => {
    const only = (...categories: number[]): IndexerCaps => ({ ...CAPS_NOT_TOLD, categories: new Set(categories) });
    expect(asked(only(3000, 7000), film, 'torznab')).toEqual([]);
    expect(asked(only(2040, 2045), { ...film, titles: ['A'] }, 'torznab')).toEqual(['t=search&q=A 2019 in 2040,2045']);
    expect(asked(only(5070), anime, 'torznab')[0]).toMatch(/in 5070$/);
  });

  it('whatever is known and offered - there are at most four questions, and never the same twice', async () => {
    const allCaps = [CAPS_NOT_TOLD, ...(await Promise.all([TORZNAB_CAPS, NEWZNAB_CAPS, JACKETT_CAPS].map(capsOf)))];
    const titles = [film, series, anime, daily, { ...series, episode: null }, { ...series, ids: {} }];
    for (const caps of allCaps)
      for (const title of titles)
        for (const kind of ['torznab', 'jackett', 'newznab'] as const) {
          const questions = asked(caps, title, kind);
          expect(questions.length).toBeGreaterThan(0);
          expect(questions.length).toBeLessThanOrEqual(MAX_QUERIES);
          expect(new Set(questions).size).toBe(questions.length);
        }
  });

  it('Prowlarr - takes ids and numbers in braces', () => {
    expect(planProwlarrQueries(film)).toEqual([
      { type: 'movie', query: '{ImdbId:tt0000123}', categories: [2000], isFallback: false },
      { type: 'movie', query: 'The Paper Lantern 2019', categories: [2000], isFallback: false },
      { type: 'movie', query: 'La Lanterne de papier 2019', categories: [2000], isFallback: false },
    ]);
    expect(planProwlarrQueries(series)[0]).toMatchObject({
      type: 'tvsearch',
      query: '{TvdbId:789}{Season:1}{Episode:2}',
    });
    expect(planProwlarrQueries(anime)[2]).toEqual({
      type: 'search',
      query: 'Tidewater Academy 103',
      categories: [5000, 5070],
      isFallback: false,
    });
  });
});
