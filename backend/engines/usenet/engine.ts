// The Usenet engine as the rest of the house sees it: NZBs in, releases and media files out. Assembles providers, store,
// intake and releases; decides nothing about connections or archives itself.

import { ClosedError, InputError, NotFoundError, usenetUnavailable } from '../../content/index.js';
import type { ContentId, MediaFile, NzbSource, Priority, Release, ReleaseFile, Source } from '../../content/index.js';
import { BufferPool } from '../../platform/index.js';
import type { Clock, HttpClient, Logger, NntpProvider } from '../../platform/index.js';
import type { DiskCache } from '../../storage/index.js';
import { AvailabilityCheck } from './availability-check.js';
import { CountedSource } from './counted-source.js';
import type { Damage } from './files/hole-ledger.js';
import { UsenetMediaFile } from './files/usenet-media-file.js';
import { NzbIntake } from './intake.js';
import type { AcceptOptions, KeptDocuments, KnownUrls } from './intake.js';
import { ArticlePool } from './pool/article-pool.js';
import type { ProviderStatus } from './pool/provider-status.js';
import type { ProviderTest } from './pool/provider-test.js';
import { prepareEnds } from './preparation.js';
import { isDead } from './release/health-sample.js';
import type { SampleHealth } from './release/health-sample.js';
import { sampleArticles } from './release/idle-sample.js';
import type { ArticleSample } from './release/idle-sample.js';
import type { InnerFile } from './release/open-release.js';
import { missingOf, releaseOf, ReleaseShelf } from './release-shelf.js';
import type { ShelvedRelease } from './release-shelf.js';
import { ArticleStore } from './store/article-store.js';
import type { YencKernel } from './yenc/kernel.js';

export interface UsenetEngineOptions {
  /** Folder for decoded articles. */
  readonly folder: string;
  readonly kernel: YencKernel;
  readonly cache: DiskCache;
  readonly documents: KeptDocuments;
  readonly urls: KnownUrls;
  readonly http: Pick<HttpClient, 'get'>;
  readonly clock: Clock;
  readonly log: Logger;
  /** Most bytes one reader wants ahead of itself. */
  readonly readAheadBytes: number;
  /** Most bytes all readers hold in memory. */
  readonly memoryBytes: number;
  /** Since when a content is known here. */
  readonly knownSince: (contentId: ContentId) => Date;
}

/** What is known of a release's articles. */
export interface UsenetHealth extends Damage {
  readonly articles: number;
  readonly checked: number;
  readonly missing: number;
}

interface StageReport {
  readonly stage: 'resolving' | 'connecting' | 'downloading';
  readonly fraction: number;
  readonly message: string;
  readonly lacks?: 'articles' | 'server';
}

interface WaitOptions {
  readonly signal: AbortSignal;
  readonly report: (report: StageReport) => void;
}

/** So long a streamable release waits for the last answers of its sample. */
const SAMPLE_GRACE_MS = 150;
const COMPLETION_MS = 5 * 60_000;
const MIN_WINDOW_BYTES = 1024 * 1024;
/** Of the buffers that articles are decoded into: nearly all posts fit. */
const SLOT_BYTES = 1024 * 1024;
/** As many as are under way at once, so that none of them has to be taken anew. */
const MAX_FREE_SLOTS = 64;
/** Articles that nobody reads any more and the next reader may: what was read before that comes from disk. */
const KEPT_BYTES = 8 * 1024 * 1024;

/** Without news servers until `replaceProviders` sets some; while there are none it takes nothing in. */
export class UsenetEngine {
  readonly method = 'usenet' as const;
  readonly #slots: BufferPool;
  readonly #pool: ArticlePool;
  readonly #store: ArticleStore;
  readonly #source: CountedSource;
  readonly #intake: NzbIntake;
  readonly #shelf: ReleaseShelf;
  readonly #check: AvailabilityCheck;
  readonly #completing = new Set<(reason: Error) => void>();
  /** Bounded by the rooms that are built on this one. */
  readonly #onReplaced: (() => void)[] = [];
  #readers = 0;

