// The torrent engine as the rest of the house sees it: sources in, releases and media files out. Assembles the worker,
// the entries and their share of the cache; decides nothing about pieces itself.

import { join } from 'node:path';
import type { InfoHash, MediaFile, Priority, Release, ReleaseFile, Source } from '../../content/index.js';
import { InputError, NotFoundError } from '../../content/index.js';
import { BufferPool } from '../../platform/index.js';
import type { Clock, HttpClient, Logger } from '../../platform/index.js';
import type { DiskCache } from '../../storage/index.js';
import type { BlockedRange, PackedRanges } from './address-ranges.js';
import { packRanges } from './address-ranges.js';
import { fairWindowBytes } from './demand/window.js';
import { ColdFolders } from './host/cold-folders.js';
import { fetchTorrent } from './host/fetch-torrent.js';
import { findMetadata } from './host/find-metadata.js';
import { checkListeningPort } from './host/listening-port.js';
import { prepareFile } from './host/preparation.js';
import { SpaceGrants } from './host/space-grants.js';
import { TorrentEntries } from './host/torrent-entries.js';
import type { TorrentEntry } from './host/torrent-entry.js';
import { TorrentMediaFile } from './host/torrent-file.js';
import { fileOf, releaseOf } from './host/torrent-release.js';
import { READ_BYTES } from './host/torrent-reader.js';
import type { TorrentStatus } from './host/torrent-status.js';
import { statusOf } from './host/torrent-status.js';
import type { WorkerMaker } from './host/worker-link.js';
import { WorkerLink } from './host/worker-link.js';
import type { TorrentFile } from './info.js';
import type { FromWorker, WorkerSettings } from './protocol.js';

const MAX_FREE_BUFFERS = 64;
const IDLE_CHECK_MS = 5000;

export interface TorrentEngineOptions {
  readonly cacheDir: string;
  readonly cache: DiskCache;
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly log: Logger;
  readonly readAheadBytes: number;
  /** A torrent nobody wants leaves its swarm after this long. */
  readonly idleMs: number;
  readonly worker: WorkerSettings;
  /** Trackers added to every public torrent; may change while running. */
  readonly trackers: () => readonly string[];
  /** False for a tracker never to be used, whoever names it. Default: all may be. */
  readonly allowsTracker?: (tracker: string) => boolean;
  /** What the user paused before the last restart. */
  readonly isPaused: (infoHash: InfoHash) => boolean;
  /** Since when content is known here; the same after a restart. */
  readonly knownSince: (infoHash: InfoHash) => Date;
  /** Only tests replace it. */
  readonly createWorker?: WorkerMaker;
}

interface WaitOptions {
  readonly signal: AbortSignal;
  readonly report?: (report: StageReport) => void;
}

interface StageReport {
  readonly stage: 'resolving' | 'connecting' | 'downloading';
  readonly fraction: number;
  readonly message: string;
  readonly lacks?: 'swarm' | 'peers' | 'metadata' | 'pieces' | 'server';
}

export class TorrentEngine {
  readonly kinds: readonly Source['kind'][] = ['torrent', 'torrent-url'];
  readonly method = 'p2p' as const;
  private readonly entries: TorrentEntries;
  private readonly included = new Map<InfoHash, readonly number[]>();
  private readonly link: WorkerLink;
  private readonly folders: ColdFolders;
  private readonly buffers: BufferPool;
  private readonly grants: SpaceGrants;
  private refusedPeers = 0;
  private blocklist: PackedRanges | null = null;
  private idleTimer: { cancel(): void } | null = null;

  constructor(private readonly options: TorrentEngineOptions) {
    const { clock } = options;
    this.buffers = new BufferPool({ clock, sizeBytes: READ_BYTES, maxFree: MAX_FREE_BUFFERS });
    this.folders = new ColdFolders(join(options.cacheDir, 'torrents'));
    this.grants = new SpaceGrants({
      cache: options.cache,
      clock: options.clock,
      grant: (bytes) => this.link.post({ type: 'space', bytes }),
      refused: (error) => this.noRoom(error),
    });
    this.entries = this.createEntries();
    this.link = this.createLink();
  }

