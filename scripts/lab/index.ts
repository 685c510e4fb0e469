// Parts that demo, benches and tests put together on loopback: the built server as a child process, a libtorrent peer under
// control. Never part of the server.

export type { LibtorrentPeer, PeerStats } from './libtorrent-peer.js';
export type { ServerOptions } from './server-process.js';

export { startLibtorrentPeer } from './libtorrent-peer.js';
export { ServerProcess } from './server-process.js';
