// The Stremio face on loopback over the real rooms (database, library, jobs, delivery, access); only the engine is made
// up: it is told when a preparation is done, and how it ends.

import { EventEmitter, once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { createAddonRoutes } from '../../addon/index.js';
import { Access } from '../../backend/access/index.js';
import {
  isInfoHash,
  type InfoHash,
  type MediaFile,
  type Release,
  type ReleaseFile,
  type Source,
  type TorrentSource,
} from '../../backend/content/index.js';
import { Delivery } from '../../backend/delivery/index.js';
import { Discovery, openFilms, TitleSearch, TriedReleases, type Indexer } from '../../backend/discovery/index.js';
import {
  contentKeyOf,
  contentKeyOfJobId,
  JobManager,
  type Engine,
  type PreparedFile,
} from '../../backend/jobs/index.js';
import type { TitleFacts } from '../../backend/naming/index.js';
import { createLogger, loadConfig, Sealer, systemClock, type Clock } from '../../backend/platform/index.js';
import { DEFAULT_PREFERENCES, type Preferences } from '../../manifest/index.js';
import {
  FailedReleases,
  JobStore,
  Library,
  ListedSources,
  openDatabase,
  SessionRecords,
} from '../../backend/storage/index.js';

export const API_KEY = 'an-api-key-for-the-tests-only';

/** Any byte of a made-up file. */
export function byteAt(position: number): number {
  return (position * 31 + (position >> 8)) & 0xff;
}

/** A torrent release of these files (name, size), not in any swarm. */
export function makeRelease(name: string, files: readonly (readonly [string, number])[], digit = 'a'): Release {
  const infoHash = hashOf(digit);
  const source: TorrentSource = { kind: 'torrent', infoHash, name, trackers: [], webSeeds: [], peers: [] };
  const listed = files.map(([path, sizeBytes], index) => ({
    index,
    path,
    name: path.split('/').at(-1) ?? path,
    sizeBytes,
    isPadding: false,
  }));
  return { contentId: infoHash, name, files: listed, source };
}

function hashOf(digit: string): InfoHash {
  const text = digit.repeat(40);
  if (!isInfoHash(text)) throw new Error(`${digit} is no hexadecimal digit`);
  return text;
}

/** Knows the catalogue's films and what tests add; prepares at once unless it is held. */
export class FakeEngine implements Engine {
  readonly kinds: readonly Source['kind'][] = ['torrent'];
  readonly method = 'p2p';
  readonly releases = new Map<string, Release>(openFilms.map(({ release }) => [release.contentId, release]));
  /** Preparations begun, by file name. */
  readonly prepared: string[] = [];
  readonly texts = new Map<string, Uint8Array>();
  readonly #events = new EventEmitter();
  #gate: Promise<void> = Promise.resolve();

  /** Preparations wait until the returned function is called, with an error to fail them. */
  hold(): (error?: Error) => void {
    let settle: (error?: Error) => void = () => undefined;
    this.#gate = new Promise((resolve, reject) => {
      settle = (error) => (error === undefined ? resolve() : reject(error));
    });
    this.#gate.catch(() => undefined);
    return settle;
  }

  /** Resolves once a preparation has begun. */
  async begun(): Promise<void> {
    if (this.prepared.length === 0) await once(this.#events, 'prepared');
  }

  async resolve(source: Source): Promise<Release> {
    const release = source.kind === 'torrent' ? this.releases.get(source.infoHash) : undefined;
    if (release === undefined) throw new Error('The made-up engine does not know this release.');
    return release;
  }

  async prepare(release: Release, file: ReleaseFile, { signal }: { signal: AbortSignal }): Promise<PreparedFile> {
    this.prepared.push(file.name);
    this.#events.emit('prepared');
    await Promise.race([this.#gate, once(signal, 'abort').then(() => signal.throwIfAborted())]);
    return { file: await this.open(release, file), method: 'p2p', completed: new Promise(() => undefined) };
  }

  async open(release: Release, file: ReleaseFile): Promise<MediaFile> {
    const text = this.texts.get(file.name);
    return {
      id: `${release.contentId}:${file.index}`,
      name: file.name,
      sizeBytes: text?.length ?? file.sizeBytes,
      modifiedAt: new Date('2024-01-01T00:00:00Z'),
      async *open({ start, end }) {
        for (let at = start; at < end; at += 65_536) {
          const to = Math.min(end, at + 65_536);
          yield text?.subarray(at, to) ?? Uint8Array.from({ length: to - at }, (_, offset) => byteAt(at + offset));
        }
      },
    };
  }
}

export interface StremioHarnessOptions {
  /** Over the defaults of small waits. */
  readonly env?: Readonly<Record<string, string>>;
  /** Default: the machine's. */
  readonly clock?: Clock;
  /** Who is searched; default nobody. */
  readonly indexers?: readonly Indexer[];
  /** What is known of titles; default: nothing. */
  readonly titles?: ReadonlyMap<string, TitleFacts>;
  readonly preferences?: Partial<Preferences>;
}

/** A running server; `close` it. */
export class StremioHarness {
  readonly engine = new FakeEngine();
  /** What lies on the disk of torrents; default nothing. */
  readonly held = new Map<string, { readonly fileHaveBytes: readonly number[] }>();
  /** Told when the news servers are others. */
  readonly newsServerListeners: (() => void)[] = [];
  readonly config;
  readonly #database = openDatabase(':memory:', { sealer: new Sealer('s'.repeat(32)) });
  readonly library;
  readonly listedSources;
  readonly access;
  readonly jobs;
  readonly #tried: TriedReleases;
  preferences: Preferences;
  readonly #server: Server;

  constructor(options: StremioHarnessOptions = {}) {
    const waits = { PLAY_HOLD: '150ms', PLAY_DEADLINE: '400ms', PREPARE_TIMEOUT: '10s' };
    this.config = loadConfig({ HOST: '127.0.0.1', LOG_LEVEL: 'silent', LOG_FORMAT: 'json', ...waits, ...options.env });
    const { clock = systemClock } = options;
    this.library = new Library(this.#database, clock);
    this.listedSources = new ListedSources(this.#database, clock);
    const { config, library, engine } = this;
    const log = createLogger({ level: config.logLevel, format: config.logFormat });
    const sessions = new SessionRecords(this.#database);
    this.access = new Access({ auth: config.auth, apiKey: API_KEY, secretKey: 's'.repeat(32), sessions, clock });
    const store = new JobStore(this.#database);
    this.jobs = new JobManager({ engines: [engine], store, library, clock, log, timeouts: config });
    this.#tried = new TriedReleases({
      jobs: this.jobs,
      keyOfJob: contentKeyOfJobId,
      keyOfSource: contentKeyOf,
      keeper: new FailedReleases(this.#database),
      clock,
      log,
    });
    const { indexers = [], titles = new Map<string, TitleFacts>() } = options;
    this.preferences = { ...DEFAULT_PREFERENCES, ...options.preferences };
    const search = new TitleSearch({
      titles: { find: ({ titleId }) => Promise.resolve(titles.get(titleId) ?? null) },
      indexers: () => indexers,
      clock,
      log,
      timeoutMs: config.searchTimeoutMs,
    });
    const discovery = new Discovery({
      library,
      nzbAt: () => null,
      contentOf: (source) => this.jobs.contentOf(source),
      indexers: () => indexers,
      search,
      health: {
        judge: (candidate) => ({ ...candidate, health: this.#tried.healthOf(candidate) }),
        follow: () => undefined,
        isDeserted: () => false,
      },
    });
    const app = express();
    app.disable('x-powered-by');
    app.use(
      createAddonRoutes({
        config,
        discovery,
        preferences: () => this.preferences,
        keepPreferences: (wanted) => void (this.preferences = wanted),
        indexerOrigins: () => new Set(),
        log,
        clock,
        access: this.access,
        jobs: this.jobs,
        library,
        listedSources: this.listedSources,
        delivery: new Delivery({ stallTimeoutMs: 5_000, log, clock }),
        usenet: { onProvidersReplaced: (listener) => void this.newsServerListeners.push(listener) },
        torrents: { status: (infoHash) => this.held.get(infoHash) ?? null },
        subtitleExtractor: {
          isAvailable: () => Promise.resolve(true),
          extract: ({ name }, index) => Promise.resolve(`WEBVTT\n\n00:01.000 --> 00:02.000\n${name} ${index}\n`),
        },
        version: '1.2.3',
        packageDir: process.cwd(),
      }),
    );
    this.#server = createServer(app);
  }

  /** Opens a server on a port of the system's choice. */
  static async open(options: StremioHarnessOptions = {}): Promise<StremioHarness> {
    const harness = new StremioHarness(options);
    await harness.jobs.start();
    harness.#tried.start();
    harness.#server.listen(0, '127.0.0.1');
    await once(harness.#server, 'listening');
    return harness;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The addon's base address, with its key. */
  get base(): string {
    return `${this.origin}/stremio/${this.access.addonKey}`;
  }

  /** Puts a release into the library, so that the engine knows it too. */
  keep(release: Release, titleId?: string): Release {
    this.engine.releases.set(release.contentId, release);
    this.library.remember(release, titleId === undefined ? {} : { titleId });
    return release;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    await this.jobs.close();
    this.#database.close();
  }
}
