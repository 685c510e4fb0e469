// Gets a torrent file from where a source says it lies. The caller's HTTP client decides what may be reached.

import type { TorrentSource, TorrentUrlSource } from '../../../content/index.js';
import { InputError } from '../../../content/index.js';
import type { HttpClient } from '../../../platform/index.js';
import { MAX_TORRENT_FILE_BYTES, parseTorrentFile } from '../metainfo.js';

const TIMEOUT_MS = 30_000;

/** @throws {InputError} when there is no torrent at the address */
export async function fetchTorrent(
  source: TorrentUrlSource,
  { http, signal }: { readonly http: Pick<HttpClient, 'get'>; readonly signal: AbortSignal },
): Promise<TorrentSource> {
  const answer = await http.get(source.url, { signal, maxBytes: MAX_TORRENT_FILE_BYTES, timeoutMs: TIMEOUT_MS });
  if (answer.status !== 200) {
    throw new InputError(`The torrent file could not be fetched (HTTP ${answer.status}).`, { code: 'FETCH_FAILED' });
  }
  const parsed = parseTorrentFile(answer.body);
  return { ...parsed, trackers: [...parsed.trackers, ...source.trackers], peers: [...parsed.peers, ...source.peers] };
}
