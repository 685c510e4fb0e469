// The connections of one torrent, kept as the peers that its scheduler asks.

import type { Wire } from 'webtorrent';
import type { Scheduler } from './scheduler.js';
import { WirePeer } from './wire-peer.js';
import { readInPlace } from './wire-reader.js';

export interface WiresOptions {
  readonly now: () => number;
  /** True while we want anything of the peers (BEP 3 interested). */
  readonly isInterested: () => boolean;
  readonly ban: (wire: Wire) => void;
  /** A wire went; others may take over what it was asked for. */
  readonly closed: () => void;
}

/** Addresses counted as seen at most. */
const MAX_SEEN = 10_000;

export class Wires {
  private readonly peers = new Map<Wire, WirePeer>();
  private readonly addresses = new Set<string>();
  private scheduler: Pick<Scheduler, 'addPeer' | 'removePeer' | 'fill'> | null = null;

  constructor(private readonly options: WiresOptions) {}

  get connected(): number {
    return this.peers.size;
  }

  /** Different addresses met so far. */
  get seen(): number {
    return this.addresses.size;
  }

  /** From here on the scheduler asks them. */
  serve(scheduler: Pick<Scheduler, 'addPeer' | 'removePeer' | 'fill'>): void {
    this.scheduler = scheduler;
    for (const peer of this.peers.values()) scheduler.addPeer(peer);
  }

  open(wire: Wire): void {
    if (wire.remoteAddress !== undefined && this.addresses.size < MAX_SEEN) this.addresses.add(wire.remoteAddress);
    readInPlace(wire);
    const peer = new WirePeer(wire, this.options.now(), this.options.ban);
    this.peers.set(wire, peer);
    wire.on('extended', () => peer.readHandshake());
    this.scheduler?.addPeer(peer);
  }

  close(wire: Wire): void {
    const peer = this.peers.get(wire);
    if (peer === undefined) return;
    this.peers.delete(wire);
    this.scheduler?.removePeer(peer);
    this.options.closed();
  }

  closeAll(): void {
    for (const wire of [...this.peers.keys()]) this.close(wire);
  }

  /** Something about its choke, interest or pieces changed. */
  change(wire: Wire): void {
    const peer = this.peers.get(wire);
    if (peer === undefined) return;
    peer.setInterest(this.options.isInterested());
    this.scheduler?.fill(peer);
  }
}
