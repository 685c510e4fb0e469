// Parts that demo, benches and tests put together on loopback: the built server as a child process, a libtorrent peer under
// control, a news server that fails as it is told with posts and NZBs for it, a relay that adds distance, bytes that can be
// made again, what a process costs. Never part of the server.

export type { ArticleBody, ArticleTaker, LabArticle } from './lab-article.js';
export type { ByteSource } from './byte-source.js';
export type { FixedTracker } from './fixed-tracker.js';
export type { LibtorrentPeer, PeerStats } from './libtorrent-peer.js';
export type { ArticleAsk, ArticleFault, FaultScript } from './nntp-faults.js';
export type { NntpCounts, NntpServer, NntpServerOptions } from './nntp-server.js';
export type { NzbEntry, NzbMeta } from './nzb-writer.js';
export type { PlainClient, PlainTorrent } from './plain-webtorrent.js';
export type { ServerOptions } from './server-process.js';
export type { TcpRelay } from './tcp-relay.js';
export type { FileToPost, Post, PostedPart, PostOptions } from './usenet-post.js';

export { encodeUu, encodeYenc } from './body-encoders.js';
export { chunksOf, pseudoRandomSource, repeatedSource, sourceOfBytes } from './byte-source.js';
export { crc32 } from './crc32.js';
export { startFixedTracker } from './fixed-tracker.js';
export { startLibtorrentPeer } from './libtorrent-peer.js';
export { articleHeaders } from './lab-article.js';
export { startNntpServer } from './nntp-server.js';
export { writeNzb } from './nzb-writer.js';
export { createPlainWebtorrent } from './plain-webtorrent.js';
export { cpuSecondsOf, reapedCpuSecondsOf, residentBytesOf } from './process-cost.js';
export { pseudoRandom, pseudoRandomAt, pseudoRandomBytes, randomNumbers } from './pseudo-random.js';
export { ServerProcess } from './server-process.js';
export { startTcpRelay } from './tcp-relay.js';
export { makePost, postFiles } from './usenet-post.js';
