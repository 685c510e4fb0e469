// The torrents dialect on a real server, library, access and delivery; swarm, jobs and time are the test's to play.

import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect } from '@jest/globals';
import bencode from 'bencode';
import express from 'express';
import { Access } from '../../backend/access/index.js';
import { requireKey } from '../../backend/api/guard.js';
import type { TorrentControl, TorrentJobs, TorrentProgress } from '../../backend/api/torrents-deps.js';
import { createTorrentRoutes } from '../../backend/api/torrents.js';
import type {
  ByteRange,
  ContentId,
  InfoHash,
  MediaFile,
  Release,
  TorrentSource,
  TorrentUrlSource,
} from '../../backend/content/index.js';
import { BusyError, GoneError, NotFoundError } from '../../backend/content/index.js';
import { Delivery, requestOrigin } from '../../backend/delivery/index.js';
import { infoHashOf, parseInfo } from '../../backend/engines/torrent/index.js';
import type { Logger } from '../../backend/platform/index.js';
import { Sealer } from '../../backend/platform/index.js';
import { Library, openDatabase, SessionRecords } from '../../backend/storage/index.js';
import { askJson } from './http.js';
import { ManualClock } from './manual-clock.js';

export const API_KEY = 'the-api-key';
export const MAX_WAIT_MS = 25_000;
export const PREPARE_TIMEOUT_MS = 120_000;
const PIECE = 16_384;

export interface MadeFile {
  readonly path: readonly string[];
  readonly length: number;
  readonly attr?: string;
}

/** Info bytes and `.torrent` bytes of a torrent that says what the test wants it to say. */
export function makeTorrent(name: string, files: readonly MadeFile[], extra: Record<string, unknown> = {}) {
  const total = files.reduce((sum, file) => sum + file.length, 0);
  const pieces = Buffer.alloc(20 * Math.ceil(total / PIECE), 1);
  const info = { name, 'piece length': PIECE, pieces, files: files.map((file) => ({ ...file })), ...extra };
  const infoBytes = bencode.encode(info);
  const file = bencode.encode({ announce: 'http://tracker.example/announce', info });
  return { infoHash: infoHashOf(infoBytes), info: infoBytes, file };
}

export const SHOW = makeTorrent('Show S01', [
  { path: ['Show S01E10.mkv'], length: 20_000 },
  { path: ['.pad', '12768'], length: 12_768, attr: 'p' },
  { path: ['Show S01E02 100% [été] #1?.mkv'], length: 30_000 },
  { path: ['subs', 'Show S01E02.srt'], length: 500 },
  { path: ['theme.mp3'], length: 4_000 },
]);
export const FILM = makeTorrent('Film', [{ path: ['film.mp4'], length: 40_000 }]);

/** The shape of every error of this dialect: nothing of the machine in it. */
export function expectError(
  answer: { status: number; json: Record<string, unknown> },
  status: number,
  kind: string,
): void {
  expect({ status: answer.status, kind: answer.json['error_kind'] }).toEqual({ status, kind });
  expect(answer.json).toEqual({ error_kind: kind, human_readable: expect.stringMatching(/\S/), status });
  expect(String(answer.json['human_readable'])).not.toMatch(/\n|\/work|node_modules/);
}

/** A swarm that knows the metadata it was given, and remembers what it was told. */
export class FakeSwarm implements TorrentControl {
  readonly paused = new Set<string>();
  readonly held = new Set<string>();
  readonly included = new Map<string, readonly number[]>();
  readonly removed: { infoHash: string; deleteFiles: boolean }[] = [];
  readonly statuses = new Map<string, TorrentProgress>();
  readonly asked: (TorrentSource | TorrentUrlSource)[] = [];
  readonly searches: { readonly signal: AbortSignal; readonly finish: (info: Uint8Array) => void }[] = [];
  /** `.torrent`s by URL. */
  readonly links = new Map<string, Uint8Array>();
  private readonly infos = new Map<string, Uint8Array>();
  private wake: () => void = () => undefined;
  private readonly asking = new Promise<void>((resolve) => (this.wake = resolve));

  know(info: Uint8Array): void {
    this.infos.set(infoHashOf(info), info);
  }

  /** Resolves once metadata was asked for. */
  untilAsked(): Promise<void> {
    return this.asking;
  }

  async resolve(source: TorrentSource | TorrentUrlSource, options: { readonly signal: AbortSignal }): Promise<Release> {
    this.asked.push(source);
    const info =
      source.kind === 'torrent' ? (source.info ?? this.infos.get(source.infoHash)) : this.links.get(source.url);
    this.wake();
    if (info !== undefined) return this.hold(info, source);
    return new Promise((resolve, reject) => {
      options.signal.addEventListener('abort', () => reject(options.signal.reason));
      this.searches.push({ signal: options.signal, finish: (found) => resolve(this.hold(found, source)) });
    });
  }

