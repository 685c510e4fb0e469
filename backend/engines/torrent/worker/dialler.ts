// Opens connections to peers: filtered by address, TCP first, through the SOCKS5 proxy when one is set. Replaces
// webtorrent's own dialling, which tries only uTP first and reaches a TCP-only peer after 42 s.

import { connect, Socket } from 'node:net';
import { SocksClient } from 'socks';
import type { Peer, Torrent } from 'webtorrent';
import type { PeerFilter } from './peer-filter.js';

const RETRY_DELAYS_MS = [1000, 5000, 15_000] as const;
const MAX_HALF_OPEN = 32;
/** Addresses queued or connected per torrent at most; further ones are ignored. */
const MAX_KNOWN_PEERS = 1000;
const PROXY_TIMEOUT_MS = 10_000;

export interface DiallerOptions {
  readonly filter: PeerFilter;
  /** Peers of all torrents together. */
  readonly connectionLimit: number;
  readonly proxyUrl: string | null;
  readonly hasUtp: boolean;
}

/** Shared by all torrents of a client, so that the connection limit holds for all of them together. */
export class Dialler {
  private halfOpen = 0;
  private readonly torrents = new Set<Torrent>();

  constructor(private readonly options: DiallerOptions) {}

  /** Puts this dialler in charge of a torrent's connections. */
  takeOver(torrent: Torrent): void {
    this.torrents.add(torrent);
    torrent.once('close', () => this.torrents.delete(torrent));
    const addIncoming = torrent._addIncomingPeer.bind(torrent);
    torrent._addIncomingPeer = (peer) => {
      const isFull = this.connected() >= this.options.connectionLimit;
      if (isFull || !this.options.filter.allows(hostOf(peer.addr ?? peer.id))) peer.destroy();
      else addIncoming(peer);
    };
    torrent.addPeer = (address, source) => {
      if (typeof address !== 'string' || torrent._peers.size >= MAX_KNOWN_PEERS) return false;
      if (!this.options.filter.allows(hostOf(address))) return false;
      return torrent._addPeer(address, 'tcp', source) !== null;
    };
    torrent._drain = () => this.drain(torrent);
  }

  private connected(): number {
    let connections = 0;
    for (const torrent of this.torrents) connections += torrent._numConns;
    return connections;
  }

  private drain(torrent: Torrent): void {
    while (!torrent.destroyed && !torrent.paused && torrent._queue.length > 0) {
      if (this.halfOpen >= MAX_HALF_OPEN || this.connected() + this.halfOpen >= this.options.connectionLimit) return;
      const peer = torrent._queue.shift();
      if (peer !== undefined && !peer.destroyed) void this.dial(torrent, peer);
    }
  }

  private async dial(torrent: Torrent, peer: Peer): Promise<void> {
    const address = peer.id;
    let hasConnected = false;
    this.halfOpen++;
    const settle = once(() => {
      this.halfOpen--;
      for (const waiting of this.torrents) if (!waiting.destroyed) this.drain(waiting);
    });
    const closed = once(() => {
      settle();
      this.retry(torrent, peer, address, hasConnected);
    });
    try {
      peer.startConnectTimeout();
      peer.once('disconnect', settle);
      const socket = await this.open(torrent, peer, address);
      if (peer.destroyed || torrent.destroyed) {
        socket.destroy();
        closed();
        return;
      }
      if (socket instanceof Socket) gatherWrites(socket);
      peer.conn = socket;
      const connected = (): void => {
        hasConnected = true;
        if (!torrent.destroyed && !peer.destroyed) peer.onConnect();
        settle();
      };
      socket.once('error', (error) => peer.destroy(error));
      socket.once('close', closed);
      if (socket.connecting === false && this.options.proxyUrl !== null) connected();
      else socket.once('connect', connected);
    } catch (error) {
      peer.destroy(error instanceof Error ? error : new Error(String(error)));
      closed();
    }
  }

  private async open(torrent: Torrent, peer: Peer, address: string): Promise<Socket> {
    const host = hostOf(address);
    const port = Number(address.slice(address.lastIndexOf(':') + 1));
    if (this.options.proxyUrl !== null) return openThroughProxy(this.options.proxyUrl, host, port);
    const utpServer = torrent.client._utpServer;
    if (peer.type === 'utpOutgoing' && utpServer !== undefined) return utpServer.connect(port, host);
    return connect({ host, port });
  }

  /** A peer that TCP never reached is tried once by uTP; one that was reached is tried again by TCP, ever later. */
  private retry(torrent: Torrent, peer: Peer, address: string, hasConnected: boolean): void {
    const { retries } = peer;
    const delayMs = RETRY_DELAYS_MS[hasConnected ? 0 : retries];
    if (torrent.destroyed || delayMs === undefined) return;
    const wasTcp = peer.type === 'tcpOutgoing';
    const type = wasTcp && !hasConnected && this.options.hasUtp && address.includes('.') ? 'utp' : 'tcp';
    const timer = setTimeout(() => {
      if (torrent.destroyed || torrent._peers.has(address)) return;
      const again = torrent._addPeer(address, type);
      if (again !== null) again.retries = hasConnected ? 0 : retries + 1;
    }, delayMs);
    timer.unref();
  }
}

async function openThroughProxy(proxyUrl: string, host: string, port: number): Promise<Socket> {
  const proxy = new URL(proxyUrl);
  const { socket } = await SocksClient.createConnection({
    proxy: {
      host: proxy.hostname,
      port: Number(proxy.port || 1080),
      type: 5,
      ...(proxy.username === '' ? {} : { userId: decodeURIComponent(proxy.username) }),
      ...(proxy.password === '' ? {} : { password: decodeURIComponent(proxy.password) }),
    },
    command: 'connect',
    destination: { host, port },
    timeout: PROXY_TIMEOUT_MS,
  });
  return socket;
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
