import { describe, expect, it } from '@jest/globals';
import { BusyError } from '../../../backend/content/index.js';
import { Turnstile } from '../../../backend/platform/index.js';

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('Turnstile', () => {
  const open = (width: number, maxWaiting = 10): Turnstile => new Turnstile({ width, maxWaiting, refusal: 'Full.' });

  /** Notes who is inside, in the order of entering. */
  function enterer(turns: Turnstile): {
    inside: string[];
    enter: (name: string, weight?: number) => Promise<() => void>;
  } {
    const inside: string[] = [];
    const enter = async (name: string, weight = 1): Promise<() => void> => {
      const leave = await turns.enter({ weight });
      inside.push(name);
      return leave;
    };
    return { inside, enter };
  }

  it('turnstile - so many at once, the others in their order', async () => {
    const { inside, enter } = enterer(open(2));
    const leave = await enter('a');
    const others = ['b', 'c', 'd'].map((name) => enter(name));
    await settled();
    expect(inside).toEqual(['a', 'b']);
    leave();
    leave();
    await settled();
    expect(inside).toEqual(['a', 'b', 'c']);
    (await others[0]!)();
    await Promise.all(others);
    expect(inside).toEqual(['a', 'b', 'c', 'd']);
  });

  it('turnstile - what is heavy goes alone, and is not overtaken', async () => {
    const { inside, enter } = enterer(open(2));
    const leave = await enter('light');
    const heavy = enter('heavy', 5);
    const last = enter('last');
    await settled();
    expect(inside).toEqual(['light']);
    leave();
    const leaveHeavy = await heavy;
    await settled();
    expect(inside).toEqual(['light', 'heavy']);
    leaveHeavy();
    await last;
  });

  it('turnstile - who waits may leave; then the next one moves up', async () => {
    const turns = open(2, 2);
    const leave = await turns.enter();
    const going = new AbortController();
    const heavy = turns.enter({ weight: 2, signal: going.signal });
    const next = turns.enter();
    await expect(turns.enter()).rejects.toThrow(BusyError);
    going.abort(new Error('gone'));
    await expect(heavy).rejects.toThrow('gone');
    (await next)();
    leave();
    await expect(turns.enter({ signal: going.signal })).rejects.toThrow('gone');
    (await turns.enter({ weight: 2 }))();
  });

  it('turnstile - work that fails makes room', async () => {
    const turns = open(1, 0);
    await expect(turns.run(() => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
    expect(await turns.run(async () => 'done')).toBe('done');
  });
});
