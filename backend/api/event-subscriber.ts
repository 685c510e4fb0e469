// One subscriber of server-sent events. While its socket is full nothing is written to it: what changes meanwhile is
// remembered per job, the latest state only, so a slow one misses progress and never a settled state. Bound: 1 000 jobs;
// when full, progress goes first, and with nothing but settled jobs left the subscriber is cut: on its return it is told
// where everything stands.

import type { Writable } from 'node:stream';

/** What is told of one job or item. */
export interface JobNews {
  /** The job's id; for an item, what no job is called. */
  readonly jobId: string;
  /** Default `job`. */
  readonly event?: 'job' | 'item';
  readonly isSettled: boolean;
  /** One line of JSON. */
  readonly json: string;
}

export class EventSubscriber {
  readonly #socket: Writable;
  readonly #maxWaiting: number;
  readonly #waiting = new Map<string, JobNews>();
  #isFull = false;

  constructor(socket: Writable, options: { readonly maxWaiting?: number } = {}) {
    this.#socket = socket;
    this.#maxWaiting = options.maxWaiting ?? 1_000;
    socket.on('drain', () => this.#drain());
  }

  /** Jobs it is behind with. */
  get waiting(): number {
    return this.#waiting.size;
  }

  tell(news: JobNews): void {
    if (!this.#isFull) return this.#write(textOf(news));
    this.#waiting.delete(news.jobId);
    if (this.#waiting.size >= this.#maxWaiting && !this.#makeRoom()) {
      this.#waiting.clear();
      this.#socket.destroy();
      return;
    }
    this.#waiting.set(news.jobId, news);
  }

  /** A comment that keeps proxies from closing the connection; pointless while the socket is full. */
  beat(): void {
    if (!this.#isFull) this.#write(': still here\n\n');
  }

  #write(text: string): void {
    if (this.#socket.writable) this.#isFull = !this.#socket.write(text);
  }

  #drain(): void {
    this.#isFull = false;
    for (const [jobId, news] of this.#waiting) {
      if (this.#isFull) return;
      this.#waiting.delete(jobId);
      this.#write(textOf(news));
    }
  }

  #makeRoom(): boolean {
    for (const [jobId, { isSettled }] of this.#waiting) if (!isSettled) return this.#waiting.delete(jobId);
    return false;
  }
}

function textOf({ event = 'job', json }: JobNews): string {
  return `event: ${event}\ndata: ${json}\n\n`;
}
