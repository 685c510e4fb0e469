// The one webtorrent client of the worker, and what of it is replaced for every torrent: dialling, piece choice and
// verification are ours. Protocol, discovery, metadata exchange and uploads are webtorrent's.

import { isIP } from 'node:net';
import type { AddressPolicy } from '../../../platform/index.js';
import { resolveAllowed, systemClock } from '../../../platform/index.js';
import type { ChunkStore, Torrent, Wire } from 'webtorrent';
import WebTorrent from 'webtorrent';
import type { InfoHash } from '../../../content/index.js';
import { formatTorrentFile } from '../metainfo.js';
import type { SwarmAddress, WorkerSettings } from '../protocol.js';
import { Dialler } from './dialler.js';
import type { PeerFilter } from './peer-filter.js';

/** What a torrent in the swarm reports to its session, and reads from it. */
export interface SwarmMember {
  metadata(info: Uint8Array): void;
  wireOpened(wire: Wire): void;
  wireClosed(wire: Wire): void;
  /** Something about this wire's choke, interest or pieces changed. */
  wireChanged(wire: Wire): void;
  failed(error: Error): void;
  /** Reads verified bytes for an upload. */
  readForUpload(piece: number, offset: number, length: number): Promise<Uint8Array>;
  /** True when the piece may be offered. */
  hasPiece(piece: number): boolean;
}

export interface JoinOptions {
  readonly infoHash: InfoHash;
  readonly info: Uint8Array | null;
  readonly isPrivate: boolean;
  readonly swarm: SwarmAddress;
  /** Addresses of peers that sent bad data; may grow while joined. */
  readonly banned: ReadonlySet<string>;
  readonly member: SwarmMember;
}

const RESOLVE_TIMEOUT_MS = 5000;
const UPLOAD_SLOTS = 10;

export class SwarmClient {
  private readonly client: WebTorrent;
  private readonly dialler: Dialler;

  constructor(
    private readonly settings: WorkerSettings,
    private readonly policy: AddressPolicy,
    filter: PeerFilter,
    private readonly onError: (error: Error) => void,
  ) {
    const isProxied = settings.proxyUrl !== null;
    const mapsPort = settings.portMapping && !settings.isDiscoveryDisabled && !isProxied;
    const isWildcard = settings.host === '0.0.0.0' || settings.host === '::';
    this.client = new WebTorrent({
      maxConns: settings.connectionLimit,
      dht: !settings.isDiscoveryDisabled && !isProxied,
      lsd: !settings.isDiscoveryDisabled && !isProxied,
      utPex: !settings.isDiscoveryDisabled,
      tracker: true,
      utp: isWildcard && !isProxied,
      natUpnp: mapsPort,
      natPmp: mapsPort,
      webSeeds: true,
      downloadLimit: settings.downloadLimit === 0 ? -1 : settings.downloadLimit,
      uploadLimit: settings.uploadLimit === 0 ? -1 : settings.uploadLimit,
      secure: 1,
      torrentPort: { port: settings.port, host: isProxied ? '127.0.0.1' : settings.host },
    });
    this.client.on('error', this.onError);
    this.dialler = new Dialler({
      filter,
      connectionLimit: settings.connectionLimit,
      proxyUrl: settings.proxyUrl,
      hasUtp: isWildcard && !isProxied && WebTorrent.UTP_SUPPORT,
      clock: systemClock,
    });
  }

  /** Joins a swarm. Trackers are resolved and checked first; those that may not be reached are left out. */
  async join(options: JoinOptions): Promise<Torrent> {
    const announce = await this.allowedTrackers(options.swarm.trackers);
    const { infoHash, info, swarm, member } = options;
    const id =
      info === null
        ? `magnet:?xt=urn:btih:${infoHash}`
        : formatTorrentFile({ kind: 'torrent', infoHash, info, trackers: [], webSeeds: [], peers: [] });
    const torrent = this.client.add(id, {
      announce,
      urlList: swarm.webSeeds,
      deselect: true,
      storeCacheSlots: 0,
      store: storeFor(member),
      uploads: UPLOAD_SLOTS,
      ...(options.isPrivate ? { private: true } : {}),
    });
    this.takeOver(torrent, options);
    torrent.once('infoHash', () => {
      if (!torrent.destroyed) for (const peer of swarm.peers) torrent.addPeer(peer, 'manual');
    });
    return torrent;
  }

