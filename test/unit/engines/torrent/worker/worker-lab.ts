// A torrent worker without its thread, on real wires: a seeder on loopback, messages in and out. Its ticks are the test's.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { InfoHash } from '../../../../../backend/content/index.js';
import { Geometry } from '../../../../../backend/engines/torrent/geometry.js';
import { parseInfo } from '../../../../../backend/engines/torrent/info.js';
import { parseTorrentFile } from '../../../../../backend/engines/torrent/metainfo.js';
import { PieceBits } from '../../../../../backend/engines/torrent/piece-bits.js';
import type {
  Demand,
  FromWorker,
  SwarmAddress,
  ToWorker,
  TorrentNumbers,
} from '../../../../../backend/engines/torrent/protocol.js';
import { PeerFilter } from '../../../../../backend/engines/torrent/worker/peer-filter.js';
import { SwarmClient } from '../../../../../backend/engines/torrent/worker/swarm-client.js';
import { TorrentWorker } from '../../../../../backend/engines/torrent/worker/torrent-worker.js';
import { AddressPolicy } from '../../../../../backend/platform/index.js';
import type { PlainClient } from '../../../../../scripts/lab/index.js';
import { createPlainWebtorrent } from '../../../../../scripts/lab/index.js';
import { ManualClock } from '../../../../support/manual-clock.js';
import { pseudoRandomBytes } from '../../../../support/pseudo-random.js';
import type { Resources } from '../../../../support/resources.js';

type OneOf<Kind extends FromWorker['type']> = Extract<FromWorker, { type: Kind }>;
/** Without what every message to one torrent carries. */
type Ask =
  | { readonly type: 'demand'; readonly demands: readonly Demand[] }
  | { readonly type: 'pause'; readonly isPaused: boolean }
  | { readonly type: 'learn'; readonly swarm: SwarmAddress };

const PIECE_BYTES = 32 * 1024;
const nowhere: SwarmAddress = { trackers: [], webSeeds: [], peers: [] };

/** A file that a peer on loopback seeds. */
export interface SeededFile {
  readonly infoHash: InfoHash;
  readonly info: Uint8Array;
  /** Where the torrent file lies. */
  readonly torrentFile: string;
  readonly content: Uint8Array;
  readonly geometry: Geometry;
  readonly seeder: PlainClient;
  readonly address: string;
}

export async function seedFile(resources: Resources, pieces: number, options: { uploadLimit?: number } = {}) {
  const content = pseudoRandomBytes(`worker lab ${pieces}`, pieces * PIECE_BYTES - 100);
  const path = join(await resources.folder(), 'film.mkv');
  await writeFile(path, content);
  const seeder = createPlainWebtorrent(options);
  resources.defer(() => new Promise<void>((resolve) => seeder.destroy(resolve)));
  const bytes = await new Promise<Uint8Array>((resolve) => {
    const settings = { pieceLength: PIECE_BYTES, announceList: [], skipVerify: true };
    seeder.seed(path, settings, (torrent) => resolve((torrent as unknown as { torrentFile: Uint8Array }).torrentFile));
  });
  const torrentFile = `${path}.torrent`;
  await writeFile(torrentFile, bytes);
  const source = parseTorrentFile(bytes);
  const info = source.info!;
  const { totalBytes, pieceLength } = parseInfo(info, source.infoHash);
  const geometry = new Geometry(totalBytes, pieceLength, 4 * PIECE_BYTES);
  const address = `127.0.0.1:${seeder.torrentPort}`;
  return { infoHash: source.infoHash, info, torrentFile, content, geometry, seeder, address } satisfies SeededFile;
}

export class WorkerLab {
  readonly clock = new ManualClock();
  readonly messages: FromWorker[] = [];
  readonly bits: PieceBits;
  /** Room is granted as soon as it is asked for, unless set to false. */
  grantsRoom = true;
  private readonly worker: TorrentWorker;
  private readonly listeners = new Set<() => void>();
  private calls = 0;
  private demandId = 0;

