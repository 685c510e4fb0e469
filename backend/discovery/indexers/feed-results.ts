// From an item of a feed to a result of the house: which source it is, and what is told of it. Pure.

import type { InfoHash, NzbUrlSource, TorrentSource, TorrentUrlSource } from '../../content/index.js';
import { parseMagnet } from '../../engines/torrent/index.js';
import type { FeedItem } from './feed.js';
import { keepCount, keepDate, keepInfoHash, keepSize, keepUrl, oneLine } from './foreign-fields.js';
import type { IndexerResult } from './indexer.js';

type ResultSource = IndexerResult['source'];

/** What an address is taken for where the item itself does not tell. */
export interface FeedDialect {
  /** The name it was set up under. */
  readonly indexer: string;
  readonly usual: 'torrent' | 'nzb';
}

export const MAX_NAME_CHARACTERS = 300;
export const MAX_INDEXER_CHARACTERS = 60;

/** Null for an item that names no release, or nothing to have it from. */
export function resultOfItem(item: FeedItem, dialect: FeedDialect): IndexerResult | null {
  const name = oneLine(item.title, MAX_NAME_CHARACTERS);
  const told = keepInfoHash(item.attributes.get('infohash'));
  const source = name === '' ? null : sourceOf(item, told, dialect);
  if (source === null) return null;
  const isNzb = source.kind === 'nzb-url';
  const sizes = [item.attributes.get('size'), item.size, item.enclosure.length].map(keepSize);
  return {
    name,
    source,
    infoHash: source.kind === 'torrent' ? source.infoHash : isNzb ? null : told,
    sizeBytes: sizes.find((size) => size !== null) ?? null,
    ...(isNzb ? { seeders: null, leechers: null } : swarmOf(item)),
    publishedAt: keepDate(item.attributes.get('usenetdate')) ?? keepDate(item.publishedOn),
    indexer: siteOf(item) || dialect.indexer,
  };
}

/** A torrent by its magnet link, or by its hash where no address is told; null when it is neither. */
export function torrentOf(magnets: readonly (string | undefined)[], told: InfoHash | null): TorrentSource | null {
  for (const text of magnets) {
    if (text === undefined || !/^\s*magnet:/i.test(text)) continue;
    try {
      return parseMagnet(text);
    } catch {
      continue; // a magnet link that cannot be used; another one, or the hash, may
    }
  }
  return told === null ? null : { kind: 'torrent', infoHash: told, trackers: [], webSeeds: [], peers: [] };
}

/** An address that hands out a `.torrent` (or leads to a magnet link). */
export function torrentUrlOf(url: string): TorrentUrlSource {
  return { kind: 'torrent-url', url, trackers: [], peers: [] };
}

/**
 * A magnet link before an address: it needs no second question, and joins with what others offer. An address before a bare hash:
 * what lies there knows its trackers.
 */
function sourceOf(item: FeedItem, told: InfoHash | null, { usual }: FeedDialect): ResultSource | null {
  const { enclosure, link, guid, attributes } = item;
  const isTorrent = usual === 'torrent' || attributes.has('seeders') || told !== null;
  const kind = /nzb/i.test(enclosure.type) ? 'nzb' : /torrent/i.test(enclosure.type) || isTorrent ? 'torrent' : 'nzb';
  const url = keepUrl(enclosure.url) ?? keepUrl(link);
  const places = [attributes.get('magneturl'), enclosure.url, link, guid];
  const magnet = torrentOf(places, null);
  if (magnet !== null) return magnet;
  if (kind === 'nzb') return url === null ? null : nzbAt(url);
  return url === null ? torrentOf([], told) : torrentUrlOf(url);
}

function nzbAt(url: string): NzbUrlSource {
  return { kind: 'nzb-url', url };
}

/** `peers` counts both sides, where `leechers` is not told. */
function swarmOf({ attributes }: FeedItem): Pick<IndexerResult, 'seeders' | 'leechers'> {
  const seeders = keepCount(attributes.get('seeders'));
  const peers = keepCount(attributes.get('peers'));
  const rest = peers !== null && seeders !== null ? Math.max(0, peers - seeders) : null;
  return { seeders, leechers: keepCount(attributes.get('leechers')) ?? rest };
}

function siteOf({ site, attributes }: FeedItem): string {
  const told = site || attributes.get('hydraindexername') || attributes.get('indexer') || '';
  return oneLine(told, MAX_INDEXER_CHARACTERS);
}
