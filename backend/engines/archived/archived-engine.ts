// An engine around another one: where the film of a release lies in an archive, the archive's members are appended to its
// files, and open like them. Fits the jobs room's Engine without knowing it.

import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { MemberFile } from '../../archive/index.js';
import type { ArchiveMember } from '../../archive/index.js';
import { NotFoundError, TimeoutError } from '../../content/index.js';
import type {
  ContentId,
  JobMethod,
  MediaFile,
  OpenOptions,
  Priority,
  Release,
  ReleaseFile,
  Source,
} from '../../content/index.js';
import type { Clock } from '../../platform/index.js';
import type { Layout, Member } from './layout.js';
import { ownFiles, readLayout } from './layout.js';

interface Report {
  readonly stage: 'resolving' | 'connecting' | 'downloading';
  readonly fraction: number;
  readonly message: string;
  readonly lacks?: 'swarm' | 'peers' | 'metadata' | 'pieces' | 'articles' | 'server';
}

interface Reporting {
  readonly signal: AbortSignal;
  readonly report: (report: Report) => void;
}

interface Prepared {
  readonly file: MediaFile;
  readonly method: JobMethod;
  readonly completed: Promise<void>;
}

/** The engine that has the volumes. */
export interface WrappedEngine {
  readonly kinds: readonly Source['kind'][];
  readonly method: JobMethod;
  resolve(source: Source, options: Reporting): Promise<Release>;
  prepare(release: Release, file: ReleaseFile, options: Reporting & { readonly priority: Priority }): Promise<Prepared>;
  open(release: Release, file: ReleaseFile, options: { readonly signal: AbortSignal }): Promise<MediaFile>;
  learn?(source: Source): void;
}

export interface ArchivedEngineOptions {
  readonly inner: WrappedEngine;
  readonly clock: Clock;
}

/** Layouts of archives that are remembered; the one not used for longest makes room. */
const MAX_LAYOUTS = 64;
/** What proves that bytes come before a job is called streamable. */
const FIRST_BYTES = 64 * 1024;
/** What players read before they show a picture. */
const HEAD_BYTES = 2 * 1024 * 1024;
const TAIL_BYTES = 1024 * 1024;
/** How long head and tail may take once the file is streamable. */
const COMPLETION_MS = 10 * 60_000;

export class ArchivedEngine implements WrappedEngine {
  readonly kinds: readonly Source['kind'][];
  readonly method: JobMethod;
  readonly #inner: WrappedEngine;
  readonly #clock: Clock;
  readonly #layouts = new LRUCache<ContentId, Layout>({ max: MAX_LAYOUTS });

  constructor({ inner, clock }: ArchivedEngineOptions) {
    this.#inner = inner;
    this.#clock = clock;
    this.kinds = inner.kinds;
    this.method = inner.method;
  }

  /**
   * The inner release, members of its archives after its own files where no video outside is larger.
   * @throws {UnplayableError} why an archive cannot be read when there is nothing else to play; what the inner engine throws
   */
  async resolve(source: Source, { signal, report }: Reporting): Promise<Release> {
    const release = await this.#inner.resolve(source, { signal, report });
    const layout = await this.#layoutOf(release, { signal, report });
    const { members } = layout;
    return members.length === 0
      ? release
      : { ...release, files: [...release.files, ...members.map(({ file }) => file)] };
  }

