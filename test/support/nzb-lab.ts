// NZBs without Usenet: an engine that knows its releases, takes NZBs in, and counts what it was asked.

import { createHash } from 'node:crypto';

import type { NzbIntake } from '../../backend/api/index.js';
import {
  UpstreamError,
  UnplayableError,
  type ContentId,
  type NzbSource,
  type Release,
  type ReleaseFile,
  type Source,
} from '../../backend/content/index.js';
import type { PreparedFile, PrepareOptions, ResolveOptions } from '../../backend/jobs/index.js';
import { FakeEngine } from './fake-engine.js';

/** An NZB's content id here: made from any text. */
export function nzbContentId(text: string): ContentId {
  return createHash('sha256').update(text).digest('hex') as ContentId;
}

export function nzbSource(text: string, more: Partial<NzbSource> = {}): NzbSource {
  return { kind: 'nzb', contentId: nzbContentId(text), name: text, passwords: [], ...more };
}

/** A release of these files; path and size in bytes. */
export function nzbRelease(text: string, files: readonly (readonly [path: string, sizeBytes: number])[]): Release {
  const source = nzbSource(text);
  return {
    contentId: source.contentId,
    name: text,
    source,
    files: files.map(([path, sizeBytes], index): ReleaseFile => {
      const isMember = /\.(?:rar|zip|7z)\//.test(path) ? ({ isMember: true } as const) : {};
      return { index, path, name: path.split('/').at(-1) ?? path, sizeBytes, isPadding: false, ...isMember };
    }),
  };
}

/** Uploads and addresses are known by the release's name: `<nzb>Film</nzb>`, `http://indexer.example/get/Film`. */
export class FakeUsenet extends FakeEngine implements NzbIntake {
  isAvailable = true;
  readonly releases = new Map<ContentId, Release | Error>();
  readonly fetched: string[] = [];
  readonly uploaded: (string | undefined)[] = [];
  resolved = 0;
  /** Settled by the test: nothing becomes streamable, or completed, before. */
  streamable: Promise<unknown> = Promise.resolve();
  completed: Promise<void> = Promise.resolve();
  fetching: Promise<unknown> = Promise.resolve();

  constructor() {
    super(['nzb', 'nzb-url'], 'usenet');
  }

  know(release: Release): Release {
    this.releases.set(release.contentId, release);
    return release;
  }

  async fetch(url: string, { signal }: { readonly signal: AbortSignal }): Promise<NzbSource> {
    this.fetched.push(url);
    await this.fetching;
    signal.throwIfAborted();
    const { pathname, searchParams } = new URL(url);
    if (pathname.includes('unfetchable')) throw new UpstreamError('Nobody answers.', 'NZB_UNFETCHABLE');
    const passwords = searchParams.getAll('password');
    return nzbSource(decodeURIComponent(pathname.slice(pathname.lastIndexOf('/') + 1)), { passwords });
  }

  accept(bytes: Uint8Array, { fileName }: { readonly fileName?: string }): Promise<NzbSource> {
    this.uploaded.push(fileName);
    const text = /^<nzb>(.*)<\/nzb>/s.exec(Buffer.from(bytes).toString())?.[1];
    if (text === undefined) return Promise.reject(new UnplayableError('This is no NZB.', 'NZB_INVALID'));
    return Promise.resolve(nzbSource(text.trim()));
  }

  override resolve(source: Source, _options: ResolveOptions): Promise<Release> {
    this.resolved += 1;
    const found = source.kind === 'nzb' ? this.releases.get(source.contentId) : undefined;
    if (found === undefined || found instanceof Error) {
      return Promise.reject(found ?? new UnplayableError('articles missing', 'ARTICLE_MISSING'));
    }
    return Promise.resolve({ ...found, source });
  }

  override async prepare(release: Release, file: ReleaseFile, { signal }: PrepareOptions): Promise<PreparedFile> {
    await this.streamable;
    signal.throwIfAborted();
    return this.prepared(release, file, this.completed);
  }
}
