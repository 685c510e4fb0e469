import { describe, expect, it } from '@jest/globals';
import { UpstreamError } from '../../../../../backend/content/index.js';
import { Breaker } from '../../../../../backend/engines/usenet/pool/breaker.js';

const down = new UpstreamError('down', 'PROVIDER_UNREACHABLE');
const locked = new UpstreamError('locked', 'PROVIDER_AUTH');

describe('breaker', () => {
  it('failures - are retried twice, then it opens and pauses longer and longer', () => {
    const breaker = new Breaker();
    expect(breaker.state(0)).toBe('closed');
    expect([breaker.failed(down, 0), breaker.failed(down, 250)]).toEqual([false, false]);
    expect(breaker.state(250)).toBe('retrying');
    expect(breaker.failed(down, 1250)).toBe(true);
    let now = 1250;
    const pauses = Array.from({ length: 10 }, () => {
      const pause = breaker.retryAt - now;
      now = breaker.retryAt;
      expect([breaker.state(now - 1), breaker.state(now)]).toEqual(['open', 'probe']);
      expect(breaker.failed(down, now)).toBe(false);
      return pause;
    });
    expect(pauses.slice(0, 4)).toEqual([5000, 10_000, 20_000, 40_000]);
    expect(pauses.at(-1)).toBe(300_000);
  });

  it('failures at once - count as one', () => {
    const breaker = new Breaker();
    for (let count = 0; count < 10; count += 1) breaker.failed(down, 1000 + count);
    expect([breaker.state(1010), breaker.retryAt]).toEqual(['retrying', 1250]);
  });

  it('a success - closes it', () => {
    const breaker = new Breaker();
    for (let count = 0; count < 5; count += 1) breaker.failed(down, 0);
    breaker.succeeded();
    expect([breaker.state(0), breaker.fault]).toEqual(['closed', null]);
  });

  it('a wrong password or a timeout - opens it at once', () => {
    const [wrong, late] = [new Breaker(), new Breaker()];
    expect([wrong.failed(locked, 0), late.failed(down, 0, true)]).toEqual([true, true]);
    expect([wrong.retryAt, late.retryAt]).toEqual([60_000, 5000]);
  });
});
