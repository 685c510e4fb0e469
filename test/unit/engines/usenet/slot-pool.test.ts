import { describe, expect, it } from '@jest/globals';
import { SlotBuffers } from '../../../../backend/engines/usenet/slot-pool.js';
import { ManualClock } from '../../../support/manual-clock.js';

describe('slot buffers', () => {
  const open = (maxFree = 4) => {
    const clock = new ManualClock();
    return { clock, slots: new SlotBuffers({ clock, slotBytes: 100, maxFree, idleMs: 1000 }) };
  };

  it('slot buffers - hand out again what came back, and never one slot twice', () => {
    const { slots } = open();
    const first = slots.take(60);
    slots.give(first);
    expect(slots.take(100)).toBe(first);
    expect(slots.take(100)).not.toBe(first);
  });

  it('slot buffers - a slice of one is a copy, as of any other array', () => {
    const { slots } = open();
    const slot = slots.take(60).fill(1);
    const kept = slot.subarray(0, 10).slice();
    slot.fill(2);
    expect([...kept]).toEqual(Array.from({ length: 10 }, () => 1));
    expect([...slots.take(500).fill(3).slice(0, 2)]).toEqual([3, 3]);
  });

  it('slot buffers - keep no more than their bound when full', () => {
    const { slots } = open(2);
    for (const slot of [slots.take(1), slots.take(1), slots.take(1)]) slots.give(slot);
    expect(slots.freeBytes).toBe(200);
  });

  it('slot buffers - larger ones are made as asked, and not kept', () => {
    const { slots } = open();
    const large = slots.take(101);
    expect(large).toHaveLength(101);
    slots.give(large);
    expect(slots.freeBytes).toBe(0);
  });

  it('slot buffers - give up what was not needed for a while, all of it at rest, and leave no timer', async () => {
    const { clock, slots } = open();
    const taken = [slots.take(1), slots.take(1), slots.take(1)];
    for (const slot of taken) slots.give(slot);
    await clock.advance(1000);
    slots.give(slots.take(1));
    await clock.advance(1000);
    expect(slots.freeBytes).toBe(100);
    await clock.advance(1000);
    expect(slots.freeBytes).toBe(0);
    expect(clock.pending).toBe(0);
  });
});
