import { describe, expect, it } from '@jest/globals';
import { MissingArticles } from '../../../../../backend/engines/usenet/store/missing-articles.js';
import { contentOf } from '../../../../support/article-lab.js';
import { ManualClock } from '../../../../support/manual-clock.js';

describe('missing articles', () => {
  it('missing articles - are remembered for ten minutes', async () => {
    const clock = new ManualClock();
    const missing = new MissingArticles(clock);
    missing.remember('one', contentOf('a'), 'gone');
    await clock.advance(10 * 60_000 - 1);
    expect(missing.messageOf('one')).toBe('gone');
    await clock.advance(1);
    expect(missing.messageOf('one')).toBeNull();
  });

  it('missing articles - forget the oldest when full', () => {
    const missing = new MissingArticles(new ManualClock(), 2);
    for (const key of ['one', 'two', 'one', 'three']) missing.remember(key, contentOf('a'), 'gone');
    expect(['one', 'two', 'three'].map((key) => missing.messageOf(key))).toEqual(['gone', null, 'gone']);
  });

  it('missing articles - are forgotten one by one, and by content', () => {
    const missing = new MissingArticles(new ManualClock());
    missing.remember('one', contentOf('a'), 'gone');
    missing.remember('two', contentOf('a'), 'gone');
    missing.remember('three', contentOf('b'), 'gone');
    missing.delete('one');
    expect(missing.messageOf('one')).toBeNull();
    missing.forget(contentOf('a'));
    expect(['two', 'three'].map((key) => missing.messageOf(key))).toEqual([null, 'gone']);
  });
});