  constructor(
    readonly file: SeededFile,
    readonly folder: string,
  ) {
    this.bits = PieceBits.create(file.geometry.pieceCount);
    const policy = new AddressPolicy(true);
    const filter = new PeerFilter(policy);
    const settings = {
      connectionLimit: 10,
      downloadLimit: 0,
      uploadLimit: 0,
      isDiscoveryDisabled: true,
      port: 0,
      host: '127.0.0.1',
      portMapping: false,
      allowPrivate: true,
      proxyUrl: null,
    };
    const client = new SwarmClient(settings, policy, filter, (error) => {
      throw error;
    });
    const send = (message: FromWorker): void => this.receive(message);
    this.worker = new TorrentWorker({ client, filter, send, clock: this.clock, now: () => performance.now() });
    this.worker.start();
  }

  /** Numbers, saves and looks for late blocks happen now. */
  tick(ms = 250): Promise<void> {
    return this.clock.advance(ms);
  }

  open(
    options: { readonly claimed?: Uint8Array; readonly peers?: readonly string[]; readonly folder?: string } = {},
  ): void {
    const { infoHash, info, geometry, address } = this.file;
    this.worker.handle({
      type: 'open',
      infoHash,
      info,
      swarm: { ...nowhere, peers: options.peers ?? [address] },
      folder: options.folder ?? this.folder,
      extentBytes: geometry.extentBytes,
      bits: this.bits.memory,
      claimed: options.claimed ?? new Uint8Array(Math.ceil(geometry.pieceCount / 8)),
    });
  }

  find(): void {
    const { infoHash, address } = this.file;
    this.worker.handle({ type: 'find', infoHash, name: null, swarm: { ...nowhere, peers: [address] } });
  }

  /** Wants whole pieces `[first, end)`; nothing when both are the same. */
  want(first: number, end: number, kind: Demand['kind'] = 'play'): void {
    const { pieceLength, totalBytes } = this.file.geometry;
    const demand = {
      id: ++this.demandId,
      kind,
      start: first * pieceLength,
      end: Math.min(totalBytes, end * pieceLength),
    };
    this.tell({ type: 'demand', demands: first === end ? [] : [demand] });
  }

  tell(message: Ask): void {
    this.worker.handle({ ...message, infoHash: this.file.infoHash });
  }

  grant(bytes: number): void {
    this.worker.handle({ type: 'space', bytes });
  }

  /** Resolves when the call is answered. @throws with what went wrong */
  async call(build: (call: number, infoHash: InfoHash) => ToWorker): Promise<void> {
    const call = ++this.calls;
    this.worker.handle(build(call, this.file.infoHash));
    const done = await this.message('done', (message) => message.call === call);
    if (done.error !== null) throw new Error(done.error);
  }

  close(deletesFiles = false): Promise<void> {
    return this.call((call, infoHash) => ({ type: 'close', infoHash, deletesFiles, call }));
  }

  dropExtent(extent: number): Promise<void> {
    return this.call((call, infoHash) => ({ type: 'dropExtent', infoHash, extent, call }));
  }

  stop(): Promise<void> {
    return this.call((call) => ({ type: 'stop', call }));
  }

  all<Kind extends FromWorker['type']>(type: Kind): OneOf<Kind>[] {
    return this.messages.filter((message): message is OneOf<Kind> => message.type === type);
  }

  /** The first message of a kind, past or to come. */
  async message<Kind extends FromWorker['type']>(
    type: Kind,
    isIt: (message: OneOf<Kind>) => boolean = () => true,
  ): Promise<OneOf<Kind>> {
    await this.until(() => this.all(type).some(isIt));
    return this.all(type).find(isIt)!;
  }

  /** Resolves when `isSo`; looks after each message. */
  async until(isSo: () => boolean): Promise<void> {
    while (!isSo()) await new Promise<void>((resolve) => this.listeners.add(resolve));
  }

  /** Pieces told as verified, in the order of telling. */
  get verified(): number[] {
    return this.all('verified').flatMap((message) => [...message.pieces]);
  }

  get numbers(): TorrentNumbers[] {
    return this.all('numbers').flatMap((message) => [...message.torrents]);
  }

  private receive(message: FromWorker): void {
    this.messages.push(message);
    if (message.type === 'needSpace' && this.grantsRoom) queueMicrotask(() => this.grant(message.bytes));
    for (const listener of this.listeners) listener();
    this.listeners.clear();
  }
}
