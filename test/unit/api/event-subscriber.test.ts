import { describe, expect, it } from '@jest/globals';
import { Writable } from 'node:stream';
import { EventSubscriber, type JobNews } from '../../../backend/api/event-subscriber.js';

/** A socket that takes nothing until told to. */
class SlowSocket extends Writable {
  readonly taken: string[] = [];
  #pending: (() => void) | null = null;

  constructor() {
    super({ highWaterMark: 1, decodeStrings: false });
  }

  override _write(chunk: string | Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.taken.push(chunk.toString());
    this.#pending = done;
  }

  /** Takes what waits, until nothing does. */
  async drain(): Promise<void> {
    while (this.#pending !== null) {
      const done = this.#pending;
      this.#pending = null;
      done();
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

const news = (jobId: string, json: string, isSettled = false): JobNews => ({ jobId, json, isSettled });
const dataOf = (socket: SlowSocket): string[] => socket.taken.flatMap((text) => /data: (.*)/.exec(text)?.[1] ?? []);

describe('event subscriber', () => {
  it('event subscriber - a slow one misses progress, never the end', async () => {
    const socket = new SlowSocket();
    const subscriber = new EventSubscriber(socket);
    subscriber.tell(news('a', 'a1'));
    for (const step of ['a2', 'a3', 'a4']) subscriber.tell(news('a', step));
    subscriber.tell(news('a', 'a ready', true));
    subscriber.tell(news('b', 'b1'));
    expect(subscriber.waiting).toBe(2);
    await socket.drain();
    expect(dataOf(socket)).toEqual(['a1', 'a ready', 'b1']);
  });

  it('event subscriber - when full, drops progress before any end', async () => {
    const socket = new SlowSocket();
    const subscriber = new EventSubscriber(socket, { maxWaiting: 2 });
    subscriber.tell(news('first', 'first'));
    subscriber.tell(news('a', 'a1'));
    subscriber.tell(news('b', 'b ready', true));
    subscriber.tell(news('c', 'c failed', true));
    await socket.drain();
    expect(dataOf(socket)).toEqual(['first', 'b ready', 'c failed']);
    expect(socket.destroyed).toBe(false);
  });

  it('event subscriber - when full of ends alone, is cut, so that it asks again', () => {
    const socket = new SlowSocket();
    const subscriber = new EventSubscriber(socket, { maxWaiting: 2 });
    for (const id of ['first', 'a', 'b', 'c']) subscriber.tell(news(id, id, true));
    expect(socket.destroyed).toBe(true);
    expect(subscriber.waiting).toBe(0);
    subscriber.tell(news('d', 'd', true));
  });

  it('event subscriber - says whether a job or an item is told of, also to a slow one', async () => {
    const socket = new SlowSocket();
    const subscriber = new EventSubscriber(socket);
    subscriber.tell(news('a', 'a1'));
    subscriber.tell({ ...news('item:1', 'i1'), event: 'item' });
    await socket.drain();
    expect(socket.taken).toEqual(['event: job\ndata: a1\n\n', 'event: item\ndata: i1\n\n']);
  });

  it('event subscriber - its heartbeat does not pile up', async () => {
    const socket = new SlowSocket();
    const subscriber = new EventSubscriber(socket);
    for (let beat = 0; beat < 100; beat += 1) subscriber.beat();
    await socket.drain();
    expect(socket.taken).toEqual([': still here\n\n']);
  });
});
