// One course of one job: what does it contain, which file is meant, make it streamable. Knows engine, library and clock;
// who is told, and what is found under which key, is the manager's.

import {
  GoneError,
  InputError,
  TimeoutError,
  UnplayableError,
  type ContentId,
  type Release,
  type ReleaseFile,
  type Source,
} from '../content/index.js';
import { chooseFile } from '../naming/index.js';
import type { Clock } from '../platform/index.js';
import type { Engine, PreparedFile, StageReport } from './engine.js';
import { deadlineError } from './job-failure.js';
import type { JobRecord } from './job-record.js';
import type { JobLibrary } from './job-store.js';
import { inKnownPlaces } from './known-places.js';

export interface JobRunOptions {
  readonly engine: Engine;
  readonly library: JobLibrary;
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly report: (report: StageReport) => void;
  /** Content and file are known. False: another job has them already, this course ends. */
  readonly decided: () => boolean;
}

/**
 * Runs to `streamable`; null when `decided` ended it. Rejects with the signal's reason when the record's controller is
 * aborted, and with a `TimeoutError` whose code fits best at the deadline, even where the engine does not listen.
 */
export async function runJob(record: JobRecord, options: JobRunOptions): Promise<PreparedFile | null> {
  const { signal } = record.controller;
  let abandon = (): void => undefined;
  const ended = new Promise<never>((_resolve, reject) => {
    abandon = () => reject(signal.reason as Error);
    signal.addEventListener('abort', abandon, { once: true });
  });
  const deadline = options.clock.after(options.timeoutMs, () => record.controller.abort(lateness(record)));
  try {
    signal.throwIfAborted();
    return await Promise.race([course(record, options), ended]);
  } finally {
    deadline.cancel();
    signal.removeEventListener('abort', abandon);
  }
}

async function course(record: JobRecord, options: JobRunOptions): Promise<PreparedFile | null> {
  const { signal } = record.controller;
  const report = (stage: StageReport): void => {
    if (signal.aborted) return;
    record.lastReport = stage;
    options.report(stage);
  };
  assertKept(record, record.contentId, options.library);
  const release = await resolveRelease(record, options, report);
  signal.throwIfAborted();
  assertKept(record, release.contentId, options.library);
  record.learn(release);
  const file = pickFile(release, record);
  record.choose(file);
  if (!options.decided()) return null;
  options.library.remember(release, record.titleId === null ? {} : { titleId: record.titleId });
  const prepareOptions = {
    signal,
    report,
    get priority() {
      return record.priority;
    },
  };
  const prepared = await options.engine.prepare(release, file, prepareOptions);
  signal.throwIfAborted();
  return prepared;
}

function assertKept({ refusesRemoved }: JobRecord, contentId: ContentId | null, library: JobLibrary): void {
  if (refusesRemoved && contentId !== null && library.isUnwanted(contentId)) {
    throw new GoneError('This was removed from the library.');
  }
}

async function resolveRelease(
  record: JobRecord,
  options: JobRunOptions,
  report: (report: StageReport) => void,
): Promise<Release> {
  const known = record.contentId === null ? null : options.library.get(record.contentId);
  if (known !== null && known.files.length > 0) {
    const source = mergeSources(known.source, record.source);
    if (source !== null) return { contentId: known.contentId, name: known.name, files: known.files, source };
  }
  report({ stage: 'resolving', fraction: 0, message: 'Looking at what it contains' });
  const release = await options.engine.resolve(record.source, { signal: record.controller.signal, report });
  assertExpected(record.contentId, release.contentId);
  return inKnownPlaces(release, options.library.get(release.contentId));
}

/** What is known of a torrent never changes, and of an NZB it is enough, so it is not looked into again; other kinds are asked anew (null). */
function mergeSources(known: Source, asked: Source): Source | null {
  if (known.kind === 'nzb') return known;
  if (known.kind !== 'torrent') return null;
  if (asked.kind !== 'torrent' && asked.kind !== 'torrent-url') return null;
  const both = (kept: readonly string[], added: readonly string[]): string[] => [...new Set([...kept, ...added])];
  return {
    ...known,
    trackers: both(known.trackers, asked.trackers),
    peers: both(known.peers, asked.peers),
    webSeeds: both(known.webSeeds, asked.kind === 'torrent' ? asked.webSeeds : []),
  };
}

function assertExpected(expected: ContentId | null, found: ContentId): void {
  if (expected !== null && expected !== found) {
    throw new InputError('What was found at this address is other content than was asked for.', {
      code: 'OTHER_CONTENT',
    });
  }
}

function pickFile(release: Release, { wish, fileIndex }: Pick<JobRecord, 'wish' | 'fileIndex'>): ReleaseFile {
  if (fileIndex !== null) {
    const file = release.files.find(({ index }) => index === fileIndex);
    if (file === undefined || file.isPadding) {
      throw new InputError(`There is no file ${fileIndex} in it.`, { code: 'NO_SUCH_FILE' });
    }
    return file;
  }
  const file = chooseFile(release.files, wish.episode === undefined ? {} : { episode: wish.episode });
  if (file !== null) return file;
  if (wish.episode === undefined || chooseFile(release.files) === null) {
    throw new UnplayableError('There is no video in it.', 'NO_VIDEO');
  }
  const { season, episode } = wish.episode;
  throw new UnplayableError(`Season ${season}, episode ${episode} is not in it.`, 'EPISODE_NOT_FOUND');
}

function lateness(record: JobRecord): TimeoutError {
  const isTorrent = record.source.kind === 'torrent' || record.release?.source.kind === 'torrent';
  const { code, message } = deadlineError(record.lastReport, record.release !== null, isTorrent);
  return new TimeoutError(message, { code });
}
