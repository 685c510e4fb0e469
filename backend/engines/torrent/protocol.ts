// What the server's thread and the torrent worker say to each other. Payload bytes never travel here: pieces go through
// extents on disk, and which of them are verified through shared bits.

import type { InfoHash } from '../../content/index.js';
import type { PackedRanges } from './address-ranges.js';

/** Who wants bytes: a player reading, a preparation, or a download in the background. */
export type DemandKind = 'play' | 'prepare' | 'background';

/** A run of bytes of the torrent that is wanted now, nearest first. `start` is what its reader waits for. */
export interface Demand {
  readonly id: number;
  readonly kind: DemandKind;
  readonly start: number;
  readonly end: number;
}

/** Settings of the worker; all rates in bytes per second with 0 = unlimited. */
export interface WorkerSettings {
  readonly connectionLimit: number;
  readonly downloadLimit: number;
  readonly uploadLimit: number;
  readonly isDiscoveryDisabled: boolean;
  readonly port: number;
  readonly host: string;
  readonly portMapping: boolean;
  readonly allowPrivate: boolean | readonly string[];
  readonly proxyUrl: string | null;
}

/** How a swarm is reached. */
export interface SwarmAddress {
  readonly trackers: readonly string[];
  readonly webSeeds: readonly string[];
  readonly peers: readonly string[];
}

export type ToWorker =
  /** Look for the metadata of a bare infohash. */
  | { readonly type: 'find'; readonly infoHash: InfoHash; readonly name: string | null; readonly swarm: SwarmAddress }
  /**
   * Start serving demands of a torrent whose `info` is known. What `bits` says is here is trusted; `claimed` pieces (wire
   * order) are hashed before their first use.
   */
  | {
      readonly type: 'open';
      readonly infoHash: InfoHash;
      readonly info: Uint8Array;
      readonly swarm: SwarmAddress;
      readonly folder: string;
      readonly extentBytes: number;
      readonly bits: SharedArrayBuffer;
      readonly claimed: Uint8Array;
    }
  | { readonly type: 'demand'; readonly infoHash: InfoHash; readonly demands: readonly Demand[] }
  | { readonly type: 'pause'; readonly infoHash: InfoHash; readonly isPaused: boolean }
  /** More ways into the swarm of a torrent the worker knows. */
  | { readonly type: 'learn'; readonly infoHash: InfoHash; readonly swarm: SwarmAddress }
  /** Leave the swarm and close the files; they stay on disk unless `deletesFiles`. */
  | { readonly type: 'close'; readonly infoHash: InfoHash; readonly deletesFiles: boolean; readonly call: number }
  /** Forget an extent: its bits are cleared already and nobody reads it any more. */
  | { readonly type: 'dropExtent'; readonly infoHash: InfoHash; readonly extent: number; readonly call: number }
  | { readonly type: 'space'; readonly bytes: number }
  | { readonly type: 'blocklist'; readonly ranges: PackedRanges }
  | { readonly type: 'stop'; readonly call: number };

/** Numbers of one torrent, sent while something happens. */
export interface TorrentNumbers {
  readonly infoHash: InfoHash;
  /** False while no swarm is joined: nothing is missing, or it is idle. */
  readonly isJoined: boolean;
  /** A tracker has answered since the swarm was joined, and there is nobody to talk to. */
  readonly isDeserted: boolean;
  /** A tracker has answered since the swarm was joined. */
  readonly hasAnswer: boolean;
  readonly peersConnected: number;
  /** Known and not connected: being dialled, or to be. */
  readonly peersQueued: number;
  readonly peersSeen: number;
  readonly receivedBytes: number;
  readonly uploadedBytes: number;
  readonly downloadBytesPerSecond: number;
  readonly uploadBytesPerSecond: number;
  /** Bytes of each demand that are here, verified or not yet: `[demand id, bytes]`. */
  readonly demandBytes: readonly (readonly [number, number])[];
}

export type FromWorker =
  | { readonly type: 'ready' }
  | { readonly type: 'metadata'; readonly infoHash: InfoHash; readonly info: Uint8Array }
  | { readonly type: 'opened'; readonly infoHash: InfoHash }
  | { readonly type: 'verified'; readonly infoHash: InfoHash; readonly pieces: readonly number[] }
  /** Claimed, but not what they were claimed to be: missing, and their room is free. */
  | { readonly type: 'unclaimed'; readonly infoHash: InfoHash; readonly pieces: readonly number[] }
  /** Wanted, but neither here nor to be had while paused. */
  | { readonly type: 'unavailable'; readonly infoHash: InfoHash; readonly pieces: readonly number[] }
  | { readonly type: 'numbers'; readonly torrents: readonly TorrentNumbers[]; readonly refusedPeers: number }
  | { readonly type: 'failed'; readonly infoHash: InfoHash; readonly code: string; readonly message: string }
  /** Asks for room in the cache; answered by one `space` when it is there. */
  | { readonly type: 'needSpace'; readonly bytes: number }
  /** Bytes that are no longer taken. */
  | { readonly type: 'freed'; readonly bytes: number }
  | { readonly type: 'done'; readonly call: number; readonly error: string | null }
  | {
      readonly type: 'log';
      readonly level: 'debug' | 'info' | 'warn';
      readonly message: string;
      readonly infoHash: string | null;
    };
