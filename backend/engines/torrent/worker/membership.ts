// A torrent's place in its swarm: goes in and out, one step after another, and counts what went over its wires in all its
// stays together.

import type { Torrent, Wire } from 'webtorrent';
import type { SwarmAddress, TorrentNumbers } from '../protocol.js';
import type { JoinOptions } from './swarm-client.js';

/** What a membership needs of the swarm client. */
export interface SwarmEntrance {
  join(options: JoinOptions): Promise<Torrent>;
}

export interface MembershipOptions {
  readonly client: SwarmEntrance;
  readonly swarm: SwarmAddress;
  /** Resolves when an earlier stay of the same torrent has ended. */
  readonly after: Promise<void>;
  /** Everything about the torrent but where its peers are. */
  readonly describe: () => Omit<JoinOptions, 'swarm' | 'banned'>;
  /** Peers connected now. */
  readonly connected: () => number;
  /** The swarm was left, by wish or by failure: its wires are gone. */
  readonly left: () => void;
  readonly failed: (error: Error) => void;
}

/** Peers known to send bad data; further ones are only cut off when full. */
const MAX_BANNED = 1000;

export class Membership {
  private swarm: SwarmAddress;
  private current: Torrent | null = null;
  private isWished = false;
  private hasAnswer = false;
  private steps: Promise<void>;
  private receivedBefore = 0;
  private uploadedBefore = 0;
  private readonly banned = new Set<string>();

  constructor(private readonly options: MembershipOptions) {
    this.swarm = options.swarm;
    this.steps = options.after;
  }

  /** Null while outside. */
  get torrent(): Torrent | null {
    return this.current;
  }

  /** Goes in, unless it is in or on its way. */
  join(): void {
    if (this.isWished) return;
    this.isWished = true;
    this.steps = this.steps.then(() => this.enter());
  }

  /** Goes out; a `join` before it got there wins. Resolves when it is out, or stays. */
  leave(): Promise<void> {
    if (this.isWished) {
      this.isWished = false;
      this.steps = this.steps.then(() => this.exit());
    }
    return this.steps;
  }

  /** Knows more ways in from now on. A swarm in which nobody was met is entered again when there are new ways to ask. */
  learn(swarm: SwarmAddress): void {
    const known = this.swarm;
    this.swarm = {
      trackers: union(known.trackers, swarm.trackers),
      webSeeds: union(known.webSeeds, swarm.webSeeds),
      peers: union(known.peers, swarm.peers),
    };
    const hasNewWays =
      this.swarm.trackers.length > known.trackers.length || this.swarm.webSeeds.length > known.webSeeds.length;
    if (this.isWished && hasNewWays && this.options.connected() === 0) {
      this.steps = this.steps.then(() => this.exit({ isReturning: true })).then(() => this.enter());
    } else {
      for (const peer of swarm.peers) this.current?.addPeer(peer, 'manual');
    }
  }

  /** The torrent turned out to be private (BEP 27): only its own ways in may be used, and a swarm entered otherwise is left. */
  confine(swarm: SwarmAddress): void {
    this.swarm = swarm;
    if (!this.isWished) return;
    this.steps = this.steps.then(() => this.exit({ isReturning: true })).then(() => this.enter());
  }

  /** The torrent ended by itself. */
  torrentFailed(error: Error): void {
    this.isWished = false;
    this.forget();
    this.options.failed(error);
  }

  /** The peer sent bad data: it is not dialled again. */
  ban(wire: Wire): void {
    for (const peer of this.current?._peers.values() ?? []) {
      if (peer.wire === wire && this.banned.size < MAX_BANNED) this.banned.add(peer.id);
    }
    wire.destroy();
  }

  numbers(): Omit<TorrentNumbers, 'infoHash' | 'peersConnected' | 'peersSeen' | 'demandBytes'> {
    const torrent = this.current;
    return {
      isJoined: torrent !== null,
      isDeserted: torrent !== null && this.hasAnswer && torrent._peers.size === 0,
      hasAnswer: torrent !== null && this.hasAnswer,
      peersQueued: Math.max(0, (torrent?._peers.size ?? 0) - this.options.connected()),
      receivedBytes: this.receivedBefore + (torrent?.received ?? 0),
      uploadedBytes: this.uploadedBefore + (torrent?.uploaded ?? 0),
      downloadBytesPerSecond: torrent?.downloadSpeed ?? 0,
      uploadBytesPerSecond: torrent?.uploadSpeed ?? 0,
    };
  }

  private async enter(): Promise<void> {
    if (!this.isWished || this.current !== null) return;
    const { client, describe, failed } = this.options;
    try {
      this.current = await client.join({ ...describe(), swarm: this.swarm, banned: this.banned });
      this.current.once('trackerAnnounce', () => (this.hasAnswer = true));
    } catch (error) {
      this.isWished = false;
      failed(error as Error);
    }
  }

  private async exit({ isReturning = false } = {}): Promise<void> {
    const torrent = this.current;
    if (torrent === null || (this.isWished && !isReturning)) return;
    this.forget();
    if (!torrent.destroyed) await new Promise<void>((resolve) => torrent.destroy({ destroyStore: false }, resolve));
  }

  private forget(): void {
    this.receivedBefore += this.current?.received ?? 0;
    this.uploadedBefore += this.current?.uploaded ?? 0;
    this.current = null;
    this.hasAnswer = false;
    this.options.left();
  }
}

function union(first: readonly string[], second: readonly string[]): string[] {
  return [...new Set([...first, ...second])];
}
