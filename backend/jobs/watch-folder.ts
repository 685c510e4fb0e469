// The watch folder: NZBs and torrents dropped into it are prepared, then put away in `done` or `failed`. Knows neither
// engines nor formats: what becomes of the bytes is `submit`'s. Bounded: two files at once, 1000 names remembered.

import { watch, type FSWatcher } from 'node:fs';
import { BusyError, HeadstartError, TimeoutError } from '../content/index.js';
import type { Clock, Logger, Timer } from '../platform/index.js';
import { DroppedFiles, type Drop, type DropFailure, type DropKind } from './dropped-files.js';
import { describeError } from './job-failure.js';

/** One dropped file; `name` without folders, the bytes are the receiver's. */
export interface DroppedFile {
  readonly kind: DropKind;
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface WatchFolderOptions {
  /** Absolute; made when it is missing. Nothing outside it is read or written. */
  readonly folder: string;
  /**
   * Resolves when what the file describes is prepared; rejects with the reason why not, of which code and message are told
   * to the user. A `BusyError` means later: the file is taken again after its time. Ends with the signal.
   */
  readonly submit: (file: DroppedFile, options: { readonly signal: AbortSignal }) => Promise<void>;
  readonly clock: Clock;
  readonly log: Logger;
}

/** An NZB is XML and may be large; a torrent file is at most what the engine takes. */
const MAX_BYTES: Readonly<Record<DropKind, number>> = { nzb: 100e6, torrent: 32 * 1024 * 1024 };
const MAX_AT_ONCE = 2;
/** Network shares tell nothing of what changed on them. */
const POLL_MS = 10_000;
/** A file that did not change for so long was written to its end. */
const SETTLE_MS = 2000;
/** A file that is being written makes a stream of events. */
const EVENT_PAUSE_MS = 250;
/** An empty file is one that somebody is about to write, for so long. */
const EMPTY_SETTLE_MS = 60_000;
/** Beyond every limit of a preparation: the end of a wait that has none of its own. */
const SUBMIT_TIMEOUT_MS = 30 * 60_000;

/** What is remembered of a file between two looks. `settledAt` null: done with, but it could not be put away. */
interface Seen {
  readonly sizeBytes: number;
  readonly modifiedMs: number;
  settledAt: number | null;
}

/** Takes files from `start` until `close`. */
export class WatchFolder {
  readonly #options: WatchFolderOptions;
  readonly #files: DroppedFiles;
  readonly #ending = new AbortController();
  readonly #seen = new Map<string, Seen>();
  readonly #running = new Map<string, Promise<void>>();
  #watcher: FSWatcher | null = null;
  #poll: Timer | null = null;
  #soon: Timer | null = null;
  #event: Timer | null = null;
  #look: Promise<void> | null = null;
  #isAskedAgain = false;
  #isUnreadable = false;

  constructor(options: WatchFolderOptions) {
    this.#options = options;
    this.#files = new DroppedFiles({ folder: options.folder, maxBytes: MAX_BYTES });
  }

  /** Makes the folder and begins with what lies in it. A folder that cannot be used is logged and tried again. Once. */
  async start(): Promise<void> {
    this.#poll = this.#options.clock.every(POLL_MS, () => this.#lookSoon());
    this.#lookSoon();
    await this.#look;
    this.#watch();
  }

