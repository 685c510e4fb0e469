// Magnet links (BEP 9, BEP 53). Only what helps to reach the swarm is taken: links to fetch things from (`xs`, `as`) and
// selections (`so`) are ignored.

import type { InfoHash, TorrentSource } from '../../content/index.js';
import { InputError } from '../../content/index.js';
import { normalizeInfoHash } from './info-hash.js';
import { cleanName } from './release-path.js';
import { keepPeers, keepTrackers, keepWebSeeds } from './swarm-address.js';

const MAX_MAGNET_CHARACTERS = 64 * 1024;

/**
 * Reads a magnet link of at most 64 KiB. Trackers, web seeds and peers it cannot use are left out.
 * @throws {InputError} for anything else; code `TORRENT_V2_ONLY` when it names only a BitTorrent v2 hash (BEP 52).
 */
export function parseMagnet(text: string): TorrentSource {
  if (text.length > MAX_MAGNET_CHARACTERS) throw new InputError('The magnet link is longer than 64 KiB.');
  const trimmed = text.trim();
  if (!/^magnet:\?/i.test(trimmed)) throw new InputError('This is not a magnet link.');
  const parameters = readParameters(trimmed.slice('magnet:?'.length));
  const name = cleanName(parameters('dn')[0] ?? '');
  return {
    kind: 'torrent',
    infoHash: readInfoHash(parameters('xt')),
    ...(name === '' ? {} : { name }),
    trackers: keepTrackers(parameters('tr')),
    webSeeds: keepWebSeeds(parameters('ws')),
    peers: keepPeers(parameters('x.pe')),
  };
}

/** Writes the magnet link that `parseMagnet` reads back to the same source (without `info`, which a magnet cannot carry). */
export function formatMagnet(source: TorrentSource): string {
  const name = cleanName(source.name ?? '');
  const parts = [
    `xt=urn:btih:${source.infoHash}`,
    ...(name === '' ? [] : [`dn=${encodeURIComponent(name)}`]),
    ...source.trackers.map((url) => `tr=${encodeURIComponent(url)}`),
    ...source.webSeeds.map((url) => `ws=${encodeURIComponent(url)}`),
    ...source.peers.map((peer) => `x.pe=${encodeURIComponent(peer)}`),
  ];
  return `magnet:?${parts.join('&')}`;
}

/** Values by key; `tr.1=` counts as `tr=`, and links copied out of a page may still have `&amp;`. */
function readParameters(query: string): (key: string) => string[] {
  const entries = [...new URLSearchParams(query.replaceAll('&amp;', '&'))].map(
    ([key, value]) => [key.toLowerCase().replace(/\.\d{1,3}$/, ''), value] as const,
  );
  return (wanted) => entries.flatMap(([key, value]) => (key === wanted ? [value] : []));
}

function readInfoHash(topics: readonly string[]): InfoHash {
  const hashes = topics.flatMap((topic) => /^urn:btih:(.*)$/i.exec(topic.trim())?.[1] ?? []).map(normalizeInfoHash);
  const [infoHash, ...others] = new Set(hashes);
  if (infoHash !== undefined && others.length === 0) return infoHash;
  if (infoHash !== undefined) throw new InputError('The magnet link names several torrents.');
  if (topics.some((topic) => /^urn:btmh:/i.test(topic.trim()))) {
    throw new InputError('This torrent is BitTorrent v2 only, which is not supported.', { code: 'TORRENT_V2_ONLY' });
  }
  throw new InputError('The magnet link has no infohash.');
}
