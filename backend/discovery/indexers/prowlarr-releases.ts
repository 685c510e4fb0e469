// Prowlarr's list of releases, as its own search answers it. Pure.

import { z } from 'zod';
import { MAX_INDEXER_CHARACTERS, MAX_NAME_CHARACTERS, torrentOf, torrentUrlOf } from './feed-results.js';
import { keepCount, keepDate, keepInfoHash, keepSize, keepUrl, oneLine } from './foreign-fields.js';
import { IndexerError } from './indexer-error.js';
import type { IndexerResult } from './indexer.js';

const MAX_RELEASES = 1_000;

const text = z.string().nullish().catch(null);
const number = z.number().nullish().catch(null);
const release = z.object({
  title: z.string(),
  guid: text,
  size: number,
  seeders: number,
  leechers: number,
  infoHash: text,
  magnetUrl: text,
  downloadUrl: text,
  protocol: z.enum(['torrent', 'usenet']),
  indexer: text,
  publishDate: text,
});

/**
 * The releases among the first 1000 entries that can be had; `indexer` names those that name none.
 * @throws {IndexerError} `INDEXER_INVALID` for anything but a list
 */
export function parseProwlarrReleases(json: string, indexer: string): readonly IndexerResult[] {
  const list = parseJson(json);
  if (!Array.isArray(list)) throw new IndexerError('The answer is no list of results.', 'INDEXER_INVALID');
  return list.slice(0, MAX_RELEASES).flatMap((entry: unknown) => {
    const parsed = release.safeParse(entry);
    return parsed.success ? (resultOf(parsed.data, indexer) ?? []) : [];
  });
}

/** @throws {IndexerError} `INDEXER_INVALID` */
export function parseJson(json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch {
    const isPage = json.trimStart().startsWith('<');
    const what = isPage ? 'a web page: the address is not that of the API' : 'no JSON';
    throw new IndexerError(`The answer is ${what}.`, 'INDEXER_INVALID');
  }
}

function resultOf(entry: z.infer<typeof release>, indexer: string): IndexerResult | null {
  const name = oneLine(entry.title, MAX_NAME_CHARACTERS);
  const told = keepInfoHash(entry.infoHash);
  const isNzb = entry.protocol === 'usenet';
  const source = name === '' ? null : isNzb ? nzbOf(entry) : swarmSourceOf(entry);
  if (source === null) return null;
  return {
    name,
    source,
    infoHash: source.kind === 'torrent' ? source.infoHash : isNzb ? null : told,
    sizeBytes: keepSize(entry.size),
    seeders: isNzb ? null : keepCount(entry.seeders),
    leechers: isNzb ? null : keepCount(entry.leechers),
    publishedAt: keepDate(entry.publishDate),
    indexer: oneLine(entry.indexer ?? '', MAX_INDEXER_CHARACTERS) || indexer,
  };
}

function nzbOf({ downloadUrl }: z.infer<typeof release>): IndexerResult['source'] | null {
  const url = keepUrl(downloadUrl ?? undefined);
  return url === null ? null : { kind: 'nzb-url', url };
}

/** Its `magnetUrl` is an address of its own that redirects to the magnet link; the real one may be the `guid`. */
function swarmSourceOf({ magnetUrl, downloadUrl, guid, infoHash }: z.infer<typeof release>) {
  const magnet = torrentOf([magnetUrl ?? undefined, downloadUrl ?? undefined, guid ?? undefined], null);
  const url = keepUrl(downloadUrl ?? undefined) ?? keepUrl(magnetUrl ?? undefined);
  return magnet ?? (url === null ? torrentOf([], keepInfoHash(infoHash)) : torrentUrlOf(url));
}