  /** Ends what runs; unfinished files stay where they are. Idempotent. */
  async close(): Promise<void> {
    this.#ending.abort();
    this.#poll?.cancel();
    this.#soon?.cancel();
    this.#event?.cancel();
    this.#watcher?.close();
    this.#watcher = null;
    await Promise.all([this.#look, ...this.#running.values()]);
  }

  /** One look at a time; asked for meanwhile, another one follows. */
  #lookSoon(): void {
    if (this.#ending.signal.aborted) return;
    if (this.#look !== null) {
      this.#isAskedAgain = true;
      return;
    }
    this.#look = this.#lookAround().finally(() => {
      this.#look = null;
      if (!this.#isAskedAgain) return;
      this.#isAskedAgain = false;
      this.#lookSoon();
    });
  }

  async #lookAround(): Promise<void> {
    try {
      const drops = await this.#files.list();
      this.#isUnreadable = false;
      this.#forget(drops);
      this.#takeReady(drops.filter(({ name }) => !this.#running.has(name)));
    } catch (error) {
      if (!this.#isUnreadable) this.#options.log.warn({ err: error }, 'the watch folder cannot be read');
      this.#isUnreadable = true;
    }
  }

  #forget(drops: readonly Drop[]): void {
    const names = new Set(drops.map(({ name }) => name));
    for (const name of this.#seen.keys()) if (!names.has(name)) this.#seen.delete(name);
  }

  #takeReady(drops: readonly Drop[]): void {
    const now = this.#options.clock.now();
    const waits: number[] = [];
    for (const drop of drops) {
      const settledAt = this.#settledAt(drop, now);
      if (settledAt === null) continue;
      if (settledAt > now) waits.push(settledAt - now);
      else if (this.#running.size < MAX_AT_ONCE) this.#take(drop);
    }
    this.#soon?.cancel();
    if (waits.length === 0 || this.#ending.signal.aborted) return;
    this.#soon = this.#options.clock.after(Math.min(...waits), () => this.#lookSoon());
  }

  /** When the file may be taken; a change begins the wait anew. */
  #settledAt(drop: Drop, now: number): number | null {
    const before = this.#seen.get(drop.name);
    if (before?.sizeBytes === drop.sizeBytes && before.modifiedMs === drop.modifiedMs) return before.settledAt;
    const settledAt = now + (drop.sizeBytes === 0 ? EMPTY_SETTLE_MS : SETTLE_MS);
    this.#seen.set(drop.name, { sizeBytes: drop.sizeBytes, modifiedMs: drop.modifiedMs, settledAt });
    return settledAt;
  }

  #take(drop: Drop): void {
    if (this.#ending.signal.aborted) return;
    const running = this.#handle(drop).finally(() => {
      this.#running.delete(drop.name);
      this.#lookSoon();
    });
    this.#running.set(drop.name, running);
  }

  /** Never rejects. */
  async #handle(drop: Drop): Promise<void> {
    try {
      const bytes = await this.#files.read(drop);
      if (bytes === null) {
        this.#seen.delete(drop.name);
        return;
      }
      await this.#submit({ kind: drop.kind, name: drop.name, bytes });
      await this.#putAway(drop, null);
    } catch (error) {
      await this.#failed(drop, error);
    }
  }

  async #submit(file: DroppedFile): Promise<void> {
    const late = new AbortController();
    const timer = this.#options.clock.after(SUBMIT_TIMEOUT_MS, () =>
      late.abort(new TimeoutError('The preparation took too long.')),
    );
    try {
      await this.#options.submit(file, { signal: AbortSignal.any([this.#ending.signal, late.signal]) });
    } finally {
      timer.cancel();
    }
  }

  async #failed(drop: Drop, error: unknown): Promise<void> {
    if (this.#ending.signal.aborted) return;
    const seen = this.#seen.get(drop.name);
    if (error instanceof BusyError && seen !== undefined) {
      seen.settledAt = this.#options.clock.now() + Math.max(1, error.retryAfterSeconds) * 1000;
      return;
    }
    const failure = describeError(error);
    const told = error instanceof HeadstartError ? failure : { err: error };
    this.#options.log.warn({ file: drop.name, ...told }, 'a dropped file failed');
    await this.#putAway(drop, failure);
  }

  /** What cannot be moved is left alone until it changes: it is not prepared over and over. */
  async #putAway(drop: Drop, failure: DropFailure | null): Promise<void> {
    const seen = this.#seen.get(drop.name);
    if (seen !== undefined) seen.settledAt = null;
    try {
      await this.#files.putAway(drop, failure);
      if (failure === null) this.#options.log.info({ file: drop.name }, 'a dropped file is prepared');
    } catch (error) {
      this.#options.log.warn({ file: drop.name, err: error }, 'a dropped file could not be put away');
    }
  }

  #changed(): void {
    if (this.#ending.signal.aborted) return;
    this.#event ??= this.#options.clock.after(EVENT_PAUSE_MS, () => {
      this.#event = null;
      this.#lookSoon();
    });
  }

  #watch(): void {
    if (this.#ending.signal.aborted) return;
    try {
      this.#watcher = watch(this.#options.folder, { persistent: false }, () => this.#changed());
      this.#watcher.on('error', () => this.#watcher?.close());
    } catch (error) {
      this.#options.log.debug({ err: error }, 'the watch folder is only looked at from time to time');
    }
  }
}