  /** Measures what is on disk. The worker starts when it is first needed: at rest it would only take memory. @throws {ConfigError} when its port is taken */
  async start(): Promise<void> {
    await checkListeningPort(this.options.worker);
    this.options.cache.addTenant(this.entries);
    this.options.cache.count(await this.folders.load());
    this.idleTimer = this.options.clock.every(IDLE_CHECK_MS, () => this.entries.restIdle(this.options.idleMs));
  }

  /** Somebody is about to play: the worker should be up by then. */
  warm(): void {
    this.link.start();
  }

  /** Peers refused by address policy or blocklist so far. */
  get blockedPeers(): number {
    return this.refusedPeers;
  }

  /** Waits for the metadata. @throws {InputError} for what is no torrent we can read */
  async resolve(source: Source, { signal, report }: WaitOptions): Promise<Release> {
    if (source.kind === 'torrent-url') {
      report?.({ stage: 'resolving', fraction: 0.5, message: 'Fetching the torrent file…', lacks: 'server' });
    }
    const torrent =
      source.kind === 'torrent-url' ? await fetchTorrent(source, { http: this.options.http, signal }) : source;
    if (torrent.kind !== 'torrent') throw new InputError('This is not a torrent.');
    const entry = this.entries.of(torrent);
    const metadata = await findMetadata(entry, { clock: this.options.clock, signal, report });
    await entry.open(metadata);
    return releaseOf(metadata, entry.source);
  }

  /** Resolves when the file is streamable: its first piece verified, head and tail on their way. */
  async prepare(
    release: Release,
    file: ReleaseFile,
    options: {
      readonly signal: AbortSignal;
      readonly priority: Priority;
      readonly report: (report: StageReport) => void;
    },
  ): Promise<{ file: MediaFile; method: 'p2p' | 'cache'; completed: Promise<void> }> {
    const { entry, metadata, disk } = await this.opened(release, options.signal);
    const torrentFile = fileOf(metadata, file.index);
    const { wasHere, completed } = await prepareFile({
      entry,
      disk,
      file: torrentFile,
      signal: options.signal,
      clock: this.options.clock,
      completionMs: this.options.idleMs,
      report: options.report,
    });
    return { file: this.mediaFile(entry, disk, torrentFile), method: wasHere ? 'cache' : 'p2p', completed };
  }

  /** The file as it is; bytes that are missing are fetched when they are read. */
  async open(release: Release, file: ReleaseFile, options: { readonly signal: AbortSignal }): Promise<MediaFile> {
    const { entry, metadata, disk } = await this.opened(release, options.signal);
    return this.mediaFile(entry, disk, fileOf(metadata, file.index));
  }

  /** More ways into the swarm of a torrent under way. */
  learn(source: Source): void {
    if (source.kind === 'torrent') this.entries.get(source.infoHash)?.learn(source);
  }

  addPeers(infoHash: InfoHash, peers: readonly string[]): void {
    this.entries.get(infoHash)?.learn({ trackers: [], webSeeds: [], peers });
  }

  /** Null while nothing about the torrent is loaded. */
  status(infoHash: InfoHash): TorrentStatus | null {
    const entry = this.entries.get(infoHash);
    return entry === undefined ? null : statusOf(entry, this.included.get(infoHash) ?? []);
  }

  /** Room that a torrent takes on disk. Proportional to its extents. */
  diskBytes(infoHash: InfoHash): number {
    return this.entries.get(infoHash)?.disk?.totalHeldBytes ?? this.folders.bytesOf(infoHash);
  }

  /** Paused: no peers, no pieces; what is on disk is served. */
  setPaused(infoHash: InfoHash, isPaused: boolean): void {
    this.entries.get(infoHash)?.setPaused(isPaused);
  }

  /** Fetches these files whole in the background, as far as the cache has room. */
  async setIncluded(infoHash: InfoHash, indexes: readonly number[]): Promise<void> {
    const entry = this.entries.get(infoHash);
    if (entry?.metadata === null || entry === undefined) throw new NotFoundError('No such torrent.');
    const files = indexes.map((index) => fileOf(entry.metadata!, index));
    await entry.open(entry.metadata);
    this.included.set(infoHash, [...indexes]);
    entry.demands.setBackground(files.map((file) => ({ start: file.offset, end: file.offset + file.sizeBytes })));
  }

