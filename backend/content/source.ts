// Where content can come from. Everything in a `Source` was validated where it entered the house.

import type { ContentId, InfoHash } from './content-id.js';

/** A torrent known by its infohash, with whatever helps to reach its swarm. */
export interface TorrentSource {
  readonly kind: 'torrent';
  readonly infoHash: InfoHash;
  /** Display name of a magnet (`dn`), before metadata is known. */
  readonly name?: string;
  /** Announce URLs (http, https, udp). */
  readonly trackers: readonly string[];
  /** BEP 19 web seeds (http, https). */
  readonly webSeeds: readonly string[];
  /** Peers given by hand, `ip:port` (or `[ip6]:port`). */
  readonly peers: readonly string[];
  /** The bencoded `info` dictionary, when known; its SHA-1 is `infoHash`. */
  readonly info?: Uint8Array;
}

/** A `.torrent` still to be fetched. */
export interface TorrentUrlSource {
  readonly kind: 'torrent-url';
  readonly url: string;
  readonly trackers: readonly string[];
  readonly peers: readonly string[];
}

/** An NZB still to be fetched. */
export interface NzbUrlSource {
  readonly kind: 'nzb-url';
  readonly url: string;
}

/** An NZB that is kept here under its content id. */
export interface NzbSource {
  readonly kind: 'nzb';
  /** SHA-256 of its sorted message ids. */
  readonly contentId: ContentId;
  /** The release's name. */
  readonly name: string;
  /** To be tried on its archives, in this order: what the NZB, its file name and its submitter said. */
  readonly passwords: readonly string[];
}

/** One file on an HTTP server. */
export interface HttpSource {
  readonly kind: 'http';
  readonly url: string;
}

export type Source = TorrentSource | TorrentUrlSource | NzbSource | NzbUrlSource | HttpSource;
