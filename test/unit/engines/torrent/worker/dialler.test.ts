import type { AddressInfo, Server, Socket } from 'node:net';
import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Torrent } from 'webtorrent';
import WebTorrent from 'webtorrent';
import type { DiallerOptions } from '../../../../../backend/engines/torrent/worker/dialler.js';
import { Dialler } from '../../../../../backend/engines/torrent/worker/dialler.js';
import { ManualClock } from '../../../../support/manual-clock.js';
import { Resources } from '../../../../support/resources.js';
import { startSocksProxy } from '../../../../support/socks-proxy.js';
import { until } from '../../../../support/until.js';

const nobody: ReadonlySet<string> = new Set();

/** Accepts TCP connections and says nothing. */
class MutePeer {
  readonly open = new Set<Socket>();
  accepted = 0;
  closesAtOnce = false;
  private readonly server: Server;

  private constructor() {
    this.server = createServer((socket) => {
      this.accepted++;
      socket.on('error', () => undefined).resume();
      if (this.closesAtOnce) return void socket.destroy();
      this.open.add(socket);
      socket.once('close', () => this.open.delete(socket));
    });
  }

  static async start(): Promise<MutePeer> {
    const peer = new MutePeer();
    await new Promise<void>((resolve) => peer.server.listen(0, '127.0.0.1', resolve));
    return peer;
  }

