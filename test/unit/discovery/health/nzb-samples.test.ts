// Articles of listed NZBs asked for while nothing plays.

import { beforeEach, describe, expect, it } from '@jest/globals';
import type { ContentId, NzbSource } from '../../../../backend/content/index.js';
import { NzbSamples } from '../../../../backend/discovery/index.js';
import { ManualClock } from '../../../support/manual-clock.js';
import { NotedLog } from '../../../support/noted-log.js';

const ROUND_MS = 500;
const HOUR_MS = 3600e3;
const nzb = (digit: string): NzbSource => ({
  kind: 'nzb',
  contentId: digit.repeat(64) as ContentId,
  name: digit,
  passwords: [],
});

class FakeSampler {
  isAvailable = true;
  isIdle = true;
  answer: { asked: number; missing: number; isDead: boolean } | null = { asked: 20, missing: 0, isDead: false };
  asked: string[] = [];
  running = 0;
  hold: Promise<void> = Promise.resolve();

  async sample({ name }: NzbSource, { signal }: { readonly signal: AbortSignal }): Promise<FakeSampler['answer']> {
    this.asked.push(name);
    this.running += 1;
    const aborted = new Promise<never>((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error));
    });
    await Promise.race([this.hold, aborted]).finally(() => (this.running -= 1));
    return this.answer;
  }
}

describe('NZB samples', () => {
  let clock: ManualClock;
  let sampler: FakeSampler;
  let samples: NzbSamples;
  beforeEach(() => {
    clock = new ManualClock();
    sampler = new FakeSampler();
    samples = new NzbSamples({ sampler, clock, log: new NotedLog() });
  });

  it('no news server - nothing is asked, and once there is one, the next list is', async () => {
    sampler.isAvailable = false;
    samples.want([nzb('a')]);
    await clock.advance(ROUND_MS);
    expect([sampler.asked, clock.pending]).toEqual([[], 0]);
    sampler.isAvailable = true;
    samples.want([nzb('a')]);
    await clock.advance(ROUND_MS);
    expect(sampler.asked).toEqual(['a']);
    await samples.close();
  });

  it('a listed release - is asked for soon, and known for an hour', async () => {
    samples.want([nzb('a')]);
    expect(samples.healthOf(nzb('a').contentId)).toEqual({ state: 'unknown' });
    await clock.advance(ROUND_MS);
    expect(samples.healthOf(nzb('a').contentId)).toEqual({ state: 'alive', percent: 100 });
    samples.want([nzb('a')]);
    await clock.advance(HOUR_MS - 1);
    expect(sampler.asked).toEqual(['a']);
    await clock.advance(1);
    expect(samples.healthOf(nzb('a').contentId)).toEqual({ state: 'unknown' });
  });

  it.each([
    [
      { asked: 60, missing: 1, isDead: false },
      { state: 'alive', percent: (100 * 59) / 60 },
    ],
    [
      { asked: 20, missing: 2, isDead: true },
      { state: 'dead', reason: 'ARTICLE_MISSING' },
    ],
    [{ asked: 0, missing: 0, isDead: false }, { state: 'unknown' }],
    [null, { state: 'unknown' }],
  ])('an answer of %j - is %j', async (answer, health) => {
    sampler.answer = answer;
    samples.want([nzb('a')]);
    await clock.advance(ROUND_MS);
    expect(samples.healthOf(nzb('a').contentId)).toEqual(health);
  });

  it('other news servers - what the former said is forgotten, also what was still being asked for', async () => {
    let answer = (): void => undefined;
    sampler.hold = new Promise((resolve) => (answer = resolve));
    sampler.answer = { asked: 20, missing: 20, isDead: true };
    samples.want([nzb('a')]);
    await clock.advance(ROUND_MS);
    samples.forget();
    answer();
    await clock.advance(ROUND_MS);
    expect(samples.healthOf(nzb('a').contentId)).toEqual({ state: 'unknown' });
    samples.want([nzb('a')]);
    await clock.advance(ROUND_MS);
    expect(samples.healthOf(nzb('a').contentId)).toMatchObject({ state: 'dead' });
    samples.forget();
    expect(samples.healthOf(nzb('a').contentId)).toEqual({ state: 'unknown' });
    await samples.close();
  });

  it('while something plays - nothing is asked for, after that it is', async () => {
    sampler.isIdle = false;
    samples.want([nzb('a')]);
    await clock.advance(10 * ROUND_MS);
    expect(sampler.asked).toEqual([]);
    sampler.isIdle = true;
    await clock.advance(ROUND_MS);
    expect(sampler.asked).toEqual(['a']);
  });

  it('several releases - are asked for one at a time, those of the newest list first', async () => {
    let release = (): void => undefined;
    sampler.hold = new Promise((resolve) => (release = resolve));
    samples.want([nzb('a'), nzb('b')]);
    await clock.advance(3 * ROUND_MS);
    expect([sampler.asked, sampler.running]).toEqual([['a'], 1]);
    samples.want([nzb('c'), nzb('d')]);
    release();
    await clock.advance(4 * ROUND_MS);
    expect(sampler.asked).toEqual(['a', 'c', 'd', 'b']);
  });

  it('when 50 wait - those of older lists are not asked for', async () => {
    sampler.isIdle = false;
    const digits = Array.from({ length: 60 }, (_, at) =>
      String.fromCharCode(97 + (at % 26)).repeat(1 + Math.floor(at / 26)),
    );
    for (const digit of digits) samples.want([nzb(digit)]);
    sampler.isIdle = true;
    await clock.advance(100 * ROUND_MS);
    expect(sampler.asked).toEqual(digits.slice(10).reverse());
  });

  it('one that is not answered - is given up, and the next one asked for', async () => {
    sampler.hold = new Promise(() => undefined);
    samples.want([nzb('a'), nzb('b')]);
    await clock.advance(30_000 + 2 * ROUND_MS);
    expect(sampler.asked).toEqual(['a', 'b']);
    expect(samples.healthOf(nzb('a').contentId)).toEqual({ state: 'unknown' });
  });

  it('nothing to ask for - no timer is left', async () => {
    samples.want([nzb('a')]);
    await clock.advance(3 * ROUND_MS);
    expect(clock.pending).toBe(0);
  });

  it('closed - ends what is under way and asks nobody any more', async () => {
    sampler.hold = new Promise(() => undefined);
    samples.want([nzb('a'), nzb('b')]);
    await clock.advance(ROUND_MS);
    await samples.close();
    await samples.close();
    samples.want([nzb('c')]);
    await clock.advance(ROUND_MS);
    expect([sampler.asked, sampler.running, clock.pending]).toEqual([['a'], 0, 0]);
  });
});
