// When an indexer is asked, and when it is left alone.

import { describe, expect, it } from '@jest/globals';
import { IndexerBreaker } from '../../../../backend/discovery/indexers/indexer-breaker.js';
import { IndexerError } from '../../../../backend/discovery/indexers/indexer-error.js';
import { RequestWindow } from '../../../../backend/discovery/indexers/request-window.js';

const down = new IndexerError('It could not be reached.', 'INDEXER_UNREACHABLE');
const wrongKey = new IndexerError('It refuses the key.', 'INDEXER_AUTH');
const limit = new IndexerError('It was asked too often.', 'INDEXER_LIMIT', { retryAfterMs: 90_000 });

describe('request window', () => {
  it('request window - no minute sees more than its number, wherever it begins', () => {
    const window = new RequestWindow(3);
    const begun = Array.from({ length: 10 }, (_one, at) => window.take(at * 5_000));
    for (const from of begun)
      expect(begun.filter((at) => at >= from && at < from + 60_000).length).toBeLessThanOrEqual(3);
    expect(begun.slice(0, 4)).toEqual([0, 5_000, 10_000, 60_000]);
  });

  it('request window - tells the wait before it is taken', () => {
    const window = new RequestWindow(1);
    expect(window.waitMs(0)).toBe(0);
    window.take(0);
    expect(window.waitMs(20_000)).toBe(40_000);
    expect(window.waitMs(60_000)).toBe(0);
  });
});

describe('indexer breaker', () => {
  it('indexer breaker - opens at the third failure in a row, lets one probe through after a pause, waits longer each time', () => {
    const breaker = new IndexerBreaker();
    breaker.failed(down, 0);
    breaker.failed(down, 0);
    expect(breaker.enter(0)).toBeNull();
    breaker.failed(down, 0);
    expect(breaker.enter(29_999)).toBe(down);
    expect(breaker.retryAt(0)).toBe(30_000);
    expect([breaker.enter(30_000), breaker.enter(30_000)]).toEqual([null, down]);
    breaker.failed(down, 30_000);
    expect(breaker.retryAt(30_000)).toBe(90_000);
    expect(breaker.enter(90_000)).toBeNull();
    breaker.succeeded(90_000);
    expect([breaker.enter(90_000), breaker.enter(90_000)]).toEqual([null, null]);
  });

  it('indexer breaker - a probe whose asker has gone makes room for the next', () => {
    const breaker = new IndexerBreaker();
    for (let count = 0; count < 3; count++) breaker.failed(down, 0);
    expect(breaker.enter(30_000)).toBeNull();
    breaker.abandoned();
    expect(breaker.enter(30_000)).toBeNull();
  });

  it('indexer breaker - a wrong key opens it at once, and for longer', () => {
    const breaker = new IndexerBreaker();
    breaker.failed(wrongKey, 0);
    expect(breaker.enter(299_999)).toBe(wrongKey);
    expect(breaker.enter(300_000)).toBeNull();
  });

  it('indexer breaker - a limit is kept to its end, whatever was asked before it and is answered now', () => {
    const breaker = new IndexerBreaker();
    breaker.limited(limit, 90_000, 0);
    breaker.succeeded(10_000);
    expect(breaker.enter(89_999)).toBe(limit);
    expect([breaker.enter(90_000), breaker.enter(90_000)]).toEqual([null, null]);
  });

  it('indexer breaker - pauses have an end', () => {
    const breaker = new IndexerBreaker();
    for (let count = 0; count < 100; count++) breaker.failed(down, 0);
    expect(breaker.retryAt(0)).toBe(15 * 60_000);
  });
});
