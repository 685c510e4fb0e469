// A swarm on loopback for tests and benches: a libtorrent peer under control. Never part of the server.

export type { LibtorrentPeer, PeerStats } from './libtorrent-peer.js';

export { startLibtorrentPeer } from './libtorrent-peer.js';
