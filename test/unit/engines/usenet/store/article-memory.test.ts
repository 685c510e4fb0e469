import { describe, expect, it } from '@jest/globals';
import { ArticleMemory } from '../../../../../backend/engines/usenet/store/article-memory.js';
import { articleOf, contentOf, CountedSlots, SLOT_BYTES } from '../../../../support/article-lab.js';
import { ManualClock } from '../../../../support/manual-clock.js';

describe('article memory', () => {
  const open = (maxBytes: number) => {
    const slots = new CountedSlots();
    const clock = new ManualClock();
    let released = 0;
    const memory = new ArticleMemory({ slots, clock, maxBytes, released: () => (released += 1) });
    const add = (key: string) => memory.add(key, contentOf('a'), articleOf(slots, key));
    return { slots, clock, memory, add, releases: () => released };
  };

  it('article memory - what is held may pass the bound; when full, nothing is kept beside it', () => {
    const { slots, memory, add } = open(2 * SLOT_BYTES);
    const held = ['one', 'two', 'three'].map(add);
    expect(memory.bytes).toBe(3 * SLOT_BYTES);
    held[0]!.release();
    expect([memory.has('one'), slots.out.size]).toEqual([false, 2]);
    held[1]!.release();
    expect([memory.has('two'), memory.isHeld('two'), memory.isHeld('three')]).toEqual([true, false, true]);
    add('four').release();
    expect([memory.has('two'), memory.has('four')]).toEqual([false, true]);
  });

  it('article memory - a second copy of an article is given back, the first one held', () => {
    const { slots, add } = open(1e6);
    expect(add('one').bytes).toBe(add('one').bytes);
    expect(slots.out.size).toBe(1);
  });

  it('article memory - a shared hold keeps the bytes when the first one is released', () => {
    const { slots, add, releases } = open(0);
    const first = add('one');
    const second = first.share();
    first.release();
    expect([slots.out.size, releases()]).toEqual([1, 0]);
    second.release();
    expect([slots.out.size, releases()]).toEqual([0, 1]);
  });

  it('article memory - keeps each a few seconds after its own last use', async () => {
    const { clock, memory, add } = open(1e6);
    add('one').release();
    await clock.advance(3000);
    add('two').release();
    await clock.advance(2000);
    expect([memory.has('one'), memory.has('two')]).toEqual([false, true]);
    await clock.advance(3000);
    expect([memory.has('two'), clock.pending]).toEqual([false, 0]);
  });

  it('article memory - closed, it gives back what is kept at once and what is held when it is released', () => {
    const { slots, clock, memory, add } = open(1e6);
    const held = add('one');
    add('two').release();
    memory.close();
    expect([slots.out.size, clock.pending]).toEqual([1, 0]);
    held.release();
    add('three').release();
    expect([slots.out.size, slots.doubleGiven]).toEqual([0, 0]);
  });
});
