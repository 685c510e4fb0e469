import { getEventListeners, setMaxListeners } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { PieceWaiters } from '../../../../../backend/engines/torrent/host/piece-waiters.js';

const open = (): AbortSignal => new AbortController().signal;

describe('piece waiters', () => {
  it('piece waiters - are woken by their own piece, all of them', async () => {
    const waiters = new PieceWaiters();
    const woken: string[] = [];
    const first = waiters.wait(1, open()).then(() => woken.push('first'));
    const second = waiters.wait(1, open()).then(() => woken.push('second'));
    const other = waiters.wait(2, open()).then(() => woken.push('other'));
    waiters.arrived(1);
    await Promise.all([first, second]);
    expect(woken).toEqual(['first', 'second']);
    waiters.arrived(2);
    await other;
    expect(waiters.size).toBe(0);
  });

  it('piece waiters - leave with the reason of their signal, alone', async () => {
    const waiters = new PieceWaiters();
    const controller = new AbortController();
    const reason = new Error('seeked away');
    const leaving = waiters.wait(1, controller.signal);
    const staying = waiters.wait(1, open());
    controller.abort(reason);
    await expect(leaving).rejects.toBe(reason);
    expect(waiters.size).toBe(1);
    waiters.arrived(1);
    await staying;
    await expect(waiters.wait(1, AbortSignal.abort(reason))).rejects.toBe(reason);
    expect(waiters.size).toBe(0);
  });

  it('piece waiters - fail for one piece, or all together', async () => {
    const waiters = new PieceWaiters();
    const reason = new Error('paused');
    const first = waiters.wait(1, open());
    const rest = [waiters.wait(2, open()), waiters.wait(3, open())];
    waiters.fail(1, reason);
    await expect(first).rejects.toBe(reason);
    expect(waiters.size).toBe(2);
    waiters.failAll(reason);
    expect(await Promise.allSettled(rest)).toEqual(rest.map(() => ({ status: 'rejected', reason })));
    expect(waiters.size).toBe(0);
  });

  it('piece waiters - a piece nobody waits for is no matter', () => {
    const waiters = new PieceWaiters();
    waiters.arrived(7);
    waiters.fail(7, new Error('gone'));
    expect(waiters.size).toBe(0);
  });

  it('piece waiters - leave no listener behind, however a thousand waits end', async () => {
    const waiters = new PieceWaiters();
    const { signal } = new AbortController();
    setMaxListeners(0, signal);
    const waits = Array.from({ length: 1000 }, (_, piece) => waiters.wait(piece, signal).catch(() => undefined));
    for (let piece = 0; piece < 500; piece++) waiters.arrived(piece);
    waiters.failAll(new Error('the engine went'));
    await Promise.all(waits);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    const controllers = Array.from({ length: 1000 }, () => new AbortController());
    const aborted = controllers.map(({ signal: own }) => waiters.wait(1, own).catch(() => undefined));
    for (const controller of controllers) controller.abort();
    await Promise.all(aborted);
    expect(controllers.flatMap(({ signal: own }) => getEventListeners(own, 'abort'))).toEqual([]);
    expect(waiters.size).toBe(0);
  });
});
