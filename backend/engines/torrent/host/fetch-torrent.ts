// Gets a torrent file from where a source says it lies. The caller's HTTP client decides what may be reached.

import type { TorrentSource, TorrentUrlSource } from '../../../content/index.js';
import { InputError } from '../../../content/index.js';
import type { HttpClient, HttpResponse } from '../../../platform/index.js';
import { parseMagnet } from '../magnet.js';
import { MAX_TORRENT_FILE_BYTES, parseTorrentFile } from '../metainfo.js';

const TIMEOUT_MS = 30_000;

/** Also takes a redirect to a magnet link, as Jackett and Prowlarr answer. @throws {InputError} when there is no torrent at the address */
export async function fetchTorrent(
  source: TorrentUrlSource,
  { http, signal }: { readonly http: Pick<HttpClient, 'get'>; readonly signal: AbortSignal },
): Promise<TorrentSource> {
  const limits = { signal, maxBytes: MAX_TORRENT_FILE_BYTES, timeoutMs: TIMEOUT_MS };
  const parsed = readTorrent(await http.get(source.url, { ...limits, takesForeignRedirect: true }));
  return { ...parsed, trackers: [...parsed.trackers, ...source.trackers], peers: [...parsed.peers, ...source.peers] };
}

function readTorrent({ status, headers, body }: HttpResponse): TorrentSource {
  if (status === 200) return parseTorrentFile(body);
  const location = headers['location'];
  if (Math.floor(status / 100) === 3 && location !== undefined) return parseMagnet(location);
  throw new InputError(`The torrent file could not be fetched (HTTP ${status}).`, { code: 'FETCH_FAILED' });
}
