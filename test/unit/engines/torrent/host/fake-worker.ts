// A worker thread that only listens, and says and dies as it is told.

import { EventEmitter } from 'node:events';
import type { Worker } from 'node:worker_threads';
import type { FromWorker, ToWorker } from '../../../../../backend/engines/torrent/protocol.js';

export class FakeWorker extends EventEmitter {
  readonly messages: ToWorker[] = [];
  isTerminated = false;
  /** Answers every call at once, unless set to false. */
  answersCalls = true;

  postMessage(message: ToWorker): void {
    this.messages.push(message);
    if (this.answersCalls && 'call' in message) this.answer(message);
  }

  /** Ends a call, the newest one if none is named. */
  answer(message: ToWorker = this.messages.at(-1)!, error: string | null = null): void {
    if ('call' in message) this.say({ type: 'done', call: message.call, error });
  }

  say(message: FromWorker): void {
    this.emit('message', message);
  }

  die(): void {
    this.emit('error', new Error('out of memory'));
    this.emit('exit', 1);
  }

  terminate(): Promise<number> {
    this.isTerminated = true;
    this.emit('exit', 1);
    return Promise.resolve(1);
  }

  get types(): string[] {
    return this.messages.map(({ type }) => type);
  }

  asWorker(): Worker {
    return this as unknown as Worker;
  }
}
