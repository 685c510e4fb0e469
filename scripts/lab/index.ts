// Parts that demo, benches and tests put together on loopback: the built server as a child process, a libtorrent peer under
// control, a relay that adds distance, bytes that can be made again, what a process costs. Never part of the server.

export type { FixedTracker } from './fixed-tracker.js';
export type { LibtorrentPeer, PeerStats } from './libtorrent-peer.js';
export type { PlainClient, PlainTorrent } from './plain-webtorrent.js';
export type { ServerOptions } from './server-process.js';
export type { TcpRelay } from './tcp-relay.js';

export { startFixedTracker } from './fixed-tracker.js';
export { startLibtorrentPeer } from './libtorrent-peer.js';
export { createPlainWebtorrent } from './plain-webtorrent.js';
export { cpuSecondsOf, reapedCpuSecondsOf, residentBytesOf } from './process-cost.js';
export { pseudoRandom, pseudoRandomBytes, randomNumbers } from './pseudo-random.js';
export { ServerProcess } from './server-process.js';
export { startTcpRelay } from './tcp-relay.js';
