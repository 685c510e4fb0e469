// Turns an address into one media file. Fits the jobs room's Engine without knowing it.

import { LRUCache } from 'lru-cache';
import { CorruptDataError, InputError, NotFoundError } from '../../content/index.js';
import type { HttpSource, MediaFile, Priority, Release, ReleaseFile, Source } from '../../content/index.js';
import type { Clock, HttpClient } from '../../platform/index.js';
import { HttpMediaFile } from './http-media-file.js';
import { probeFile, type RemoteFile } from './http-probe.js';
import { canonicalUrl, urlContentId } from './url-content-id.js';

export interface HttpEngineOptions {
  /** The guarded one. */
  readonly client: HttpClient;
  readonly clock: Clock;
}

interface Report {
  readonly stage: 'resolving' | 'connecting' | 'downloading';
  readonly fraction: number;
  readonly message: string;
  readonly lacks?: 'server' | 'pieces';
}

interface Reporting {
  readonly signal: AbortSignal;
  readonly report: (report: Report) => void;
}

/** What proves that bytes come before a job is called streamable. */
const HEAD_BYTES = 64 * 1024;
/** Probes are good for a minute; a seek then costs one request, not two. The oldest of 256 makes room. */
const PROBE_TTL_MS = 60_000;
const MAX_PROBES = 256;

export class HttpEngine {
  readonly kinds = ['http'] as const satisfies readonly Source['kind'][];
  readonly method = 'http-download' as const;
  readonly #options: HttpEngineOptions;
  readonly #probes: LRUCache<string, RemoteFile>;

  constructor(options: HttpEngineOptions) {
    this.#options = options;
    this.#probes = new LRUCache({
      max: MAX_PROBES,
      ttl: PROBE_TTL_MS,
      ttlResolution: 0,
      perf: { now: () => options.clock.now() },
    });
  }

  /** One file, as the server names it. @throws what `probeFile` throws */
  async resolve(source: Source, { signal, report }: Reporting): Promise<Release> {
    const { url } = asHttp(source);
    report({ stage: 'connecting', fraction: 0, message: `Asking ${new URL(url).hostname}`, lacks: 'server' });
    const { name, sizeBytes } = await this.#probe(url, signal);
    report({ stage: 'connecting', fraction: 1, message: `${new URL(url).hostname} has it`, lacks: 'server' });
    return {
      contentId: urlContentId(url),
      name,
      files: [{ index: 0, path: name, name, sizeBytes, isPadding: false }],
      source: { kind: 'http', url: canonicalUrl(url) },
    };
  }

  /** Streamable once the first bytes came; nothing is kept of them, so `completed` at once. */
  async prepare(
    release: Release,
    file: ReleaseFile,
    { signal, report }: Reporting & { readonly priority: Priority },
  ): Promise<{ file: MediaFile; method: 'http-download'; completed: Promise<void> }> {
    const media = await this.open(release, file, { signal });
    const wanted = Math.min(HEAD_BYTES, media.sizeBytes);
    let received = 0;
    for await (const chunk of media.open({ start: 0, end: wanted }, { signal, priority: 'prepare' })) {
      received += chunk.length;
      report({
        stage: 'downloading',
        fraction: received / wanted,
        message: 'Reading its first bytes',
        lacks: 'pieces',
      });
    }
    return { file: media, method: this.method, completed: Promise.resolve() };
  }

  /**
   * Asks the server what it has (answers are remembered for a minute): without that the file's validator is not known.
   * @throws {CorruptDataError} CONTENT_CHANGED when its size is another by now
   */
  async open(release: Release, file: ReleaseFile, options: { readonly signal: AbortSignal }): Promise<MediaFile> {
    const { url } = asHttp(release.source);
    if (file.index !== 0) throw new NotFoundError('There is only one file at an address.');
    const remote = await this.#probe(url, options.signal);
    if (remote.sizeBytes !== file.sizeBytes) {
      throw new CorruptDataError('The file on the server is not the same any more.', { code: 'CONTENT_CHANGED' });
    }
    const { client, clock } = this.#options;
    return new HttpMediaFile({ contentId: release.contentId, remote: { ...remote, name: file.name }, client, clock });
  }

  async #probe(url: string, signal: AbortSignal): Promise<RemoteFile> {
    const canonical = canonicalUrl(url);
    const known = this.#probes.get(canonical);
    if (known !== undefined) return known;
    const remote = await probeFile(this.#options.client, canonical, { signal });
    this.#probes.set(canonical, remote);
    return remote;
  }
}

function asHttp(source: Source): HttpSource {
  if (source.kind !== 'http') throw new InputError('This is no address of a file.');
  return source;
}
