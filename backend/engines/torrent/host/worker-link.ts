// The line to the torrent worker: starts it, starts it again when it dies, and matches answers to calls.

import { Worker } from 'node:worker_threads';
import { UpstreamError } from '../../../content/index.js';
import type { Clock, Logger } from '../../../platform/index.js';
import type { FromWorker, ToWorker, WorkerSettings } from '../protocol.js';

/** What the link needs of a worker thread; tests pass their own maker to kill it at will. */
export type WorkerMaker = (settings: WorkerSettings) => Worker;

export interface WorkerLinkEvents {
  message(message: FromWorker): void;
  /** A fresh worker is listening: tell it everything it should know. */
  started(): void;
  /** The worker died; a new one follows. */
  lost(): void;
}

export interface WorkerLinkOptions {
  readonly settings: WorkerSettings;
  readonly clock: Clock;
  readonly log: Logger;
  readonly events: WorkerLinkEvents;
  readonly createWorker?: WorkerMaker;
}

const FIRST_RESTART_MS = 50;
const LAST_RESTART_MS = 10_000;
const STEADY_MS = 60_000;
const STOP_DEADLINE_MS = 5000;

export class WorkerLink {
  private worker: Worker | null = null;
  private isReady = false;
  private isClosing = false;
  private closed: Promise<void> | null = null;
  private isRestarting = false;
  private startedAt = 0;
  private restartMs = FIRST_RESTART_MS;
  private nextCall = 1;
  private readonly calls = new Map<number, { resolve: () => void; reject: (error: Error) => void }>();

  constructor(private readonly options: WorkerLinkOptions) {}

  /** Starts the worker unless it runs, or is about to be started again after it died. */
  start(): void {
    if (this.worker !== null || this.isClosing || this.isRestarting) return;
    const worker = (this.options.createWorker ?? createWorker)(this.options.settings);
    this.worker = worker;
    this.startedAt = this.options.clock.now();
    worker.on('message', (message: FromWorker) => this.receive(message));
    worker.on('error', (error) => this.options.log.error({ err: error }, 'The torrent worker failed'));
    worker.on('exit', () => this.exited(worker));
  }

  /** Sends to the worker; dropped while it is down, since everything is told again when it is back. */
  post(message: ToWorker): void {
    if (this.isReady) this.worker?.postMessage(message);
  }

  /** Sends and resolves when the worker has done it. @throws {UpstreamError} when it fails or dies meanwhile */
  call(build: (call: number) => ToWorker): Promise<void> {
    if (!this.isReady) return Promise.reject(lostError());
    const call = this.nextCall++;
    return new Promise((resolve, reject) => {
      this.calls.set(call, { resolve, reject });
      this.post(build(call));
    });
  }

  /** Stops the worker, giving it a few seconds to put everything in order. Idempotent. */
  close(): Promise<void> {
    this.isClosing = true;
    this.closed ??= this.closeNow();
    return this.closed;
  }

  private async closeNow(): Promise<void> {
    const worker = this.worker;
    if (worker === null) return;
    const answered = new AbortController();
    const stopped = this.call((call) => ({ type: 'stop', call })).catch(() => undefined);
    const deadline = this.options.clock.sleep(STOP_DEADLINE_MS, { signal: answered.signal }).catch(() => undefined);
    await Promise.race([stopped, deadline]);
    answered.abort();
    await worker.terminate();
  }

  private receive(message: FromWorker): void {
    if (message.type === 'ready') {
      this.isReady = true;
      this.options.events.started();
    } else if (message.type === 'done') {
      const waiting = this.calls.get(message.call);
      this.calls.delete(message.call);
      if (message.error === null) waiting?.resolve();
      else waiting?.reject(new UpstreamError(`The torrent engine failed: ${message.error}`));
    } else {
      this.options.events.message(message);
    }
  }

  private exited(worker: Worker): void {
    if (this.worker !== worker) return;
    this.worker = null;
    this.isReady = false;
    for (const waiting of this.calls.values()) waiting.reject(lostError());
    this.calls.clear();
    if (this.isClosing) return;
    if (this.options.clock.now() - this.startedAt > STEADY_MS) this.restartMs = FIRST_RESTART_MS;
    this.options.log.warn({ restartMs: this.restartMs }, 'The torrent worker stopped; starting it again');
    this.options.events.lost();
    this.isRestarting = true;
    this.options.clock.after(this.restartMs, () => {
      this.isRestarting = false;
      this.start();
    });
    this.restartMs = Math.min(LAST_RESTART_MS, this.restartMs * 2);
  }
}

function createWorker(settings: WorkerSettings): Worker {
  return new Worker(new URL('../worker/worker.js', import.meta.url), { workerData: settings, name: 'torrent' });
}

function lostError(): UpstreamError {
  return new UpstreamError('The torrent engine is being restarted.');
}
