// Looks into media files: writes a file's first and last bytes into a sparse copy of its size and has ffprobe read that.
// Knows no engine; reads as background, so that nobody who watches is slowed down. One file at a time, 3 MB on disk.

import { constants } from 'node:fs';
import { mkdir, open, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { ByteRange, MediaFile } from '../content/index.js';
import type { Clock, Logger } from '../platform/index.js';
import { hasFfprobe, runFfprobe } from './ffprobe.js';
import { parseFfprobe, type MediaFacts } from './media-facts.js';

export interface MediaProbeOptions {
  /** Its own, for temporary files; absolute. Emptied at start. */
  readonly folder: string;
  readonly clock: Clock;
  readonly log: Logger;
  /** Default `ffprobe`, looked for on the path of the process. */
  readonly program?: string;
}

const HEAD_BYTES = 2_000_000;
const TAIL_BYTES = 1_000_000;
/** Files that may wait; of more nothing is told. */
const MAX_WAITING = 32;
/** Bytes that take longer are not cheap. */
const READ_TIMEOUT_MS = 60_000;
/** Where holes take room, a copy of this size shows it. */
const TRIAL_BYTES = 16 * 1024 * 1024;
const WRITE_FLAGS = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;

/** Tells what is in media files. Without ffprobe, or where a sparse file takes its whole size, nothing. */
export class MediaProbe {
  readonly #options: MediaProbeOptions;
  readonly #program: string;
  #isUsable: Promise<boolean> | null = null;
  #turn: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #count = 0;

  constructor(options: MediaProbeOptions) {
    this.#options = options;
    this.#program = options.program ?? 'ffprobe';
  }

  /** Removes what an earlier run left. Never rejects. */
  async start(): Promise<void> {
    const { folder, log } = this.#options;
    await rm(folder, { recursive: true, force: true }).catch((err: unknown) => {
      log.debug({ err }, 'old files of the media probe could not be removed');
    });
  }

  /**
   * What is in `file`; null when that cannot be told, whatever the reason, and when 32 files wait already.
   * Rejects with the signal's reason only; nothing runs and no file is left then.
   */
  async probe(file: MediaFile, options: { readonly signal: AbortSignal }): Promise<MediaFacts | null> {
    const { signal } = options;
    signal.throwIfAborted();
    if (file.sizeBytes <= 0 || this.#waiting >= MAX_WAITING) return null;
    this.#waiting += 1;
    const facts = this.#turn.then(() => this.#probeInTurn(file, signal));
    this.#turn = facts.catch(() => undefined);
    try {
      return await facts;
    } finally {
      this.#waiting -= 1;
    }
  }

  async #probeInTurn(file: MediaFile, signal: AbortSignal): Promise<MediaFacts | null> {
    signal.throwIfAborted();
    try {
      this.#isUsable ??= this.#findOut();
      return (await this.#isUsable) ? await this.#look(file, signal) : null;
    } catch (err) {
      signal.throwIfAborted();
      this.#options.log.debug({ err, file: file.name }, 'a media file could not be looked into');
      return null;
    }
  }

  /** Once: whether the program is there, and whether holes in files take no room. */
  async #findOut(): Promise<boolean> {
    const { clock, log } = this.#options;
    const isThere = await hasFfprobe({ clock, program: this.#program, signal: new AbortController().signal });
    if (!isThere) log.debug('ffprobe is not installed: codecs and languages of files are not told');
    return isThere && (await this.#areHolesFree().catch(() => false));
  }

  async #areHolesFree(): Promise<boolean> {
    return this.#withTemporary(async (handle) => {
      await handle.truncate(TRIAL_BYTES);
      await handle.write(new Uint8Array(1), 0, 1, TRIAL_BYTES - 1);
      await handle.sync();
      const { blocks } = await handle.stat();
      return blocks * 512 < TRIAL_BYTES / 2;
    });
  }

  async #look(file: MediaFile, signal: AbortSignal): Promise<MediaFacts | null> {
    return this.#withTemporary(async (handle, path) => {
      await this.#copyEnds(file, handle, signal);
      const result = await runFfprobe(path, { clock: this.#options.clock, program: this.#program, signal });
      return result.kind === 'printed' ? parseFfprobe(result.text) : null;
    });
  }

  async #copyEnds(file: MediaFile, handle: FileHandle, signal: AbortSignal): Promise<void> {
    const late = new AbortController();
    const timer = this.#options.clock.after(READ_TIMEOUT_MS, () => late.abort(new Error('reading took too long')));
    const either = AbortSignal.any([signal, late.signal]);
    const headEnd = Math.min(HEAD_BYTES, file.sizeBytes);
    const tailStart = Math.max(headEnd, file.sizeBytes - TAIL_BYTES);
    try {
      await handle.truncate(file.sizeBytes);
      await copy(file, { start: 0, end: headEnd }, handle, either);
      if (tailStart < file.sizeBytes) await copy(file, { start: tailStart, end: file.sizeBytes }, handle, either);
    } finally {
      timer.cancel();
    }
  }

  async #withTemporary<Value>(use: (handle: FileHandle, path: string) => Promise<Value>): Promise<Value> {
    const { folder } = this.#options;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    this.#count += 1;
    const path = join(folder, `${String(this.#count)}.part`);
    const handle = await open(path, WRITE_FLAGS, 0o600);
    try {
      return await use(handle, path);
    } finally {
      await handle.close();
      await rm(path, { force: true });
    }
  }
}

async function copy(file: MediaFile, range: ByteRange, handle: FileHandle, signal: AbortSignal): Promise<void> {
  let position = range.start;
  for await (const chunk of file.open(range, { signal, priority: 'background' })) {
    const room = Math.min(chunk.length, range.end - position);
    await handle.write(chunk, 0, room, position);
    position += room;
  }
}
