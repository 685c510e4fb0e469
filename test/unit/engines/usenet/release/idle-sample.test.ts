// A few articles of a release that nobody prepares yet.

import { describe, expect, it } from '@jest/globals';
import type { ArticleRequest, FetchOptions } from '../../../../../backend/engines/usenet/article.js';
import { sampleArticles } from '../../../../../backend/engines/usenet/release/idle-sample.js';
import { MemoryArticles, post } from '../../../../support/posted-files.js';

const { signal } = new AbortController();

describe('a sample of an idle moment', () => {
  const files = [post(new MemoryArticles(), new Uint8Array(200_000), { name: 'film', place: 0 })];

  /** Providers that say of each article whether it is there, and what they were asked for. */
  function provider(says: (messageId: string) => boolean | null) {
    const asked: string[] = [];
    const ranks = new Set<string>();
    const exists = ({ messageId }: ArticleRequest, { demand }: FetchOptions): Promise<boolean | null> => {
      asked.push(messageId);
      ranks.add(demand.urgency().rank);
      return Promise.resolve(says(messageId));
    };
    return { source: { exists }, asked, ranks };
  }

  it('all there - twenty are asked for, behind everything else', async () => {
    const { source, asked, ranks } = provider(() => true);
    expect(await sampleArticles(files, { source, signal })).toEqual({ asked: 20, missing: 0, isDead: false });
    expect([new Set(asked).size, asked.length, [...ranks]]).toEqual([20, 20, ['background']]);
    expect(asked).toEqual(expect.arrayContaining(['film/0', 'film/199']));
  });

  it('the first missing - is dead, and nothing else is asked for', async () => {
    const { source, asked } = provider((messageId) => messageId !== 'film/0');
    expect(await sampleArticles(files, { source, signal })).toEqual({ asked: 1, missing: 1, isDead: true });
    expect(asked).toEqual(['film/0']);
  });

  it('a pack - is dead when nothing of it is there, not for one missing episode', async () => {
    const articles = new MemoryArticles();
    const episodes = [1, 2, 3].map((number) =>
      post(articles, new Uint8Array(20_000), { name: `show.s01e0${number}.mkv`, place: number }),
    );
    const some = provider((messageId) => !messageId.startsWith('show.s01e01'));
    expect(await sampleArticles(episodes, { source: some.source, signal })).toMatchObject({ asked: 20, isDead: false });
    const none = provider(() => false);
    expect(await sampleArticles(episodes, { source: none.source, signal })).toEqual({
      asked: 20,
      missing: 20,
      isDead: true,
    });
  });

  it('one missing of twenty - is decided by as many as a preparation asks for', async () => {
    const { source } = provider((messageId) => messageId !== 'film/199');
    expect(await sampleArticles(files, { source, signal })).toEqual({ asked: 60, missing: 1, isDead: false });
  });

  it('many missing - is dead', async () => {
    const { source } = provider((messageId) => messageId === 'film/0');
    expect(await sampleArticles(files, { source, signal })).toMatchObject({ isDead: true });
  });

  it('what nobody would say - is not counted; nothing said is no answer', async () => {
    const some = provider((messageId) => (messageId === 'film/199' ? null : true));
    expect(await sampleArticles(files, { source: some.source, signal })).toEqual({
      asked: 19,
      missing: 0,
      isDead: false,
    });
    const none = provider(() => null);
    expect(await sampleArticles(files, { source: none.source, signal })).toBeNull();
  });

  it('whoever asks has gone - ends it', async () => {
    const { source } = provider(() => true);
    const gone = AbortSignal.abort(new Error('gone'));
    await expect(sampleArticles(files, { source, signal: gone })).rejects.toThrow('gone');
  });
});
