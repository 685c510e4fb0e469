// Attempts to play whose preparations, swarms and time stand where a test puts them.

import { PlayAttempts } from '../../../../addon/play/play-attempts.js';
import type { PlayTarget } from '../../../../addon/play/play-target.js';
import type { Outlook } from '../../../../addon/play/swarm-outlook.js';
import {
  isInfoHash,
  type InfoHash,
  type Job,
  type JobState,
  type MediaFile,
} from '../../../../backend/content/index.js';
import type { PrepareRequest } from '../../../../backend/jobs/index.js';
import { ManualClock } from '../../../support/manual-clock.js';
import { MemoryMediaFile } from '../../../support/memory-media-file.js';
import { NotedLog } from '../../../support/noted-log.js';

const wish = { titleId: 'tt1', type: 'movie' } as const;
const { signal: stays } = new AbortController();
export const HOLD_MS = 8_000;

export function hashOf(digit: string): InfoHash {
  const text = digit.repeat(40);
  if (!isInfoHash(text)) throw new Error('no infohash');
  return text;
}

function target(digit: string): PlayTarget {
  const infoHash = hashOf(digit);
  const source = { kind: 'torrent', infoHash, trackers: [], webSeeds: [], peers: [] } as const;
  const request = { source, priority: 'play' } as const;
  return { request, contentId: infoHash, sizeBytes: null, identity: `torrent:${infoHash}`, wish, bingeGroup: 'g' };
}

/** Jobs that stand where a test puts them. */
export class StandingJobs {
  readonly prepared: string[] = [];
  readonly #jobs = new Map<string, Job>();
  readonly #waiting = new Map<string, ((job: Job) => void)[]>();
  refusal: Error | null = null;
  /** What swarms look like; `hopeful` where nothing is said. */
  readonly outlooks = new Map<string, Outlook>();
  readonly removed = new Set<string>();
  /** What is ready, and cannot be opened. */
  readonly unopened = new Map<string, Error>();

  prepare({ source }: PrepareRequest): Promise<Job> {
    if (this.refusal !== null) return Promise.reject(this.refusal);
    if (source.kind !== 'torrent') throw new Error('only torrents here');
    const digit = source.infoHash.charAt(0);
    this.prepared.push(digit);
    return Promise.resolve(this.get(digit) ?? this.put(digit, 'resolving'));
  }

  outlookOf({ id }: Job): Outlook {
    return this.outlooks.get(id) ?? 'hopeful';
  }

  open(id: string): Promise<MediaFile> {
    const refusal = this.unopened.get(id);
    return refusal === undefined
      ? Promise.resolve(new MemoryMediaFile(new Uint8Array(1), { id }))
      : Promise.reject(refusal);
  }

  forget(id: string): void {
    this.#jobs.delete(id);
  }

  get(id: string): Job | null {
    return this.#jobs.get(id) ?? null;
  }

  untilStreamable(id: string, { signal }: { readonly signal: AbortSignal }): Promise<Job> {
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, [...(this.#waiting.get(id) ?? []), resolve]);
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    });
  }

  put(digit: string, state: JobState, code?: string): Job {
    const job: Job = {
      id: digit,
      contentId: hashOf(digit),
      sourceKind: 'torrent',
      fileIndex: 0,
      state,
      progress: 0,
      message: '',
      method: 'p2p',
      fileName: null,
      fileSizeBytes: null,
      error: code === undefined ? null : { code, message: code },
      createdAt: 0,
      usedAt: 0,
      expiresAt: 0,
    };
    this.#jobs.set(digit, job);
    const isSettled = ['streamable', 'completed', 'failed', 'cancelled'].includes(state);
    if (isSettled) for (const tell of this.#waiting.get(digit)?.splice(0) ?? []) tell(job);
    return job;
  }
}

/** `looked`: the next best is told no sooner. */
export function attemptLab(others: readonly string[] = [], isFailover = true, looked = Promise.resolve()) {
  const jobs = new StandingJobs();
  const clock = new ManualClock();
  const log = new NotedLog();
  const attempts = new PlayAttempts({
    jobs,
    alternatives: isFailover
      ? {
          next: async (_target, tried) => {
            const digit = others.find((one) => !tried.has(`torrent:${hashOf(one)}`));
            await looked;
            return digit === undefined ? null : target(digit);
          },
        }
      : null,
    outlookOf: (job) => jobs.outlookOf(job),
    isRemoved: (contentId) => jobs.removed.has(contentId),
    clock,
    log,
    limitMs: 58_000,
    failureKeptMs: 150_000,
  });
  const press = (address = '/play/a', known: 'articles-missing' | null = null, gone = stays) => {
    const attempt = attempts.join(address, target('a'), known);
    return { attempt, end: attempt.wait({ holdMs: HOLD_MS, gone }) };
  };
  return { jobs, clock, log, attempts, press };
}
