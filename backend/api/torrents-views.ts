// Torrents as this dialect shows them: field names and units are those that clients of rqbit read. Pure.

import type { ReleaseFile } from '../content/index.js';
import { InputError } from '../content/index.js';
import { parseInfo } from '../engines/torrent/index.js';
import type { TorrentEntry, TorrentProgress } from './torrents-deps.js';

const MIB = 1024 * 1024;

/** One line of the list of torrents. Content lies in the cache, not in a folder: `output_folder` is only its name. */
export function formatListItem(entry: TorrentEntry) {
  return { id: entry.torrentId, info_hash: entry.contentId, name: entry.name, output_folder: entry.name };
}

/** Details of one torrent. Padding and members of archives are left out; `index` is what stream URLs and `only_files` count by. */
export function formatDetails(entry: TorrentEntry, o: { readonly totalPieces: number }) {
  const included = new Set(entry.included);
  return {
    ...formatListItem(entry),
    total_pieces: o.totalPieces,
    files: entry.files
      .filter((file) => !file.isPadding && file.isMember !== true)
      .map((file) => ({
        index: file.index,
        name: file.path,
        components: file.path.split('/'),
        length: file.sizeBytes,
        included: included.has(file.index),
      })),
  };
}

/**
 * Progress and speed (`stats/v1`). When files are included, the totals are theirs; otherwise the whole torrent's.
 * `file_progress` counts by file index, padding included. A torrent that the engine does not hold is idle.
 */
export function formatStats(entry: TorrentEntry, progress: TorrentProgress | null, totalPieces: number) {
  const now = progress === null || progress.totalBytes === 0 ? idleProgress(entry, progress) : progress;
  const wanted = wantedBytes(entry.files, now);
  const isPaused = entry.isPaused && now.state !== 'error';
  const state = isPaused ? 'paused' : now.state;
  return {
    state,
    error: now.error,
    file_progress: entry.files
      .filter((file) => file.isMember !== true)
      .map((file) => now.fileHaveBytes[file.index] ?? 0),
    progress_bytes: wanted.have,
    uploaded_bytes: now.uploadedBytes,
    total_bytes: wanted.total,
    finished: wanted.have >= wanted.total,
    live: state === 'live' ? formatLive(now, { remainingBytes: wanted.total - wanted.have, totalPieces }) : null,
  };
}

/** How many pieces a torrent has; 0 while its `info` is not known. Costs a pass over the whole `info`. */
export function countPieces(entry: TorrentEntry): number {
  if (entry.source.kind !== 'torrent' || entry.source.info === undefined) return 0;
  try {
    return parseInfo(entry.source.info, entry.source.infoHash).pieceCount;
  } catch (error) {
    if (error instanceof InputError) return 0;
    throw error;
  }
}

function formatLive(now: TorrentProgress, o: { readonly remainingBytes: number; readonly totalPieces: number }) {
  return {
    snapshot: {
      downloaded_and_checked_bytes: now.haveBytes,
      fetched_bytes: now.receivedBytes,
      uploaded_bytes: now.uploadedBytes,
      downloaded_and_checked_pieces: Math.floor((o.totalPieces * now.haveBytes) / Math.max(1, now.totalBytes)),
      total_piece_download_ms: 0,
      peer_stats: formatPeers(now.peers),
    },
    average_piece_download_time: null,
    download_speed: formatSpeed(now.downloadBytesPerSecond),
    upload_speed: formatSpeed(now.uploadBytesPerSecond),
    time_remaining: formatRemaining(o.remainingBytes, now.downloadBytesPerSecond),
  };
}

function formatPeers(peers: TorrentProgress['peers']) {
  return {
    queued: peers.queued,
    connecting: 0,
    live: peers.connected,
    seen: peers.seen,
    dead: 0,
    not_needed: 0,
    steals: 0,
  };
}

/** `mbps` is MiB per second, whatever its name says. */
function formatSpeed(bytesPerSecond: number) {
  const mebibytes = bytesPerSecond / MIB;
  return { mbps: mebibytes, human_readable: `${mebibytes.toFixed(2)} MiB/s` };
}

function formatRemaining(bytes: number, bytesPerSecond: number) {
  if (bytes <= 0 || bytesPerSecond <= 0) return null;
  const seconds = Math.ceil(bytes / bytesPerSecond);
  return { duration: { secs: seconds, nanos: 0 }, human_readable: formatSeconds(seconds) };
}

function formatSeconds(seconds: number): string {
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
  if (hours > 0) return `${hours}h ${minutes}m`;
  return minutes > 0 ? `${minutes}m ${seconds % 60}s` : `${seconds}s`;
}

function wantedBytes(files: readonly ReleaseFile[], now: TorrentProgress): { have: number; total: number } {
  if (now.included.length === 0) return { have: now.haveBytes, total: now.totalBytes };
  const included = new Set(now.included);
  const wanted = files.filter((file) => included.has(file.index));
  return {
    have: wanted.reduce((sum, file) => sum + (now.fileHaveBytes[file.index] ?? 0), 0),
    total: wanted.reduce((sum, file) => sum + file.sizeBytes, 0),
  };
}

/** While the engine holds nothing, or no metadata yet, the sizes are the library's. */
function idleProgress(entry: TorrentEntry, progress: TorrentProgress | null): TorrentProgress {
  const idle: TorrentProgress = {
    state: 'live',
    error: null,
    haveBytes: 0,
    totalBytes: 0,
    fileHaveBytes: [],
    receivedBytes: 0,
    uploadedBytes: 0,
    downloadBytesPerSecond: 0,
    uploadBytesPerSecond: 0,
    peers: { connected: 0, queued: 0, seen: 0 },
    included: entry.included,
  };
  return { ...(progress ?? idle), totalBytes: entry.files.reduce((sum, file) => sum + file.sizeBytes, 0) };
}