  constructor(private readonly o: UsenetEngineOptions) {
    const { clock, log, kernel } = o;
    const slots = new BufferPool({ clock, sizeBytes: SLOT_BYTES, maxFree: MAX_FREE_SLOTS });
    this.#slots = slots;
    this.#pool = new ArticlePool({ kernel, slots, clock, log });
    this.#source = new CountedSource(this.#pool);
    const crc32 = (bytes: Uint8Array): number => kernel.crc32(bytes, 0);
    const { cache, folder } = o;
    const memoryBytes = Math.min(o.memoryBytes, KEPT_BYTES);
    this.#store = new ArticleStore({ source: this.#source, slots, cache, folder, clock, log, crc32, memoryBytes });
    this.#intake = new NzbIntake(o);
    this.#shelf = new ReleaseShelf({
      intake: this.#intake,
      store: this.#store,
      source: this.#source,
      windowLimit: () => this.#windowLimit(),
    });
    this.#check = new AvailabilityCheck({ source: this.#source, isIdle: () => this.#pool.isIdle, clock, log });
  }

  /** Measures what is on disk, and warms a connection. */
  async start(): Promise<void> {
    this.o.cache.addTenant(this.#store);
    this.o.cache.count(await this.#store.load());
    this.#pool.start();
  }

  /** Nothing while there is no news server. */
  get kinds(): readonly Source['kind'][] {
    return this.isAvailable ? ['nzb', 'nzb-url'] : [];
  }

  /** There is a news server to be asked. */
  get isAvailable(): boolean {
    return !this.#pool.isEmpty;
  }

  /**
   * From now on these are asked, and what a reader has under way at the others is still taken. What was missing everywhere is
   * looked for again.
   */
  replaceProviders(providers: readonly NntpProvider[]): void {
    this.#pool.replace(providers);
    this.#store.forgetMissing();
    this.#shelf.forgetLacking();
    for (const tell of this.#onReplaced) tell();
  }

  /** `listener` is told whenever the news servers are others, for as long as there is the engine. */
  onProvidersReplaced(listener: () => void): void {
    this.#onReplaced.push(listener);
  }

  /** An uploaded NZB. @throws {UnsupportedError} `USENET_UNAVAILABLE`; {UnplayableError} `NZB_INVALID`; {TooLargeError} */
  async accept(bytes: Uint8Array, options: AcceptOptions = {}): Promise<NzbSource> {
    this.#requireProvider();
    return this.#intake.accept(bytes, options);
  }

  /** An NZB at an address. @throws {UpstreamError} `NZB_UNFETCHABLE`; {InputError} `FETCH_REFUSED`; as `accept` */
  async fetch(
    url: string,
    options: { readonly signal: AbortSignal; readonly passwords?: readonly string[] },
  ): Promise<NzbSource> {
    this.#requireProvider();
    return this.#intake.fetch(url, options);
  }

  /** Looks into it: one article of each set and film. */
  async resolve(source: Source, { signal, report }: WaitOptions): Promise<Release> {
    if (source.kind === 'nzb-url') {
      report({ stage: 'resolving', fraction: 0.3, message: 'Fetching the NZB…', lacks: 'server' });
    }
    const nzb = source.kind === 'nzb-url' ? await this.fetch(source.url, { signal }) : source;
    report({ stage: 'connecting', fraction: 0.2, message: 'Looking into it on Usenet…', lacks: 'articles' });
    return releaseOf(await this.#shelf.get(asNzb(nzb), { signal }), asNzb(nzb));
  }

  /** Streamable when its first bytes are here. @throws {UnplayableError}; {UpstreamError} `PROVIDER_…` */
  async prepare(
    release: Release,
    file: ReleaseFile,
    options: WaitOptions & { readonly priority: Priority },
  ): Promise<{ file: MediaFile; method: 'usenet' | 'cache'; completed: Promise<void> }> {
    const { signal, report, priority } = options;
    const { contentId } = release;
    const before = this.#source.countOf(contentId);
    report({ stage: 'connecting', fraction: 0.6, message: 'Looking into it on Usenet…', lacks: 'articles' });
    const shelved = await this.#shelf.get(asNzb(release.source), { signal });
    const media = this.#mediaFile(shelved, file);
    const sample = shelved.sampleOf(this.#innerOf(shelved, file), { signal });
    report({ stage: 'downloading', fraction: 0.1, message: 'Downloading from Usenet…', lacks: 'articles' });
    const { clock } = this.o;
    const ends = await prepareEnds({ file: media, signal, priority, clock, completionMs: COMPLETION_MS });
    const method = this.#source.countOf(contentId) === before ? 'cache' : 'usenet';
    try {
      await this.#awaitSample(contentId, sample, signal);
    } catch (error) {
      ends.abandon(error as Error);
      throw error;
    }
    this.#completing.add(ends.abandon);
    const completed = ends.completed
      .finally(() => this.#completing.delete(ends.abandon))
      .then(() => this.#check.add(contentId, shelved.posted));
    completed.catch(() => undefined);
    return { file: media, method, completed };
  }

  /** The file as it is; what is missing is fetched when it is read. */
  async open(release: Release, file: ReleaseFile, { signal }: { readonly signal: AbortSignal }): Promise<MediaFile> {
    return this.#mediaFile(await this.#shelf.get(asNzb(release.source), { signal }), file);
  }

  /** Nobody reads, prepares or waits for an article. */
  get isIdle(): boolean {
    return this.#readers === 0 && this.#pool.isIdle;
  }

  /**
   * Asks for a few articles of a kept NZB, behind everything else; fetches none. Null where nobody would say.
   * @throws {GoneError} when the NZB is not kept any more
   */
  async sample(source: NzbSource, { signal }: { readonly signal: AbortSignal }): Promise<ArticleSample | null> {
    return sampleArticles(await this.#shelf.playedFiles(source, { signal }), { source: this.#source, signal });
  }

  /** Null while nothing was looked into. */
  healthOf(contentId: ContentId): UsenetHealth | null {
    const availability = this.#check.resultOf(contentId);
    const damage = this.#shelf.peek(contentId)?.damage;
    if (availability === null && damage === undefined) return null;
    return { ...(availability ?? { articles: 0, checked: 0, missing: 0 }), ...(damage ?? { holes: 0, bytes: 0 }) };
  }

  /** Room that a content's articles take on disk, as far as it is known without looking. */
  diskBytes(contentId: ContentId): number {
    return this.#store.diskBytes(contentId);
  }

  providers(): readonly ProviderStatus[] {
    return this.#pool.providers();
  }

  /** Dials it once, whether it is in use or not. */
  testProvider(provider: NntpProvider, options: { readonly signal: AbortSignal }): Promise<ProviderTest> {
    return this.#pool.test(provider, options);
  }

  /** Forgets what is decoded of a content. */
  async remove(contentId: ContentId): Promise<void> {
    this.#check.forget(contentId);
    this.#shelf.forget(contentId);
    await this.#store.remove(contentId);
  }

  /** Idempotent. */
  async close(): Promise<void> {
    for (const abandon of this.#completing) abandon(new ClosedError());
    await this.#check.close();
    await this.#pool.close();
    await this.#store.close();
    this.#slots.close();
  }

  #requireProvider(): void {
    if (!this.isAvailable) throw usenetUnavailable();
  }

  #mediaFile(shelved: ShelvedRelease, file: ReleaseFile): MediaFile {
    const inner = this.#innerOf(shelved, file);
    const { contentId } = shelved;
    const { path, name, sizeBytes, body } = inner;
    return new UsenetMediaFile({
      ...{ path, name, sizeBytes, body },
      contentId,
      modifiedAt: this.o.knownSince(contentId),
      holes: shelved.holesOf(inner),
      windowLimit: () => this.#windowLimit(),
      reading: () => this.#startReading(contentId),
    });
  }

  #startReading(contentId: ContentId): () => void {
    const lease = this.#store.openContent(contentId);
    this.#readers += 1;
    return () => {
      this.#readers -= 1;
      lease.close();
    };
  }

  /** Read-ahead is shared: all readers together promise no more than the memory they may hold. */
  #windowLimit(): number {
    const { readAheadBytes, memoryBytes } = this.o;
    return Math.max(MIN_WINDOW_BYTES, Math.min(readAheadBytes, memoryBytes / Math.max(1, this.#readers)));
  }

  /** @throws {UnplayableError} `ARTICLE_MISSING` where that may be why it is not there; else {NotFoundError} */
  #innerOf({ contentId, files, lack }: ShelvedRelease, { path, sizeBytes }: ReleaseFile): InnerFile {
    const inner = files.find((one) => one.path === path && one.sizeBytes === sizeBytes);
    if (inner !== undefined) return inner;
    if (lack === null) throw new NotFoundError('There is no such file in this NZB.');
    // It may be there the next time.
    this.#shelf.forget(contentId);
    throw lack;
  }

  async #awaitSample(contentId: ContentId, sample: Promise<SampleHealth | null>, signal: AbortSignal): Promise<void> {
    const waited = new AbortController();
    const grace = this.o.clock.sleep(SAMPLE_GRACE_MS, { signal: waited.signal }).then(
      () => null,
      () => null,
    );
    const health = await Promise.race([sample, grace]);
    waited.abort();
    signal.throwIfAborted();
    if (health === null || !isDead(health)) return;
    this.#shelf.forget(contentId);
    throw missingOf(health);
  }
}

function asNzb(source: Source): NzbSource {
  if (source.kind !== 'nzb') throw new InputError('This is not an NZB.');
  return source;
}