  /** Forgets a torrent, and with `deleteFiles` what it has on disk. */
  async remove(infoHash: InfoHash, { deleteFiles }: { readonly deleteFiles: boolean }): Promise<void> {
    this.included.delete(infoHash);
    await this.entries.remove(infoHash, { deleteFiles });
  }

  /** Address ranges that are no peers of ours, from now on. */
  setBlocklist(ranges: readonly BlockedRange[]): void {
    this.blocklist = packRanges(ranges);
    this.link.post({ type: 'blocklist', ranges: this.blocklist });
  }

  /** Leaves all swarms, puts everything on disk in order. Idempotent. */
  async close(): Promise<void> {
    this.idleTimer?.cancel();
    this.grants.close();
    await this.link.close();
    await this.entries.close();
    this.buffers.close();
  }

  private createEntries(): TorrentEntries {
    const { options, folders } = this;
    const { cache, clock, log, trackers, isPaused } = options;
    return new TorrentEntries({
      cache,
      folders,
      clock,
      log,
      trackers,
      isPaused,
      allowsTracker: options.allowsTracker ?? (() => true),
      post: (message) => {
        this.link.start();
        this.link.post(message);
      },
      call: (build) => this.link.call(build),
      spaceFilled: (bytes) => this.grants.filled(bytes),
    });
  }

  private createLink(): WorkerLink {
    const { worker: settings, clock, log, createWorker } = this.options;
    return new WorkerLink({
      settings,
      clock,
      log,
      events: {
        message: (message) => this.receive(message),
        started: () => this.workerStarted(),
        lost: () => this.workerLost(),
      },
      ...(createWorker === undefined ? {} : { createWorker }),
    });
  }

  private async opened(release: Release, signal: AbortSignal) {
    if (release.source.kind !== 'torrent') throw new InputError('This is not a torrent.');
    const entry = this.entries.of(release.source);
    const metadata = await findMetadata(entry, { clock: this.options.clock, signal });
    return { entry, metadata, disk: await entry.open(metadata) };
  }

  private mediaFile(entry: TorrentEntry, disk: NonNullable<TorrentEntry['disk']>, file: TorrentFile): MediaFile {
    return new TorrentMediaFile({
      entry,
      disk,
      file,
      modifiedAt: this.options.knownSince(entry.infoHash),
      buffers: this.buffers,
      windowLimit: () => this.windowLimit(),
    });
  }

  private windowLimit(): number {
    let readers = 0;
    for (const entry of this.entries.all()) readers += entry.demands.playing;
    const { readAheadBytes, cache } = this.options;
    return fairWindowBytes({ readAheadBytes, cacheMaxBytes: cache.maxBytes, readers });
  }

  private receive(message: FromWorker): void {
    switch (message.type) {
      case 'metadata':
      case 'verified':
      case 'unclaimed':
      case 'unavailable':
      case 'failed':
      case 'opened':
        return this.entries.hear(message);
      case 'numbers':
        this.refusedPeers = message.refusedPeers;
        for (const numbers of message.torrents) this.entries.told(numbers.infoHash)?.numbersArrived(numbers);
        return;
      case 'needSpace':
        return void this.grants.need(message.bytes);
      case 'freed':
        return this.grants.returned(message.bytes);
      case 'log':
        return this.options.log[message.level]({ infoHash: message.infoHash }, message.message);
      case 'ready':
      case 'done':
        return;
    }
  }

  private noRoom(error: Error): void {
    this.options.log.warn({ err: error }, 'The cache has no room');
    for (const entry of this.entries.all()) if (entry.isWanted) entry.failWith('STORAGE_FULL', error);
  }

  /** The blocklist first: no peer is met before it. */
  private workerStarted(): void {
    if (this.blocklist !== null) this.link.post({ type: 'blocklist', ranges: this.blocklist });
    this.entries.workerStarted();
  }

  private workerLost(): void {
    this.entries.workerLost();
    this.grants.lost();
  }
}