  /** Lets go of peers that the filter has come to refuse. */
  dropRefused(): void {
    this.dialler.dropRefused();
  }

  /** Leaves every swarm and closes the port. */
  close(): Promise<void> {
    return new Promise((resolve) => this.client.destroy(() => resolve()));
  }

  /** Puts our dialling, piece choice and verification in webtorrent's place, before it starts. */
  private takeOver(torrent: Torrent, { infoHash, info, member, banned }: JoinOptions): void {
    const process = torrent._processParsedTorrent.bind(torrent);
    // The library hashes `info` as it would encode it; ours are the bytes as they stand.
    torrent._processParsedTorrent = (parsed) =>
      process({ ...parsed, infoHash, ...(info === null ? {} : { infoBuffer: info }) });
    this.keepPrivate(torrent);
    const doNothing = (): void => undefined;
    this.dialler.takeOver(torrent, banned);
    torrent._verifyPieces = (done) => done();
    torrent._update = doNothing;
    torrent._updateWire = doNothing;
    torrent._updateInterest = doNothing;
    torrent._updateSelections = doNothing;
    torrent._gcSelections = doNothing;
    torrent._checkDone = () => false;
    torrent._updateWireInterest = (wire) => member.wireChanged(wire);
    torrent.on('error', (error: Error) => member.failed(error));
    torrent.on('warning', doNothing);
    torrent.on('metadata', () => {
      if (torrent.infoBuffer !== undefined) member.metadata(torrent.infoBuffer);
    });
    torrent.on('wire', (wire: Wire) => {
      wire.once('close', () => member.wireClosed(wire));
      for (const event of ['unchoke', 'choke', 'allowed-fast']) wire.on(event, () => member.wireChanged(wire));
      member.wireOpened(wire);
    });
  }

  /** The library keeps private torrents (BEP 27) from DHT and peer exchange, but not from local discovery. */
  private keepPrivate(torrent: Torrent): void {
    const startDiscovery = torrent._startDiscovery.bind(torrent);
    torrent._startDiscovery = () => {
      const { lsd } = this.client;
      this.client.lsd = lsd && torrent.private !== true;
      startDiscovery();
      this.client.lsd = lsd;
    };
  }

  private async allowedTrackers(trackers: readonly string[]): Promise<string[]> {
    const pinned = await Promise.all(trackers.map((tracker) => this.pinTracker(tracker)));
    return pinned.filter((tracker) => tracker !== null);
  }

  /**
   * A UDP tracker is pinned to the address that was checked, and left out where a proxy is set, since it would go around it;
   * an HTTP one goes through the guarded client anyway.
   */
  private async pinTracker(tracker: string): Promise<string | null> {
    try {
      const url = new URL(tracker);
      if (url.protocol === 'http:' || url.protocol === 'https:') return tracker;
      if (url.protocol !== 'udp:' || this.settings.proxyUrl !== null) return null;
      const address = await resolveAllowed(url.hostname, this.policy, {
        signal: AbortSignal.timeout(RESOLVE_TIMEOUT_MS),
      });
      return `udp://${isIP(address) === 6 ? `[${address}]` : address}:${url.port || '80'}${url.pathname}`;
    } catch {
      return null;
    }
  }
}

/** The chunk store webtorrent reads uploads from. It never writes: verified pieces come from our own store. */
function storeFor(member: SwarmMember): new (chunkLength: number) => ChunkStore {
  return class UploadStore implements ChunkStore {
    constructor(readonly chunkLength: number) {}

    get(
      index: number,
      options: { offset?: number; length?: number },
      done: (error: Error | null, data?: Uint8Array) => void,
    ): void {
      if (!member.hasPiece(index)) return done(new Error('not here'));
      member.readForUpload(index, options.offset ?? 0, options.length ?? this.chunkLength).then(
        (data) => done(null, data),
        (error: Error) => done(error),
      );
    }

    put(_index: number, _data: Uint8Array, done: (error: Error | null) => void): void {
      done(new Error('pieces are kept elsewhere'));
    }

    close(done: (error: Error | null) => void): void {
      done(null);
    }

    destroy(done: (error: Error | null) => void): void {
      done(null);
    }
  };
}
