// A real seeder for a made torrent: libtorrent on loopback, ended with the test.

import { startLibtorrentPeer, type LibtorrentPeer } from '../../scripts/lab/index.js';

import type { MadeTorrent } from './torrent-maker.js';

export type { LibtorrentPeer } from '../../scripts/lab/index.js';

/** Starts a peer that seeds these torrents. `uploadLimit` is bytes per second for each, 0 (default) unlimited. */
export async function seed(
  torrents: readonly MadeTorrent[],
  options: { uploadLimit?: number } = {},
): Promise<LibtorrentPeer> {
  const peer = await startLibtorrentPeer();
  for (const torrent of torrents) await seedAlso(peer, torrent, options);
  return peer;
}

/** Lets a running peer seed one more torrent. */
export async function seedAlso(
  peer: LibtorrentPeer,
  torrent: MadeTorrent,
  options: { uploadLimit?: number } = {},
): Promise<void> {
  await peer.add({
    torrent: torrent.torrentFile,
    folder: torrent.folder,
    paths: torrent.diskPaths,
    uploadLimit: options.uploadLimit ?? 0,
  });
}