  status(infoHash: InfoHash): TorrentProgress | null {
    return this.statuses.get(infoHash) ?? null;
  }

  async setPaused(infoHash: InfoHash, isPaused: boolean): Promise<void> {
    if (isPaused) this.paused.add(infoHash);
    else this.paused.delete(infoHash);
  }

  async setIncluded(infoHash: InfoHash, indexes: readonly number[]): Promise<void> {
    if (!this.held.has(infoHash)) throw new NotFoundError('No such torrent.');
    this.included.set(infoHash, indexes);
  }

  async remove(infoHash: InfoHash, options: { readonly deleteFiles: boolean }): Promise<void> {
    this.removed.push({ infoHash, ...options });
    this.held.delete(infoHash);
  }

  private hold(info: Uint8Array, source: TorrentSource | TorrentUrlSource): Release {
    this.held.add(infoHashOf(info));
    return releaseOf(info, source);
  }
}

function releaseOf(info: Uint8Array, source: TorrentSource | TorrentUrlSource): Release {
  const metadata = parseInfo(info, infoHashOf(info));
  const known = source.kind === 'torrent' ? source : { trackers: [], webSeeds: [], peers: source.peers };
  return {
    contentId: metadata.infoHash,
    name: metadata.name,
    files: metadata.files,
    source: { ...known, kind: 'torrent', infoHash: metadata.infoHash, info },
  };
}

/** Opens files whose bytes are their position modulo 251; of paused torrents only the first 1000 are here. */
export class FakeJobs implements TorrentJobs {
  readonly cancelled: string[] = [];

  constructor(private readonly library: Library) {}

  async openContent(contentId: ContentId, fileIndex: number): Promise<MediaFile> {
    const entry = this.library.get(contentId);
    const file = entry?.files.find(({ index }) => index === fileIndex);
    if (entry === null && this.library.isRemoved(contentId)) throw new GoneError('It was removed.');
    if (file === undefined) throw new NotFoundError('There is no such file.');
    const { isPaused } = entry ?? { isPaused: false };
    return {
      id: `${contentId}:${fileIndex}`,
      name: file.name,
      sizeBytes: file.sizeBytes,
      modifiedAt: new Date(0),
      open: (range) => readBytes(range, isPaused),
    };
  }

  cancelContent(contentId: ContentId): number {
    this.cancelled.push(contentId);
    return 1;
  }
}

async function* readBytes(range: ByteRange, isPaused: boolean): AsyncGenerator<Uint8Array> {
  if (isPaused && range.end > 1000) throw new BusyError('The torrent is paused.', 30);
  yield contentBytes(range.start, range.end);
}

/** What `FakeJobs` files contain. */
export function contentBytes(start: number, end: number): Buffer {
  return Buffer.from(Array.from({ length: end - start }, (_, at) => (start + at) % 251));
}

const silent: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silent,
};

/** A running server; `url` has no slash at the end. */
export async function startTorrentsApi(o: { readonly auth?: 'key' | 'none' } = {}) {
  const clock = new ManualClock();
  const database = openDatabase(':memory:', { sealer: new Sealer('s'.repeat(64)) });
  const library = new Library(database, clock);
  const swarm = new FakeSwarm();
  const jobs = new FakeJobs(library);
  const sessions = new SessionRecords(database);
  const access = new Access({ auth: o.auth ?? 'none', apiKey: API_KEY, secretKey: 'k'.repeat(64), sessions, clock });
  const app = express();
  app.use(
    createTorrentRoutes({
      items: { adopt: () => null, forgetContent: (contentId) => library.remove(contentId) },
      library,
      engine: swarm,
      jobs,
      access,
      requireAccess: requireKey(access),
      corsOrigins: ['https://pages.example'],
      delivery: new Delivery({ stallTimeoutMs: 30_000, log: silent, clock }),
      originOf: (req) => requestOrigin(req, { trustedProxies: ['127.0.0.1'] }),
      clock,
      log: silent,
      maxWaitMs: MAX_WAIT_MS,
      prepareTimeoutMs: PREPARE_TIMEOUT_MS,
    }),
  );
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
    database.close();
  };
  const post = (path: string, body: string | Uint8Array = '', headers: Record<string, string> = {}) =>
    askJson(`${url}${path}`, { method: 'POST', body, headers });
  /** Adds the show; answers its id. */
  const addShow = async (): Promise<number> => (await post('/torrents', SHOW.file)).json['id'] as number;
  return { url, access, clock, jobs, library, swarm, addShow, post, close };
}

export type TorrentsApi = Awaited<ReturnType<typeof startTorrentsApi>>;
