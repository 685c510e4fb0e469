// Opens connections to peers: filtered by address, TCP first, through the SOCKS5 proxy when one is set. Replaces
// webtorrent's own dialling, which tries only uTP first and reaches a TCP-only peer after 42 s.

import { connect, Socket } from 'node:net';
import type { Peer, Torrent } from 'webtorrent';
import type { Clock } from '../../../platform/index.js';
import { connectThroughProxy } from '../../../platform/index.js';
import type { PeerFilter } from './peer-filter.js';

const RETRY_DELAYS_MS = [1000, 5000, 15_000] as const;
/** A connection that brought more than this was worth its while. */
const USEFUL_BYTES = 32 * 1024;
const MAX_HALF_OPEN = 32;
/** Addresses queued or connected per torrent at most; further ones are ignored. */
const MAX_KNOWN_PEERS = 1000;

export interface DiallerOptions {
  readonly filter: Pick<PeerFilter, 'allows'>;
  /** Peers of all torrents together. */
  readonly connectionLimit: number;
  readonly proxyUrl: string | null;
  readonly hasUtp: boolean;
  readonly clock: Pick<Clock, 'after'>;
}

/**
 * Shared by all torrents of a client, so that the connection limit holds for all of them together. Each may have an equal
 * share of it: the poorest is served first, and a torrent far above its share gives connections up to one below.
 */
export class Dialler {
  /** Connections being opened, of each torrent. */
  private readonly torrents = new Map<Torrent, number>();
  private isDraining = false;

  constructor(private readonly options: DiallerOptions) {}

  /** Puts this dialler in charge of a torrent's connections. `banned` addresses are neither dialled nor let in. */
  takeOver(torrent: Torrent, banned: ReadonlySet<string>): void {
    this.torrents.set(torrent, 0);
    torrent.once('close', () => {
      this.torrents.delete(torrent);
      this.drain();
    });
    const addIncoming = torrent._addIncomingPeer.bind(torrent);
    torrent._addIncomingPeer = (peer) => {
      const isWelcome = !banned.has(peer.id) && this.options.filter.allows(hostOf(peer.addr ?? peer.id));
      if (!isWelcome || this.connected() >= this.options.connectionLimit) peer.destroy();
      else addIncoming(peer);
    };
    const addPeer = torrent._addPeer.bind(torrent);
    torrent._addPeer = (address, type, source) => (banned.has(address) ? null : addPeer(address, type, source));
    torrent.addPeer = (address, source) => {
      if (typeof address !== 'string' || torrent.destroyed || torrent._peers.size >= MAX_KNOWN_PEERS) return false;
      if (!this.options.filter.allows(hostOf(address))) return false;
      return torrent._addPeer(address, 'tcp', source) !== null;
    };
    torrent._drain = () => this.drain();
  }

  /** Lets go of peers that the filter has come to refuse, connected or not. */
  dropRefused(): void {
    for (const torrent of this.torrents.keys()) {
      for (const peer of [...torrent._peers.values()]) {
        if (peer.type !== 'webSeed' && !this.options.filter.allows(hostOf(peer.addr ?? peer.id))) peer.destroy();
      }
    }
  }

  private connected(): number {
    let connections = 0;
    for (const torrent of this.torrents.keys()) connections += torrent._numConns;
    return connections;
  }

  private get halfOpen(): number {
    let attempts = 0;
    for (const count of this.torrents.values()) attempts += count;
    return attempts;
  }

  /** Dials what is queued, as far as the limits go. */
  private drain(): void {
    if (this.isDraining) return;
    this.isDraining = true;
    for (let torrent = this.poorest(); torrent !== null; torrent = this.poorest()) {
      if (this.halfOpen >= MAX_HALF_OPEN) break;
      const isFull = this.connected() + this.halfOpen >= this.options.connectionLimit;
      if (isFull && !this.giveUpOneFor(torrent)) break;
      const peer = torrent._queue.shift();
      if (peer !== undefined && !peer.destroyed) void this.dial(torrent, peer);
    }
    this.isDraining = false;
  }

  /** Of the torrents that have somebody to dial, the one with the fewest connections; null when none has. */
  private poorest(): Torrent | null {
    let poorest: Torrent | null = null;
    for (const torrent of this.torrents.keys()) {
      if (torrent.destroyed || torrent.paused || torrent._queue.length === 0) continue;
      if (poorest === null || this.openOf(torrent) < this.openOf(poorest)) poorest = torrent;
    }
    return poorest;
  }

