// Who plays what: one entry per response that reads bytes, and for a while those that failed, with the reason.

import { randomUUID } from 'node:crypto';
import type { MediaFile } from '../content/index.js';
import { RateMeter } from '../platform/index.js';
import type { Clock } from '../platform/index.js';
import type { PublicError } from './error-table.js';

/** A snapshot of one response. */
export interface SessionInfo {
  readonly id: string;
  readonly fileId: string;
  readonly fileName: string;
  readonly sizeBytes: number;
  readonly clientAddress: string;
  /** `waiting`: for bytes from upstream; `sending`: for the client to take them; `failed`: over, see `failure`. */
  readonly state: 'waiting' | 'sending' | 'failed';
  readonly bytesSent: number;
  /** Offset in the file of the next byte to be sent. */
  readonly position: number;
  readonly bytesPerSecond: number;
  /** Epoch ms. */
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly failure: PublicError | null;
}

const KEPT_FAILURES = 50;
const KEPT_FAILURE_MS = 10 * 60_000;

/** One running response, as its sender reports it. */
export class StreamSession {
  readonly id = randomUUID();
  readonly #startedAt: number;
  readonly #rate: RateMeter;
  #state: SessionInfo['state'] = 'waiting';
  #bytesSent = 0;
  #position = 0;
  #endedAt: number | null = null;
  #failure: PublicError | null = null;

  constructor(
    private readonly file: MediaFile,
    private readonly clientAddress: string,
    private readonly clock: Clock,
    /** Ends the response at once. */
    readonly end: () => void,
  ) {
    this.#startedAt = clock.now();
    this.#rate = new RateMeter(this.#startedAt);
  }

  waitingAt(position: number): void {
    this.#state = 'waiting';
    this.#position = position;
  }

  sending(): void {
    this.#state = 'sending';
  }

  sent(bytes: number): void {
    this.#bytesSent += bytes;
    this.#position += bytes;
    this.#rate.add(bytes, this.clock.now());
  }

  failed(failure: PublicError): void {
    this.#state = 'failed';
    this.#failure = failure;
    this.#endedAt = this.clock.now();
  }

  get info(): SessionInfo {
    return {
      id: this.id,
      fileId: this.file.id,
      fileName: this.file.name,
      sizeBytes: this.file.sizeBytes,
      clientAddress: this.clientAddress,
      state: this.#state,
      bytesSent: this.#bytesSent,
      position: this.#position,
      bytesPerSecond: this.#endedAt === null ? this.#rate.bytesPerSecond(this.clock.now()) : 0,
      startedAt: this.#startedAt,
      endedAt: this.#endedAt,
      failure: this.#failure,
    };
  }
}

/** All running sessions, bounded by the server's connections; and the last fifty failures of the last ten minutes. */
export class StreamSessions {
  readonly #running = new Map<string, StreamSession>();
  #failures: SessionInfo[] = [];

  constructor(private readonly clock: Clock) {}

  open(file: MediaFile, clientAddress: string, end: () => void): StreamSession {
    const session = new StreamSession(file, clientAddress, this.clock, end);
    this.#running.set(session.id, session);
    return session;
  }

  /** Takes a session off the list; a failure is remembered. */
  close(session: StreamSession, failure: PublicError | null): void {
    if (!this.#running.delete(session.id) || failure === null) return;
    session.failed(failure);
    this.#failures = [...this.#recentFailures(), session.info].slice(-KEPT_FAILURES);
  }

  /** Running ones in order of their start, then recent failures. */
  list(): SessionInfo[] {
    return [...[...this.#running.values()].map(({ info }) => info), ...this.#recentFailures()];
  }

  /** False when no such session runs. */
  end(id: string): boolean {
    const session = this.#running.get(id);
    session?.end();
    return session !== undefined;
  }

  #recentFailures(): SessionInfo[] {
    const oldest = this.clock.now() - KEPT_FAILURE_MS;
    return this.#failures.filter(({ endedAt }) => endedAt !== null && endedAt > oldest);
  }
}
