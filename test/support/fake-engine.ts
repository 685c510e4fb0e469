// An engine under a test's hand: it stands still until told what it found, where it stands, that it is ready, that it failed.

import { createHash } from 'node:crypto';

import type {
  InfoHash,
  JobMethod,
  MediaFile,
  Release,
  ReleaseFile,
  Source,
  TorrentSource,
} from '../../backend/content/index.js';
import type { Engine, PreparedFile, PrepareOptions, ResolveOptions, StageReport } from '../../backend/jobs/index.js';
import { MemoryMediaFile } from './memory-media-file.js';
import { pseudoRandomBytes } from './pseudo-random.js';

/** A call that waits for the test's answer. */
export interface PendingCall<Result> {
  readonly source: Source;
  readonly file: ReleaseFile | null;
  readonly signal: AbortSignal;
  readonly priority: () => string;
  report(report: StageReport): void;
  resolve(result: Result): void;
  reject(error: unknown): void;
}

/** Names the releases it knows; every call is noted. */
export class FakeEngine implements Engine {
  readonly kinds: readonly Source['kind'][];
  readonly method: JobMethod;
  readonly resolving: PendingCall<Release>[] = [];
  readonly preparing: PendingCall<PreparedFile>[] = [];
  readonly opened: { readonly release: Release; readonly file: ReleaseFile }[] = [];
  readonly learnt: Source[] = [];
  /** Answers at once instead of waiting for the test. */
  autoRelease: Release | null = null;
  isInstant = false;
  openFile: (release: Release, file: ReleaseFile) => MediaFile = (release, file) => mediaOf(release, file);

  constructor(kinds: readonly Source['kind'][] = ['torrent', 'torrent-url', 'http'], method: JobMethod = 'p2p') {
    this.kinds = kinds;
    this.method = method;
  }

  resolve(source: Source, options: ResolveOptions): Promise<Release> {
    if (this.autoRelease !== null) return Promise.resolve(this.autoRelease);
    return pend(this.resolving, { source, file: null, options, priority: () => '' });
  }

  prepare(release: Release, file: ReleaseFile, options: PrepareOptions): Promise<PreparedFile> {
    const { source } = release;
    if (this.isInstant) return Promise.resolve(this.prepared(release, file));
    return pend(this.preparing, { source, file, options, priority: () => options.priority });
  }

  open(release: Release, file: ReleaseFile): Promise<MediaFile> {
    this.opened.push({ release, file });
    return Promise.resolve(this.openFile(release, file));
  }

  learn(source: Source): void {
    this.learnt.push(source);
  }

  prepared(release: Release, file: ReleaseFile, completed: Promise<void> = Promise.resolve()): PreparedFile {
    return { file: this.openFile(release, file), method: this.method, completed };
  }
}

/** The bytes every fake file of this release has. */
export function fakeBytes(release: Release, file: ReleaseFile): Uint8Array {
  return pseudoRandomBytes(`${release.contentId}:${file.index}`, file.sizeBytes);
}

/** An infohash made from any text. */
export function fakeInfoHash(text: string): InfoHash {
  return createHash('sha1').update(text).digest('hex') as InfoHash;
}

export function torrentSource(text: string): TorrentSource {
  return { kind: 'torrent', infoHash: fakeInfoHash(text), trackers: [], webSeeds: [], peers: [] };
}

/** A release of these files; `path` and size in bytes. `.pad/…` is padding. */
export function torrentRelease(text: string, files: readonly (readonly [path: string, sizeBytes: number])[]): Release {
  const source = torrentSource(text);
  return {
    contentId: source.infoHash,
    name: text,
    source,
    files: files.map(([path, sizeBytes], index) => ({
      index,
      path,
      name: path.split('/').at(-1) ?? path,
      sizeBytes,
      isPadding: path.startsWith('.pad/'),
    })),
  };
}

function mediaOf(release: Release, file: ReleaseFile): MemoryMediaFile {
  return new MemoryMediaFile(fakeBytes(release, file), { id: `${release.contentId}:${file.index}`, name: file.name });
}

function pend<Result>(
  calls: PendingCall<Result>[],
  call: Pick<PendingCall<Result>, 'source' | 'file' | 'priority'> & { readonly options: ResolveOptions },
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const { options, ...rest } = call;
    calls.push({ ...rest, signal: options.signal, report: (report) => options.report(report), resolve, reject });
  });
}
