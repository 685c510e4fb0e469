// One run for all who wait.

import { describe, expect, it } from '@jest/globals';
import { SharedTask } from '../../../../backend/archive/rar/shared-task.js';

function lab(): { task: SharedTask<number>; runs: { signal: AbortSignal; end: (value: number) => void }[] } {
  const runs: { signal: AbortSignal; end: (value: number) => void }[] = [];
  const task = new SharedTask((signal) => new Promise<number>((end) => runs.push({ signal, end })));
  return { task, runs };
}

describe('shared task', () => {
  it('two who join - share one run', async () => {
    const { task, runs } = lab();
    const { signal } = new AbortController();
    const both = Promise.all([task.join(signal), task.join(signal)]);
    runs[0]?.end(7);
    expect(await both).toEqual([7, 7]);
    expect(runs.length).toBe(1);
  });

  it('one who leaves - does not end it; the last one does', async () => {
    const { task, runs } = lab();
    const [one, other] = [new AbortController(), new AbortController()];
    const first = task.join(one.signal);
    const second = task.join(other.signal);
    one.abort(new Error('one'));
    await expect(first).rejects.toThrow('one');
    expect(runs[0]?.signal.aborted).toBe(false);
    other.abort(new Error('other'));
    await expect(second).rejects.toThrow('other');
    expect(runs[0]?.signal.aborted).toBe(true);
  });

  it('after the end - the next begins anew', async () => {
    const { task, runs } = lab();
    const { signal } = new AbortController();
    const first = task.join(signal);
    runs[0]?.end(1);
    await first;
    const second = task.join(signal);
    runs[1]?.end(2);
    expect(await second).toBe(2);
  });
});
