// Takes one text track out of a Matroska file, as WebVTT, by ffmpeg where that program is installed. The file goes through
// a pipe from its first byte to its last, read as background: meant for files that are wholly here. One at a time.

import { LRUCache } from 'lru-cache';
import { BusyError, CorruptDataError, NotFoundError, TimeoutError, type MediaFile } from '../content/index.js';
import type { Clock } from '../platform/index.js';
import { runProgram } from './run-program.js';

export interface SubtitleExtractorOptions {
  readonly clock: Clock;
  /** Default `ffmpeg`, looked for on the path of the process. */
  readonly program?: string;
}

const TIMEOUT_MS = 30_000;
const MAX_TEXT_BYTES = 4_000_000;
/** Requests that wait for their turn; one more is told to come again. */
const MAX_WAITING = 8;
/** Characters of all kept texts together; the least recently used is dropped. A film has some 100,000. */
const MAX_KEPT_LENGTH = 4_000_000;
/** The file may be made to do harm: nothing but its own bytes is read, by one demuxer. */
const INPUT = [
  ...['-nostdin', '-v', 'error', '-threads', '1', '-max_alloc', '268435456', '-max_streams', '200'],
  ...['-protocol_whitelist', 'pipe', '-format_whitelist', 'matroska,webm', '-f', 'matroska', '-i', 'pipe:0'],
];
const OUTPUT = ['-c:s', 'webvtt', '-f', 'webvtt', 'pipe:1'];

/** Text tracks as WebVTT. What was cut short is never kept. */
export class SubtitleExtractor {
  readonly #options: Required<SubtitleExtractorOptions>;
  readonly #kept = new LRUCache<string, string>({
    maxSize: MAX_KEPT_LENGTH,
    sizeCalculation: (text, key) => text.length + key.length,
  });
  readonly #life = new AbortController();
  #isThere: Promise<boolean> | null = null;
  #turn: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  constructor(options: SubtitleExtractorOptions) {
    this.#options = { program: 'ffmpeg', ...options };
  }

  /** Whether there is such a program; looked for once. Never rejects. */
  isAvailable(): Promise<boolean> {
    this.#isThere ??= this.#run(['-version'], this.#life.signal).then(
      ({ kind }) => kind !== 'absent',
      () => false,
    );
    return this.#isThere;
  }

  /**
   * The track that is the `index`th of all streams of `file`.
   * @throws {NotFoundError} without the program, {BusyError} when 8 others wait, {TimeoutError} after 30 s,
   * {CorruptDataError} for what cannot be read; what reading the file throws; the signal's reason. Nothing runs then.
   */
  async extract(file: MediaFile, index: number, { signal }: { readonly signal: AbortSignal }): Promise<string> {
    const either = AbortSignal.any([signal, this.#life.signal]);
    either.throwIfAborted();
    if (this.#waiting >= MAX_WAITING) throw new BusyError('Other subtitles are being read.');
    this.#waiting += 1;
    const text = this.#turn.then(() => this.#extractInTurn(file, index, either));
    this.#turn = text.catch(() => undefined);
    try {
      return await text;
    } finally {
      this.#waiting -= 1;
    }
  }

  /** Ends what runs. Idempotent. */
  async close(): Promise<void> {
    this.#life.abort();
    await this.#turn;
  }

  async #extractInTurn(file: MediaFile, index: number, signal: AbortSignal): Promise<string> {
    const key = `${index} ${file.id}`;
    const kept = this.#kept.get(key);
    if (kept !== undefined) return kept;
    signal.throwIfAborted();
    const ended = new AbortController();
    const reading = AbortSignal.any([signal, ended.signal]);
    const input = file.open({ start: 0, end: file.sizeBytes }, { signal: reading, priority: 'background' });
    try {
      const result = await this.#run([...INPUT, '-map', `0:${index}`, ...OUTPUT], signal, input);
      if (result.kind === 'absent') throw new NotFoundError('Subtitles inside of files cannot be read here.');
      if (result.kind === 'late') throw new TimeoutError('The subtitles could not be read in time.');
      if (result.kind === 'failed') {
        if (result.cause instanceof Error) throw result.cause;
        throw new CorruptDataError('The subtitles of this file cannot be read.');
      }
      this.#kept.set(key, result.text);
      return result.text;
    } finally {
      ended.abort();
    }
  }

  #run(args: readonly string[], signal: AbortSignal, input?: AsyncIterable<Uint8Array>): ReturnType<typeof runProgram> {
    return runProgram(args, {
      ...this.#options,
      signal,
      timeoutMs: TIMEOUT_MS,
      maxOutputBytes: MAX_TEXT_BYTES,
      ...(input === undefined ? {} : { input }),
    });
  }
}
