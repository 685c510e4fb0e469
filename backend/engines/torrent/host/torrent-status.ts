// What the swarm and the disk say of one torrent, for those who show it. Reads an entry, changes nothing.

import type { TorrentEntry } from './torrent-entry.js';

export interface TorrentStatus {
  readonly state: 'initializing' | 'live' | 'paused' | 'error';
  readonly error: string | null;
  /** Verified bytes on disk, of the torrent and of each file by index. */
  readonly haveBytes: number;
  readonly totalBytes: number;
  readonly fileHaveBytes: readonly number[];
  readonly receivedBytes: number;
  readonly uploadedBytes: number;
  readonly downloadBytesPerSecond: number;
  readonly uploadBytesPerSecond: number;
  readonly peers: { readonly connected: number; readonly queued: number; readonly seen: number };
  /** A tracker has answered, and nobody is there. */
  readonly isDeserted: boolean;
  /** Indexes of files fetched whole in the background. */
  readonly included: readonly number[];
}

/** Proportional to the torrent's pieces: for people and pollers, not for the way of a byte. */
export function statusOf(entry: TorrentEntry, included: readonly number[]): TorrentStatus {
  const { metadata, disk, numbers } = entry;
  const state =
    entry.failure !== null ? 'error' : entry.isPaused ? 'paused' : metadata === null ? 'initializing' : 'live';
  return {
    state,
    error: entry.failure,
    haveBytes: disk?.verifiedBytes(0, metadata?.totalBytes ?? 0) ?? 0,
    totalBytes: metadata?.totalBytes ?? 0,
    fileHaveBytes: (metadata?.files ?? []).map(
      (file) => disk?.verifiedBytes(file.offset, file.offset + file.sizeBytes) ?? 0,
    ),
    receivedBytes: entry.receivedBytes,
    uploadedBytes: entry.uploadedBytes,
    downloadBytesPerSecond: numbers?.downloadBytesPerSecond ?? 0,
    uploadBytesPerSecond: numbers?.uploadBytesPerSecond ?? 0,
    peers: {
      connected: numbers?.peersConnected ?? 0,
      queued: numbers?.peersQueued ?? 0,
      seen: numbers?.peersSeen ?? 0,
    },
    isDeserted: numbers?.isDeserted ?? false,
    included,
  };
}
