// A torrent's entry between a real folder and a worker that the test plays.

import { setImmediate } from 'node:timers';
import type { InfoHash, TorrentSource } from '../../../../../backend/content/index.js';
import type { ExtentIndex } from '../../../../../backend/engines/torrent/geometry.js';
import type { EntryContext } from '../../../../../backend/engines/torrent/host/entry-context.js';
import type { TorrentDisk } from '../../../../../backend/engines/torrent/host/torrent-disk.js';
import { removeExtent } from '../../../../../backend/engines/torrent/host/torrent-disk.js';
import { TorrentEntry } from '../../../../../backend/engines/torrent/host/torrent-entry.js';
import { PieceBits } from '../../../../../backend/engines/torrent/piece-bits.js';
import type { Demand, ToWorker, TorrentNumbers } from '../../../../../backend/engines/torrent/protocol.js';
import type { DiskLab } from './disk-lab.js';

type OneOf<Kind extends ToWorker['type']> = Extract<ToWorker, { type: Kind }>;

export function numbersOf(infoHash: InfoHash, some: Partial<TorrentNumbers> = {}): TorrentNumbers {
  return {
    infoHash,
    isJoined: true,
    isDeserted: false,
    hasAnswer: false,
    peersConnected: 0,
    peersQueued: 0,
    peersSeen: 0,
    receivedBytes: 0,
    uploadedBytes: 0,
    downloadBytesPerSecond: 0,
    uploadBytesPerSecond: 0,
    demandBytes: [],
    ...some,
  };
}

/** Everything that is ready has run, what was put off to the next turn included. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
}

export interface EntryLabOptions {
  readonly isPaused?: boolean;
  /** A bare infohash: the metadata has to be found. */
  readonly isBare?: boolean;
  readonly context?: Partial<EntryContext>;
}

export class EntryLab {
  readonly messages: ToWorker[] = [];
  readonly entry: TorrentEntry;
  /** Bytes the entry's files count in the cache, and those granted to the worker. */
  counted = 0;
  filled = 0;
  /** Calls are answered at once, unless set to false. */
  answersCalls = true;
  hasRoom = true;
  now = 1_000_000;
  /** Called with everything the worker is told. */
  heard: (message: ToWorker) => void = () => undefined;
  private readonly waiting: { resolve: () => void; reject: (error: Error) => void }[] = [];

  constructor(
    readonly disk: DiskLab,
    options: EntryLabOptions = {},
  ) {
    const { infoHash } = disk.metadata;
    const info = options.isBare === true ? {} : { info: disk.info };
    const source: TorrentSource = { kind: 'torrent', infoHash, trackers: [], webSeeds: [], peers: [], ...info };
    this.entry = new TorrentEntry(infoHash, source, options.isPaused ?? false, {
      post: (message) => {
        this.messages.push(message);
        this.heard(message);
      },
      call: (build) => this.call(build),
      now: () => this.now,
      folder: disk.folder,
      extentBytes: disk.geometry.extentBytes,
      trackers: () => [],
      allowsTracker: () => true,
      takeFolder: () => Promise.resolve(0),
      returnFolder: () => Promise.resolve(),
      recounted: (change) => (this.counted += change),
      spaceFilled: (bytes) => {
        this.filled += bytes;
        this.counted += bytes;
      },
      spaceFreed: (bytes) => (this.counted -= bytes),
      hasRoomToSpare: () => this.hasRoom,
      reconsider: () => undefined,
      ...options.context,
    });
  }

  open(): Promise<TorrentDisk> {
    return this.entry.open(this.disk.metadata);
  }

  /** Answers the oldest call that waits. */
  answer(error?: Error): void {
    const call = this.waiting.shift()!;
    if (error === undefined) call.resolve();
    else call.reject(error);
  }

  /** The worker wrote pieces and tells of them. */
  async put(...pieces: readonly number[]): Promise<void> {
    for (const piece of pieces) await this.disk.write(piece);
    this.tellVerified(...pieces);
  }

  tellVerified(...pieces: readonly number[]): void {
    const bits = new PieceBits(this.entry.disk!.bits.memory, this.disk.geometry.pieceCount);
    for (const piece of pieces) bits.set(piece);
    this.entry.piecesVerified(pieces);
  }

  numbers(some: Partial<TorrentNumbers>): void {
    this.entry.numbersArrived(numbersOf(this.disk.metadata.infoHash, some));
  }

  sent<Kind extends ToWorker['type']>(type: Kind): OneOf<Kind>[] {
    return this.messages.filter((message): message is OneOf<Kind> => message.type === type);
  }

  get types(): string[] {
    return this.messages.map(({ type }) => type);
  }

  /** What the worker was told last that is wanted, as whole pieces `[kind, first, end]`. */
  get wanted(): (readonly [Demand['kind'], number, number])[] {
    const { pieceLength } = this.disk.geometry;
    const demands = this.sent('demand').at(-1)?.demands ?? [];
    return demands.map(({ kind, start, end }) => [kind, start / pieceLength, end / pieceLength] as const);
  }

  private call(build: (call: number) => ToWorker): Promise<void> {
    const message = build(this.messages.length);
    this.messages.push(message);
    if (this.answersCalls && message.type === 'dropExtent') {
      return removeExtent(this.disk.folder, message.extent as ExtentIndex);
    }
    if (this.answersCalls) return Promise.resolve();
    return new Promise((resolve, reject) => this.waiting.push({ resolve, reject }));
  }
}
