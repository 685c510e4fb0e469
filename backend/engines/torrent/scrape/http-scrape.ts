// Scrapes over HTTP (BEP 48): the address to ask, and what the answer says. Pure; who asks is not known here.

import { ProtocolError, type InfoHash } from '../../../content/index.js';
import { readDictionary, readInteger, type Bencoded } from '../bencode-reader.js';
import type { SwarmCount } from './swarm-count.js';

const ANNOUNCE = 'announce';
/** As the reader of dictionaries writes their keys. */
const LATIN1 = new TextDecoder('latin1');

/**
 * The address at which the tracker of this announce URL tells of these torrents; null where it has none: the last part of its
 * path does not begin with `announce`.
 */
export function formatScrapeUrl(tracker: string, infoHashes: readonly InfoHash[]): string | null {
  const url = new URL(tracker);
  const { pathname } = url;
  const at = pathname.lastIndexOf('/') + 1;
  if (!pathname.startsWith(ANNOUNCE, at)) return null;
  url.pathname = `${pathname.slice(0, at)}scrape${pathname.slice(at + ANNOUNCE.length)}`;
  const asked = infoHashes.map((infoHash) => `info_hash=${infoHash.replace(/../g, '%$&')}`);
  url.search = [url.search.slice(1), ...asked].filter((part) => part !== '').join('&');
  return url.href;
}

/**
 * What the answer says of these torrents; one that it does not know has nobody, as the tracker sees it.
 * @throws {ProtocolError} when it is none: a refusal, a page, noise
 */
export function parseScrapeAnswer(
  bytes: Uint8Array,
  infoHashes: readonly InfoHash[],
): ReadonlyMap<InfoHash, SwarmCount> {
  const files = valuesOf(bytes).get('files');
  if (files === undefined) throw new ProtocolError('The tracker tells nothing of the torrents that it was asked for.');
  const values = valuesOf(files);
  const valueOf = (infoHash: InfoHash): Bencoded | undefined =>
    keysOf(infoHash).flatMap((key) => values.get(key) ?? [])[0];
  return new Map(infoHashes.map((infoHash) => [infoHash, countOf(valueOf(infoHash))]));
}

function countOf(value: Bencoded | undefined): SwarmCount {
  if (value === undefined) return { seeders: 0, leechers: 0 };
  const values = valuesOf(value);
  return { seeders: keepCount(values.get('complete')), leechers: keepCount(values.get('incomplete')) };
}

function keepCount(value: Bencoded | undefined): number {
  return Math.max(0, (value === undefined ? null : readInteger(value)) ?? 0);
}

function valuesOf(bytes: Uint8Array): ReadonlyMap<string, Bencoded> {
  try {
    return readDictionary(bytes).values;
  } catch (cause) {
    throw new ProtocolError('The answer of the tracker cannot be read.', { cause });
  }
}

/** As a tracker names the torrent: by its 20 bytes, or (bittorrent-tracker 11) by those as if each were a character in UTF-8. */
function keysOf(infoHash: InfoHash): readonly string[] {
  const bytes = Uint8Array.from(infoHash.match(/../g) ?? [], (byte) => parseInt(byte, 16));
  const characters = String.fromCharCode(...bytes);
  return [LATIN1.decode(bytes), LATIN1.decode(new TextEncoder().encode(characters))];
}
