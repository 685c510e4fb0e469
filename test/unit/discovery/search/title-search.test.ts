import { afterEach, describe, expect, it } from '@jest/globals';
import { InputError, UpstreamError } from '../../../../backend/content/index.js';
import { TitleSearch, type Indexer, type IndexerResult } from '../../../../backend/discovery/index.js';
import type { TitleFacts } from '../../../../backend/naming/index.js';
import { ManualClock } from '../../../support/manual-clock.js';
import { NotedLog } from '../../../support/noted-log.js';

const title: TitleFacts = {
  kind: 'film',
  titles: ['The Paper Lantern'],
  year: 2019,
  lastYear: null,
  runtimeMinutes: 95,
  isAnime: false,
  ids: { imdb: 'tt1' },
  episode: null,
};
const wish = { titleId: 'tt1', type: 'movie' } as const;
const { signal } = new AbortController();

/** What makes a name fit the title. */
const PREFIX = 'The.Paper.Lantern.2019.1080p.BluRay.x264-';

function result(name: string): IndexerResult {
  return {
    name: PREFIX + name,
    source: { kind: 'nzb-url', url: `https://indexer.example/${name}` },
    infoHash: null,
    sizeBytes: null,
    seeders: null,
    leechers: null,
    publishedAt: null,
    indexer: 'A',
  };
}

/** An indexer that answers when it is told to. */
class HeldIndexer implements Indexer {
  searches = 0;
  readonly #settle: { resolve: (results: readonly IndexerResult[]) => void; reject: (error: Error) => void }[] = [];

  constructor(
    readonly id: string,
    readonly name = id,
  ) {}

  search(_title: TitleFacts, options: { readonly signal: AbortSignal }): Promise<readonly IndexerResult[]> {
    this.searches += 1;
    return new Promise((resolve, reject) => {
      options.signal.addEventListener('abort', () => reject(options.signal.reason as Error));
      this.#settle.push({ resolve, reject });
    });
  }