  private openOf(torrent: Torrent): number {
    return torrent._numConns + (this.torrents.get(torrent) ?? 0);
  }

  /** Ends a connection of the richest torrent when that leaves it with no less than `torrent` will have. */
  private giveUpOneFor(torrent: Torrent): boolean {
    let richest: Torrent = torrent;
    for (const other of this.torrents.keys()) if (other._numConns > richest._numConns) richest = other;
    if (richest._numConns < this.openOf(torrent) + 2) return false;
    const peers = [...richest._peers.values()].filter((peer) => peer.connected && peer.type !== 'webSeed');
    const last = peers.at(-1);
    last?.destroy();
    return last !== undefined;
  }

  private async dial(torrent: Torrent, peer: Peer): Promise<void> {
    this.countAttempt(torrent, 1);
    const settle = once(() => {
      this.countAttempt(torrent, -1);
      this.drain();
    });
    const attempt: Attempt = { number: null, isUseful: false };
    const closed = once(() => {
      settle();
      this.retry(torrent, peer, attempt);
      this.drain();
    });
    try {
      peer.startConnectTimeout();
      peer.once('disconnect', settle);
      const socket = await this.open(torrent, peer);
      if (peer.destroyed || torrent.destroyed) {
        socket.destroy();
        closed();
        return;
      }
      if (socket instanceof Socket) gatherWrites(socket);
      peer.conn = socket;
      const connected = (): void => {
        attempt.number = peer.retries;
        if (!torrent.destroyed && !peer.destroyed) peer.onConnect();
        settle();
      };
      socket.once('error', (error) => peer.destroy(error));
      socket.once('close', () => {
        attempt.isUseful = socket.bytesRead > USEFUL_BYTES;
        closed();
      });
      if (!socket.connecting && this.options.proxyUrl !== null) connected();
      else socket.once('connect', connected);
    } catch (error) {
      peer.destroy(error as Error);
      closed();
    }
  }

  private countAttempt(torrent: Torrent, change: 1 | -1): void {
    const attempts = this.torrents.get(torrent);
    if (attempts !== undefined) this.torrents.set(torrent, attempts + change);
  }

  private async open(torrent: Torrent, peer: Peer): Promise<Socket> {
    const host = hostOf(peer.id);
    const port = Number(peer.id.slice(peer.id.lastIndexOf(':') + 1));
    if (this.options.proxyUrl !== null) return connectThroughProxy(this.options.proxyUrl, { host, port });
    const utpServer = torrent.client._utpServer;
    if (peer.type === 'utpOutgoing' && utpServer !== undefined) return utpServer.connect(port, host);
    return connect({ host, port });
  }

  /**
   * A peer that TCP does not reach is tried by uTP next. Attempts that bring nothing wait ever longer and end after a few:
   * seeds, for one, part at once when both have everything.
   */
  private retry(torrent: Torrent, peer: Peer, attempt: Attempt): void {
    const address = peer.id;
    const number = attempt.isUseful ? 0 : (attempt.number ?? peer.retries);
    const delayMs = RETRY_DELAYS_MS[number];
    if (torrent.destroyed || delayMs === undefined) return;
    const wasTcp = peer.type === 'tcpOutgoing';
    const type = wasTcp && attempt.number === null && this.options.hasUtp && address.includes('.') ? 'utp' : 'tcp';
    this.options.clock.after(delayMs, () => {
      if (torrent.destroyed || torrent._peers.has(address) || !this.options.filter.allows(hostOf(address))) return;
      const again = torrent._addPeer(address, type);
      if (again !== null) again.retries = number + 1;
    });
  }
}

/** How one connection to a peer went. */
interface Attempt {
  /** Fruitless attempts before it; noted when TCP connects, since the library forgets them at the handshake. */
  number: number | null;
  isUseful: boolean;
}

/**
 * Sends what is written within one turn of the event loop as one packet: block requests are 17 bytes each, and a system
 * call for every one of them costs more than the blocks.
 */
function gatherWrites(socket: Socket): void {
  const write = socket.write.bind(socket) as (...args: unknown[]) => boolean;
  let isGathering = false;
  socket.write = (...args: unknown[]): boolean => {
    if (!isGathering) {
      isGathering = true;
      socket.cork();
      setImmediate(() => {
        isGathering = false;
        socket.uncork();
      });
    }
    return write(...args);
  };
}

/** The address part of `ip:port` or `[ip6]:port`. */
function hostOf(address: string): string {
  return address.slice(0, address.lastIndexOf(':')).replace(/^\[|\]$/g, '');
}

function once(run: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    run();
  };
}