  get address(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): Promise<void> {
    for (const socket of this.open) socket.destroy();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}

describe('dialler', () => {
  let resources: Resources;
  let client: WebTorrent;
  let clock: ManualClock;
  let torrents = 0;

  beforeEach(() => {
    resources = new Resources();
    clock = new ManualClock();
    client = new WebTorrent({
      maxConns: 100,
      dht: false,
      lsd: false,
      utPex: false,
      tracker: false,
      utp: false,
      natUpnp: false,
      natPmp: false,
      webSeeds: false,
      downloadLimit: -1,
      uploadLimit: -1,
      secure: 0,
      torrentPort: { port: 0, host: '127.0.0.1' },
    });
    resources.defer(() => new Promise<void>((resolve) => client.destroy(() => resolve())));
  });
  afterEach(() => resources.close());

  function diallerOf(options: Partial<DiallerOptions> = {}): Dialler {
    return new Dialler({
      filter: { allows: () => true },
      connectionLimit: 100,
      proxyUrl: null,
      hasUtp: true,
      clock,
      ...options,
    });
  }

  /** A torrent in the dialler's charge that knows these peers. */
  async function torrentOf(dialler: Dialler, peers: readonly MutePeer[], banned = nobody): Promise<Torrent> {
    const infoHash = (++torrents).toString(16).padStart(40, '0');
    const torrent = client.add(`magnet:?xt=urn:btih:${infoHash}`, {
      deselect: true,
      storeCacheSlots: 0,
      store: class {
        constructor(readonly chunkLength: number) {}
        get(): void {}
        put(): void {}
        close(): void {}
        destroy(): void {}
      },
    });
    dialler.takeOver(torrent, banned);
    await new Promise<void>((resolve) => torrent.once('infoHash', () => resolve()));
    for (const peer of peers) torrent.addPeer(peer.address, 'manual');
    return torrent;
  }

  const startPeers = (count: number): Promise<MutePeer[]> =>
    Promise.all(Array.from({ length: count }, async () => resources.use(await MutePeer.start())));
  const openOf = (peers: readonly MutePeer[]): number => peers.reduce((sum, peer) => sum + peer.open.size, 0);
  const acceptedOf = (peers: readonly MutePeer[]): number => peers.reduce((sum, peer) => sum + peer.accepted, 0);

  it('dialler - tries TCP first, so that a peer without uTP is reached at once', async () => {
    const [peer] = await startPeers(1);
    const torrent = await torrentOf(diallerOf(), [peer!]);
    await until('the peer is connected', () => torrent._numConns === 1, { everyMs: 5 });
    expect(peer!.accepted).toBe(1);
    expect([...torrent._peers.values()][0]?.type).toBe('tcpOutgoing');
  });

  it('dialler - never dials an address that the filter refuses', async () => {
    const [refused, allowed] = await startPeers(2);
    const filter = { allows: () => true };
    const dialler = diallerOf({ filter: { allows: (address) => filter.allows() && address === '127.0.0.1' } });
    const torrent = await torrentOf(dialler, []);
    filter.allows = () => false;
    expect(torrent.addPeer(refused!.address, 'tracker')).toBe(false);
    filter.allows = () => true;
    expect(torrent.addPeer('[::1]:6881', 'tracker')).toBe(false);
    expect(torrent.addPeer(allowed!.address, 'tracker')).toBe(true);
    await until('the allowed one is connected', () => torrent._numConns === 1, { everyMs: 5 });
    expect(refused!.accepted).toBe(0);
  });

  it('dialler - never dials a banned peer, nor one that was banned meanwhile', async () => {
    const [banned, later] = await startPeers(2);
    const list = new Set([banned!.address]);
    const torrent = await torrentOf(diallerOf(), [banned!, later!], list);
    await until('one is connected', () => torrent._numConns === 1, { everyMs: 5 });
    list.add(later!.address);
    for (const socket of later!.open) socket.destroy();
    await until('it is gone', () => torrent._numConns === 0, { everyMs: 5 });
    await clock.advance(60_000);
    expect(torrent.addPeer(later!.address, 'tracker')).toBe(false);
    expect([banned!.accepted, later!.accepted]).toEqual([0, 1]);
  });

  it('dialler - holds the connection limit over all torrents, with an equal share for each', async () => {
    const dialler = diallerOf({ connectionLimit: 6 });
    const [first, second] = [await startPeers(8), await startPeers(8)];
    const one = await torrentOf(dialler, first);
    await until('the first has them all', () => one._numConns === 6, { everyMs: 5 });
    const other = await torrentOf(dialler, second);
    await until('they share', () => one._numConns === 3 && other._numConns === 3, { everyMs: 5 });
    await until('both ends agree', () => openOf(first) === 3 && openOf(second) === 3, { everyMs: 5 });
    await clock.advance(60_000);
    expect(one._numConns + other._numConns).toBeLessThanOrEqual(6);
  });

  it('dialler - gives the connections of a torrent that leaves to those that stay', async () => {
    const dialler = diallerOf({ connectionLimit: 4 });
    const [first, second] = [await startPeers(4), await startPeers(4)];
    const leaving = await torrentOf(dialler, first);
    const staying = await torrentOf(dialler, second);
    await until('they share', () => leaving._numConns === 2 && staying._numConns === 2, { everyMs: 5 });
    leaving.destroy();
    await until('it has them all', () => staying._numConns === 4, { everyMs: 5 });
  });

  it('dialler - uses a connection that ended for a peer of another torrent that waits', async () => {
    const dialler = diallerOf({ connectionLimit: 2 });
    const [first, second] = [await startPeers(1), await startPeers(3)];
    const one = await torrentOf(dialler, first);
    const other = await torrentOf(dialler, second);
    await until('both have one', () => one._numConns === 1 && other._numConns === 1, { everyMs: 5 });
    for (const socket of first[0]!.open) socket.destroy();
    await until('the other has both', () => other._numConns === 2, { everyMs: 5 });
  });

  it('dialler - tries a peer that ends every connection a few times, ever later, and then no more', async () => {
    const [peer] = await startPeers(1);
    peer!.closesAtOnce = true;
    const torrent = await torrentOf(diallerOf({ hasUtp: false }), [peer!]);
    for (const [attempts, waitMs] of [
      [1, 1000],
      [2, 5000],
      [3, 15_000],
      [4, 600_000],
    ] as const) {
      await until(`attempt ${attempts} has ended`, () => peer!.accepted === attempts && torrent._peers.size === 0, {
        everyMs: 5,
      });
      await until('the next one is planned', () => clock.pending === (attempts < 4 ? 1 : 0), { everyMs: 5 });
      await clock.advance(waitMs);
    }
    expect(peer!.accepted).toBe(4);
  });

  it('dialler - comes back soon, again and again, to a peer that brought something each time', async () => {
    const [peer] = await startPeers(1);
    const torrent = await torrentOf(diallerOf({ hasUtp: false }), [peer!]);
    for (let attempt = 1; attempt <= 6; attempt++) {
      await until(`attempt ${attempt} is here`, () => peer!.open.size === 1, { everyMs: 5 });
      for (const socket of peer!.open) socket.end(Buffer.alloc(256 * 1024));
      await until('it has ended', () => torrent._peers.size === 0 && clock.pending === 1, { everyMs: 5 });
      await clock.advance(1000);
    }
  });

  it('dialler - counts no failed attempt against the limit', async () => {
    const dead = await startPeers(40);
    const addresses = dead.map((peer) => peer.address);
    await Promise.all(dead.map((peer) => peer.close()));
    const [alive] = await startPeers(1);
    const torrent = await torrentOf(diallerOf({ connectionLimit: 3 }), []);
    for (const address of [...addresses, alive!.address]) torrent.addPeer(address, 'tracker');
    await until('the living one is connected', () => alive!.open.size === 1);
    expect(acceptedOf([alive!])).toBe(1);
  });

  it('dialler - goes through a SOCKS5 proxy when one is set', async () => {
    const [peer] = await startPeers(1);
    const { port } = new URL(`tcp://${peer!.address}`);
    const proxy = resources.use(await startSocksProxy({ routes: { '192.0.1.7:6881': Number(port) } }));
    const torrent = await torrentOf(diallerOf({ proxyUrl: proxy.url, hasUtp: false }), []);
    torrent.addPeer('192.0.1.7:6881', 'manual');
    await until('the peer is connected', () => torrent._numConns === 1, { everyMs: 5 });
    expect([proxy.targets, peer!.accepted]).toEqual([['192.0.1.7:6881'], 1]);
  });

  it('dialler - lets go of peers that a new blocklist names, and never calls them again', async () => {
    const peers = await startPeers(2);
    let isListed = false;
    const filter = { allows: () => !isListed };
    const dialler = diallerOf({ filter, connectionLimit: 1, hasUtp: false });
    const torrent = await torrentOf(dialler, peers);
    await until('one is connected, one waits', () => torrent._numConns === 1 && torrent._peers.size === 2, {
      everyMs: 5,
    });
    isListed = true;
    dialler.dropRefused();
    await until('both are gone', () => torrent._peers.size === 0 && openOf(peers) === 0, { everyMs: 5 });
    await clock.advance(600_000);
    expect([acceptedOf(peers), torrent._peers.size]).toEqual([1, 0]);
  });
});