  answer(...names: string[]): void {
    for (const { resolve } of this.#settle.splice(0)) resolve(names.map(result));
  }

  fail(error: Error): void {
    for (const { reject } of this.#settle.splice(0)) reject(error);
  }
}

describe('title search', () => {
  const clock = new ManualClock();
  const log = new NotedLog();
  let search: TitleSearch | null = null;
  let asked = 0;
  let titles: () => Promise<TitleFacts | null>;

  /** Indexers, or a list of them that may change. */
  function begin(...given: readonly (Indexer | readonly Indexer[])[]): TitleSearch {
    const [first] = given;
    const indexers = Array.isArray(first) ? (first as readonly Indexer[]) : (given as readonly Indexer[]);
    asked = 0;
    titles = () => Promise.resolve(title);
    search = new TitleSearch({
      titles: {
        find: () => {
          asked += 1;
          return titles();
        },
      },
      indexers: () => indexers,
      clock,
      log,
      timeoutMs: 5_000,
      maxResults: 50,
    });
    return search;
  }

  afterEach(() => search?.close());

  const namesOf = (picture: Awaited<ReturnType<TitleSearch['find']>>): string[] =>
    picture.answers.flatMap((answer) =>
      answer.state === 'answered' ? answer.fitting.map(({ result: { name } }) => name.slice(PREFIX.length)) : [],
    );

  it('all have answered - is answered at once', async () => {
    const [one, other] = [new HeldIndexer('one'), new HeldIndexer('other')];
    const found = begin(one, other).find(wish, { signal });
    await clock.advance(1);
    one.answer('first');
    other.answer('second');
    const picture = await found;
    expect(namesOf(picture)).toEqual(['first', 'second']);
    expect(picture.titleState).toBe('known');
    expect(clock.pending).toBe(0);
  });

  it('one that is added while a slow one is waited for - is asked at once', async () => {
    const [slow, added] = [new HeldIndexer('slow'), new HeldIndexer('added')];
    const indexers: Indexer[] = [slow];
    begin(indexers);
    const early = search?.find(wish, { signal });
    await clock.advance(5_000);
    await early;
    indexers.push(added);
    const later = search?.find(wish, { signal });
    added.answer('more');
    await clock.advance(5_000);
    expect(namesOf(await later!)).toEqual(['more']);
    expect([slow.searches, added.searches]).toEqual([1, 1]);
  });

  it('one that is removed while a slow one is waited for - is not told of any more, nor waited for', async () => {
    const [slow, removed] = [new HeldIndexer('slow'), new HeldIndexer('removed')];
    const indexers: Indexer[] = [slow, removed];
    const early = begin(indexers).find(wish, { signal });
    await clock.advance(1);
    removed.answer('old');
    await clock.advance(5_000);
    expect(namesOf(await early)).toEqual(['old']);
    indexers.pop();
    const later = search?.find(wish, { signal, maxWaitMs: 0 });
    await clock.advance(1);
    expect((await later!).answers).toMatchObject([{ name: 'slow', state: 'waiting' }]);
    indexers.pop();
    expect((await search!.find(wish, { signal })).answers).toEqual([]);
    expect(clock.pending).toBe(0);
  });

  it('one that is set up anew - is asked again, and nothing is left of what it was', async () => {
    const [wrong, old] = [new HeldIndexer('one', 'Wrong'), new HeldIndexer('other', 'Old')];
    const indexers: Indexer[] = [wrong, old];
    const before = begin(indexers).find(wish, { signal });
    await clock.advance(1);
    wrong.fail(new UpstreamError('It refuses the key.', 'INDEXER_AUTH'));
    old.answer('old');
    await before;
    const [right, fresh] = [new HeldIndexer('one', 'Right'), new HeldIndexer('other', 'Fresh')];
    indexers.splice(0, 2, right, fresh);
    const after = search?.find(wish, { signal });
    await clock.advance(1);
    right.answer('right');
    fresh.answer('fresh');
    const picture = await after!;
    expect(namesOf(picture)).toEqual(['right', 'fresh']);
    expect(picture.answers.map(({ name }) => name)).toEqual(['Right', 'Fresh']);
  });

  it('slow one - the list comes without it, and the next one has it without another search', async () => {
    const [quick, slow] = [new HeldIndexer('quick'), new HeldIndexer('slow')];
    const found = begin(quick, slow).find(wish, { signal });
    await clock.advance(1);
    quick.answer('first');
    await clock.advance(5_000);
    const early = await found;
    expect(namesOf(early)).toEqual(['first']);
    expect(early.answers[1]).toMatchObject({ name: 'slow', state: 'waiting' });
    await clock.advance(10_000);
    slow.answer('late');
    await clock.advance(1);
    expect(namesOf(await search!.find(wish, { signal }))).toEqual(['first', 'late']);
    expect([quick.searches, slow.searches]).toEqual([1, 1]);
  });

  it('many ask for the same title - is one search', async () => {
    const one = new HeldIndexer('one');
    const held = begin(one);
    const all = Array.from({ length: 20 }, () => held.find(wish, { signal }));
    await clock.advance(1);
    one.answer('first');
    for (const picture of await Promise.all(all)) expect(namesOf(picture)).toEqual(['first']);
    expect([one.searches, asked]).toEqual([1, 1]);
  });

  it('an episode asked for with more or less known of it - is one search: metadata tells the rest', async () => {
    const one = new HeldIndexer('one');
    const held = begin(one);
    const episode = { season: 2, episode: 3 };
    const ways = [episode, { ...episode, absolute: 15 }, { ...episode, airDate: '2020-01-06' }];
    const all = ways.map((way) => held.find({ titleId: 'tt1', type: 'series', episode: way }, { signal }));
    await clock.advance(1);
    one.answer('first');
    await Promise.all(all);
    expect([asked, one.searches]).toEqual([1, 1]);
  });

  it('one that fails - hides nobody, says why, and is asked again after a while', async () => {
    const [good, bad] = [new HeldIndexer('good'), new HeldIndexer('bad')];
    const found = begin(good, bad).find(wish, { signal });
    await clock.advance(1);
    good.answer('first');
    bad.fail(new UpstreamError('The key is wrong.', 'INDEXER_AUTH'));
    const picture = await found;
    expect(namesOf(picture)).toEqual(['first']);
    expect(picture.answers[1]).toMatchObject({ state: 'failed', code: 'INDEXER_AUTH', message: 'The key is wrong.' });
    await search!.find(wish, { signal });
    expect(bad.searches).toBe(1);
    await clock.advance(31_000);
    const again = search!.find(wish, { signal });
    await clock.advance(1);
    bad.answer('second');
    expect(namesOf(await again)).toEqual(['first', 'second']);
    expect(good.searches).toBe(1);
  });

  it('a broken one - is logged, and says nothing of the inside', async () => {
    const bad = new HeldIndexer('bad');
    const found = begin(bad).find(wish, { signal });
    await clock.advance(1);
    bad.fail(new TypeError('secret/path'));
    expect(JSON.stringify((await found).answers)).not.toContain('secret');
  });

  it('one that never answers - is given up, and what was known of it before stays', async () => {
    const one = new HeldIndexer('one');
    const held = begin(one);
    const first = held.find(wish, { signal });
    await clock.advance(1);
    one.answer('first');
    await first;
    await clock.advance(16 * 60_000);
    const second = held.find(wish, { signal });
    await clock.advance(46_000);
    expect(namesOf(await second)).toEqual(['first']);
    expect(one.searches).toBe(2);
    await clock.advance(1);
    expect(namesOf(await held.find(wish, { signal: AbortSignal.abort() }).catch(() => first))).toEqual(['first']);
  });

  it('unknown title - asks no indexer; one that cannot be looked up is told apart', async () => {
    const one = new HeldIndexer('one');
    const held = begin(one);
    titles = () => Promise.resolve(null);
    expect((await held.find(wish, { signal })).titleState).toBe('unknown');
    titles = () => Promise.reject(new UpstreamError('down', 'METADATA_UNREACHABLE'));
    expect((await held.find({ ...wish, titleId: 'tt2' }, { signal })).titleState).toBe('unreachable');
    titles = () => Promise.reject(new InputError('odd'));
    expect((await held.find({ ...wish, titleId: 'tt3' }, { signal })).titleState).toBe('unreachable');
    expect(one.searches).toBe(0);
  });

  it('slow metadata - the list says that the title is still being looked up', async () => {
    const held = begin(new HeldIndexer('one'));
    titles = () => new Promise(() => undefined);
    const found = held.find(wish, { signal });
    await clock.advance(5_000);
    expect((await found).titleState).toBe('waiting');
    search = null;
  });

  it('whoever leaves - ends only their own wait', async () => {
    const one = new HeldIndexer('one');
    const held = begin(one);
    const leaving = new AbortController();
    const left = held.find(wish, { signal: leaving.signal });
    const stays = held.find(wish, { signal });
    await clock.advance(1);
    leaving.abort(new Error('gone'));
    await expect(left).rejects.toThrow('gone');
    one.answer('first');
    expect(namesOf(await stays)).toEqual(['first']);
    expect(clock.pending).toBe(0);
  });

  it('an indexer that was removed - is not in the picture any more', async () => {
    const [one, other] = [new HeldIndexer('one'), new HeldIndexer('other')];
    const inUse: Indexer[] = [one, other];
    search = new TitleSearch({
      titles: { find: () => Promise.resolve(title) },
      indexers: () => inUse,
      clock,
      log,
      timeoutMs: 5_000,
    });
    const found = search.find(wish, { signal });
    await clock.advance(1);
    one.answer('first');
    other.answer('second');
    await found;
    inUse.pop();
    expect(namesOf(await search.find(wish, { signal }))).toEqual(['first']);
  });

  it('memory when full - the least recently asked for titles are forgotten', async () => {
    const one = new HeldIndexer('one');
    const held = begin(one);
    for (let number = 0; number < 60; number += 1) {
      const found = held.find({ ...wish, titleId: `tt${String(number)}` }, { signal });
      await clock.advance(1);
      one.answer(...['first', 'second', 'third'].map((name) => `${String(number)}-${name}`));
      await found;
    }
    expect(one.searches).toBe(60);
    await held.find({ ...wish, titleId: 'tt59' }, { signal });
    expect(one.searches).toBe(60);
    const again = held.find({ ...wish, titleId: 'tt0' }, { signal });
    await clock.advance(1);
    one.answer('again');
    expect(namesOf(await again)).toEqual(['again']);
    expect(one.searches).toBe(61);
  });

  it('a title with more results than all may have - is kept whole, alone', async () => {
    const [one, other] = [new HeldIndexer('one'), new HeldIndexer('other')];
    const held = begin(one, other);
    const small = held.find({ ...wish, titleId: 'tt2' }, { signal });
    await clock.advance(1);
    one.answer('small');
    other.answer('small');
    await small;
    const found = held.find(wish, { signal });
    await clock.advance(1);
    for (const indexer of [one, other]) indexer.answer(...Array.from({ length: 40 }, (_, index) => String(index)));
    expect(namesOf(await found)).toHaveLength(80);
    expect(namesOf(await held.find(wish, { signal }))).toHaveLength(80);
    expect([one.searches, other.searches]).toEqual([2, 2]);
    void held.find({ ...wish, titleId: 'tt2' }, { signal });
    await clock.advance(1);
    expect(one.searches).toBe(3);
    one.answer();
    other.answer();
  });

  it('close - ends what is under way', async () => {
    const one = new HeldIndexer('one');
    const held = begin(one);
    const found = held.find(wish, { signal });
    await clock.advance(1);
    await held.close();
    await found;
    expect(clock.pending).toBe(0);
  });
});
