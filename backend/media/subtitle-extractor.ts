// Takes text tracks out of Matroska files, as WebVTT, by ffmpeg where that program is installed. A file goes through a pipe
// from its first byte to its last: meant for files that are wholly here, read as background, one at a time. That takes as
// long as it takes: nobody is held for it, it goes on when they leave, and whoever asks later has the text at once.

import { LRUCache } from 'lru-cache';
import { BusyError, ClosedError, CorruptDataError, NotFoundError, TimeoutError } from '../content/index.js';
import type { MediaFile } from '../content/index.js';
import type { Clock } from '../platform/index.js';
import { runProgram, type RunResult } from './run-program.js';

export interface SubtitleExtractorOptions {
  readonly clock: Clock;
  /** Whoever asks is told by then to come again. */
  readonly holdMs: number;
  /** Default `ffmpeg`, looked for on the path of the process. */
  readonly program?: string;
}

interface Failure {
  readonly error: unknown;
  readonly atMs: number;
}

const LOOK_TIMEOUT_MS = 30_000;
/** Enough for a film of 50 GB on a slow disk. */
const READ_TIMEOUT_MS = 10 * 60e3;
const MAX_TEXT_BYTES = 4_000_000;
/** Tracks that are read or wait for their turn; for one more, come again. */
const MAX_UNDER_WAY = 8;
/** Seconds: a film is read in about that. */
const RETRY_AFTER = 20;
/** Characters of all kept texts together; the least recently used is dropped. A film has some 100,000. */
const MAX_KEPT_LENGTH = 4_000_000;
const MAX_FAILURES = 500;
/** Until then the same is answered without reading the file again. */
const FAILED_FOR_MS = 10 * 60e3;
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
  readonly #failed = new LRUCache<string, Failure>({ max: MAX_FAILURES });
  readonly #underWay = new Map<string, Promise<string>>();
  readonly #life = new AbortController();
  #isThere: Promise<boolean> | null = null;
  #turn: Promise<void> = Promise.resolve();

  constructor(options: SubtitleExtractorOptions) {
    this.#options = { program: 'ffmpeg', ...options };
  }

  /** Whether there is such a program; looked for once. Never rejects. */
  isAvailable(): Promise<boolean> {
    this.#isThere ??= this.#run(['-version'], LOOK_TIMEOUT_MS).then(
      ({ kind }) => kind !== 'absent',
      () => false,
    );
    return this.#isThere;
  }

  /**
   * The track that is the `index`th of all streams of `file`; the same track asked for several times is read once.
   * @throws {BusyError} when it is not read by `holdMs`, or 8 others are under way; {NotFoundError} without the program,
   * {TimeoutError} when it was not read within 10 min, {CorruptDataError} for what cannot be read, what reading the file
   * throws: each of these again for 10 min; {ClosedError} from the end on; the signal's reason.
   */
  async extract(file: MediaFile, index: number, { signal }: { readonly signal: AbortSignal }): Promise<string> {
    signal.throwIfAborted();
    if (this.#life.signal.aborted) throw new ClosedError();
    const key = `${index} ${file.id}`;
    const kept = this.#kept.get(key);
    if (kept !== undefined) return kept;
    const failure = this.#failed.get(key);
    if (failure !== undefined && this.#options.clock.now() < failure.atMs + FAILED_FOR_MS) throw failure.error;
    return this.#held(this.#underWay.get(key) ?? this.#begin(key, file, index), signal);
  }

  /** Ends what runs. Idempotent. */
  async close(): Promise<void> {
    this.#life.abort(new ClosedError());
    await this.#turn;
  }

  #begin(key: string, file: MediaFile, index: number): Promise<string> {
    if (this.#underWay.size >= MAX_UNDER_WAY) throw new BusyError('Other subtitles are being read.', RETRY_AFTER);
    const text = this.#turn.then(() => this.#read(file, index));
    this.#underWay.set(key, text);
    this.#turn = text
      .then(
        (read) => void this.#kept.set(key, read),
        (error: unknown) => void this.#failed.set(key, { error, atMs: this.#options.clock.now() }),
      )
      .finally(() => this.#underWay.delete(key));
    return text;
  }

  /** `text`, where it comes while somebody is there to be held. */
  #held(text: Promise<string>, signal: AbortSignal): Promise<string> {
    return new Promise((resolve, reject) => {
      const leave = (): void => reject(signal.reason as Error);
      const late = new BusyError('These subtitles are being read.', RETRY_AFTER);
      const timer = this.#options.clock.after(this.#options.holdMs, () => reject(late));
      signal.addEventListener('abort', leave, { once: true });
      const end = (): void => {
        timer.cancel();
        signal.removeEventListener('abort', leave);
      };
      void text.then(resolve, reject).finally(end);
    });
  }

  async #read(file: MediaFile, index: number): Promise<string> {
    const ended = new AbortController();
    const reading = AbortSignal.any([this.#life.signal, ended.signal]);
    const input = file.open({ start: 0, end: file.sizeBytes }, { signal: reading, priority: 'background' });
    try {
      const result = await this.#run([...INPUT, '-map', `0:${index}`, ...OUTPUT], READ_TIMEOUT_MS, input);
      if (result.kind === 'printed') return result.text;
      if (result.kind === 'absent') throw new NotFoundError('Subtitles inside of files cannot be read here.');
      if (result.kind === 'late') throw new TimeoutError('The subtitles could not be read in time.');
      if (result.cause instanceof Error) throw result.cause;
      throw new CorruptDataError('The subtitles of this file cannot be read.');
    } finally {
      ended.abort();
    }
  }

  #run(args: readonly string[], timeoutMs: number, input?: AsyncIterable<Uint8Array>): Promise<RunResult> {
    const { clock, program } = this.#options;
    const { signal } = this.#life;
    const limits = { timeoutMs, maxOutputBytes: MAX_TEXT_BYTES };
    return runProgram(args, { clock, program, signal, ...limits, ...(input === undefined ? {} : { input }) });
  }
}
