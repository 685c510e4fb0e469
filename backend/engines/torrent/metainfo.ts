// `.torrent` files (BEP 3, 12, 19): the `info` dictionary as it stands, and how to reach the swarm.

import bencode from 'bencode';
import type { TorrentSource } from '../../content/index.js';
import { InputError } from '../../content/index.js';
import type { Bencoded } from './bencode-reader.js';
import { readDictionary, readList, readString } from './bencode-reader.js';
import { infoHashOf, MAX_INFO_BYTES, parseInfo } from './info.js';
import { decodeText } from './release-path.js';
import { keepTrackers, keepWebSeeds } from './swarm-address.js';

/** A `.torrent` of a hybrid carries piece layers besides its `info`, of at most 16 MiB. */
export const MAX_TORRENT_FILE_BYTES = 2 * MAX_INFO_BYTES;

/** Tiers of trackers, trackers of a tier and web seeds that are looked at. */
const MAX_LISTED = 1_000;

/**
 * Reads the bytes of a `.torrent` file of at most 32 MiB. The infohash is the SHA-1 of the bytes of `info` as they stand
 * in the file; `info` is a copy of them and is known to pass `parseInfo`. Unusable trackers and web seeds are left out.
 * @throws {InputError} when it is none; code `TORRENT_V2_ONLY` when only BitTorrent v2 can read it.
 */
export function parseTorrentFile(bytes: Uint8Array): TorrentSource {
  if (bytes.length > MAX_TORRENT_FILE_BYTES) throw new InputError('The torrent file is larger than 32 MiB.');
  const { values } = readDictionary(bytes);
  const found = values.get('info');
  if (found === undefined) throw new InputError('This is not a valid torrent: it has no info.');
  const info = new Uint8Array(found);
  const infoHash = infoHashOf(info);
  const { name } = parseInfo(info, infoHash);
  const announceList = values.get('announce-list');
  const tiers = announceList === undefined ? null : readList(announceList, MAX_LISTED);
  const trackers = [values.get('announce'), ...(tiers ?? [])].flatMap(readTexts);
  const webSeeds = readTexts(values.get('url-list'));
  return {
    kind: 'torrent',
    infoHash,
    name,
    trackers: keepTrackers(trackers),
    webSeeds: keepWebSeeds(webSeeds),
    peers: [],
    info,
  };
}

/**
 * Writes the `.torrent` file that `parseTorrentFile` reads back to the same source (without `peers`, which it cannot
 * carry). Each tracker is a tier of its own (BEP 12).
 * @throws {InputError} when the source's `info` is not known.
 */
export function formatTorrentFile(source: TorrentSource): Uint8Array {
  if (source.info === undefined) throw new InputError('The metadata of this torrent is not known yet.');
  const [announce] = source.trackers;
  const entry = (key: string, value: unknown): Uint8Array[] => [bencode.encode(key), bencode.encode(value)];
  return Buffer.concat([
    Buffer.from('d'),
    ...(announce === undefined ? [] : entry('announce', announce)),
    ...(announce === undefined
      ? []
      : entry(
          'announce-list',
          source.trackers.map((url) => [url]),
        )),
    bencode.encode('info'),
    source.info,
    ...(source.webSeeds.length === 0 ? [] : entry('url-list', [...source.webSeeds])),
    Buffer.from('e'),
  ]);
}

/** A string, or the strings of a list; whatever else stands there is left out. */
function readTexts(value: Bencoded | undefined): string[] {
  if (value === undefined) return [];
  const values = readList(value, MAX_LISTED) ?? [value];
  return values.flatMap((item) => {
    const bytes = readString(item);
    return bytes === null ? [] : [decodeText(bytes)];
  });
}
