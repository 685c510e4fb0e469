import { describe, expect, it } from '@jest/globals';
import { mapAtMost } from '../../../backend/platform/index.js';

describe('mapAtMost', () => {
  it('many things - are worked on a few at a time, and answered in their order', async () => {
    let [atOnce, most] = [0, 0];
    const results = await mapAtMost(3, [5, 4, 3, 2, 1, 0], async (item) => {
      most = Math.max(most, ++atOnce);
      await Promise.resolve();
      atOnce -= 1;
      return item * 2;
    });
    expect(results).toEqual([10, 8, 6, 4, 2, 0]);
    expect(most).toBe(3);
  });

  it('a failure - is told, and nothing more is begun', async () => {
    const begun: number[] = [];
    const failure = new Error('no');
    const work = async (item: number): Promise<void> => {
      begun.push(item);
      await Promise.resolve();
      if (item === 1) throw failure;
    };
    await expect(mapAtMost(2, [0, 1, 2, 3, 4, 5], work)).rejects.toBe(failure);
    expect(begun.length).toBeLessThan(6);
  });
});