  /** A member is streamable once its place is known and its first bytes came; the rest passes through. */
  async prepare(
    release: Release,
    file: ReleaseFile,
    options: Reporting & { readonly priority: Priority },
  ): Promise<Prepared> {
    if (file.isMember !== true) return this.#inner.prepare(inside(release), file, options);
    const { signal, report } = options;
    const media = await this.#openMember(release, file, options);
    const wanted = Math.min(FIRST_BYTES, media.sizeBytes);
    for await (const received of progressOf(media, { start: 0, end: wanted }, signal)) {
      const fraction = wanted === 0 ? 1 : received / wanted;
      report({ stage: 'downloading', fraction, message: 'Reading its first bytes', lacks: 'pieces' });
    }
    return { file: media, method: this.method, completed: readEnds(media, this.#clock, signal) };
  }

  /** Lazily: of a member's bytes none is fetched, of its archive the headers that are not known yet. */
  async open(release: Release, file: ReleaseFile, { signal }: { readonly signal: AbortSignal }): Promise<MediaFile> {
    if (file.isMember !== true) return this.#inner.open(inside(release), file, { signal });
    return this.#openMember(release, file, { signal, report: () => undefined });
  }

  learn(source: Source): void {
    this.#inner.learn?.(source);
  }

  async #openMember(release: Release, file: ReleaseFile, options: Reporting): Promise<MediaFile> {
    const { members } = await this.#layoutOf(release, options);
    const found = members.find((member) => member.file.path === file.path && member.file.sizeBytes === file.sizeBytes);
    if (found === undefined) throw new NotFoundError('The archive holds no such file.');
    const volume = await this.#inner.open(inside(release), found.volume, { signal: options.signal });
    return new ArchivedMediaFile(release.contentId, found, volume.modifiedAt);
  }

  async #layoutOf(release: Release, { signal, report }: Reporting): Promise<Layout> {
    const known = this.#layouts.get(release.contentId);
    if (known !== undefined) return known;
    const files = ownFiles(release);
    const open = (file: ReleaseFile, reading: { readonly signal: AbortSignal }): Promise<MediaFile> =>
      this.#inner.open(inside(release), file, reading);
    const layout = await readLayout(files, { open, signal, report });
    this.#layouts.set(release.contentId, layout);
    return layout;
  }
}

/** The release as the inner engine knows it. */
function inside(release: Release): Release {
  return { ...release, files: ownFiles(release) };
}

/** A member as the rest of the house sees it. */
class ArchivedMediaFile implements MediaFile {
  readonly id: string;
  readonly name: string;
  readonly sizeBytes: number;
  readonly #file: MemberFile;

  constructor(
    contentId: ContentId,
    { file, member }: Member & { readonly member: ArchiveMember },
    readonly modifiedAt: Date,
  ) {
    this.id = createHash('sha256').update(`${contentId}\n${file.path}\n${file.sizeBytes}`).digest('hex');
    this.name = file.name;
    this.sizeBytes = file.sizeBytes;
    this.#file = new MemberFile(member);
  }

  open(range: { readonly start: number; readonly end: number }, options: OpenOptions): AsyncIterable<Uint8Array> {
    return this.#file.open(range, options);
  }
}

/** Reads and drops; yields how many bytes came so far. */
async function* progressOf(
  media: MediaFile,
  range: { readonly start: number; readonly end: number },
  signal: AbortSignal,
): AsyncGenerator<number> {
  let received = 0;
  for await (const chunk of media.open(range, { signal, priority: 'prepare' })) yield (received += chunk.length);
}

/** Head and tail, so that the engine keeps them. What was ended by its caller is no failure. */
async function readEnds(media: MediaFile, clock: Clock, outer: AbortSignal): Promise<void> {
  const limit = new AbortController();
  const late = new TimeoutError('The ends of the file did not come in time.');
  const timer = clock.after(COMPLETION_MS, () => limit.abort(late));
  const signal = AbortSignal.any([outer, limit.signal]);
  const headEnd = Math.min(media.sizeBytes, HEAD_BYTES);
  const tailStart = Math.max(headEnd, media.sizeBytes - TAIL_BYTES);
  const read = async (start: number, end: number): Promise<void> => {
    for await (const _received of progressOf(media, { start, end }, signal));
  };
  try {
    await Promise.all([read(tailStart, media.sizeBytes), read(0, headEnd)]);
  } catch (error) {
    if (!outer.aborted) throw error;
  } finally {
    timer.cancel();
  }
}
