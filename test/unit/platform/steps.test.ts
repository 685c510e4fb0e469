import { describe, expect, it } from '@jest/globals';
import { mapInSteps, runInTurns } from '../../../backend/platform/index.js';

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const { signal } = new AbortController();
const numbers = Array.from({ length: 2_000 }, (_, at) => (at * 7919) % 2_003);

describe('steps', () => {
  it('few - are done before anybody else gets a turn', async () => {
    let hadTurn = false;
    const other = nextTurn().then(() => (hadTurn = true));
    expect(
      await runInTurns(
        mapInSteps([1, 2, 3], (number) => number * 2),
        { signal },
      ),
    ).toEqual([2, 4, 6]);
    expect(hadTurn).toBe(false);
    await other;
  });

  it('many - let others have a turn every two hundred', async () => {
    const done: number[] = [];
    const working = runInTurns(
      mapInSteps(numbers, (number) => done.push(number)),
      { signal },
    );
    let last = 0;
    for (let turn = 0; turn < 8; turn += 1) {
      await nextTurn();
      expect(done.length - last).toBeLessThanOrEqual(400);
      last = done.length;
    }
    expect(await working).toHaveLength(numbers.length);
  });

  it('nobody waits any more - ends with the reason', async () => {
    const leaving = new AbortController();
    const working = runInTurns(
      mapInSteps(numbers, (number) => number),
      { signal: leaving.signal },
    );
    leaving.abort(new Error('gone'));
    await expect(working).rejects.toThrow('gone');
  });
});
