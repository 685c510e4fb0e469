// What jobs need of whoever turns a source into media files. Declared by the consumer: engines fit it without importing it.

import type { JobMethod, MediaFile, Priority, Release, ReleaseFile, Source } from '../content/index.js';

/**
 * What a preparation stands waiting for; names the failure should the deadline come now. `swarm`: there was no word of
 * anybody, which says nothing of the content; `peers`: there was, and nobody is connected.
 */
export type Lack = 'swarm' | 'peers' | 'metadata' | 'pieces' | 'articles' | 'server';

/** Where an engine stands. Reports may come as often as they like and in any order. */
export interface StageReport {
  readonly stage: 'resolving' | 'connecting' | 'downloading';
  /** 0–1 inside the stage. */
  readonly fraction: number;
  /** One sentence for people. */
  readonly message: string;
  readonly lacks?: Lack;
}

/** `signal` ends the work; `report` never throws. */
export interface ResolveOptions {
  readonly signal: AbortSignal;
  readonly report: (report: StageReport) => void;
}

export interface PrepareOptions extends ResolveOptions {
  /** May rise while the preparation runs (somebody pressed play): read it where it is used, not once. */
  readonly priority: Priority;
}

export interface PreparedFile {
  readonly file: MediaFile;
  readonly method: JobMethod;
  /** Head and tail are wholly here. Rejects only with an error worth a log line. */
  readonly completed: Promise<void>;
}

export interface Engine {
  /** What it can do something with at the moment. */
  readonly kinds: readonly Source['kind'][];
  readonly method: JobMethod;
  /** What the source contains. @throws {HeadstartError} */
  resolve(source: Source, options: ResolveOptions): Promise<Release>;
  /** Resolves when `file` is streamable. @throws {HeadstartError} */
  prepare(release: Release, file: ReleaseFile, options: PrepareOptions): Promise<PreparedFile>;
  /** The file as it is, fetched lazily; waits for no bytes. @throws {HeadstartError} */
  open(release: Release, file: ReleaseFile, options: { readonly signal: AbortSignal }): Promise<MediaFile>;
  /** A later request for content under way knows more ways to reach it (trackers, peers). */
  learn?(source: Source): void;
}
