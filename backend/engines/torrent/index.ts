// Torrents: what a magnet or a `.torrent` says (pure: metainfo, info, magnet), and the engine that makes its files
// readable. Nothing a stranger wrote reaches the protocol library unchecked: sources are rebuilt from their parts.

export type { BlockedRange } from './address-ranges.js';
export type { TorrentEngineOptions } from './engine.js';
export type { SwarmListCounters, SwarmListName, SwarmListSettings, SwarmListsOptions } from './lists/swarm-lists.js';
export type { TorrentStatus } from './host/torrent-status.js';
export type { TorrentFile, TorrentMetadata } from './info.js';
export type { WorkerSettings } from './protocol.js';
export type { SwarmCount } from './scrape/swarm-count.js';

export { TorrentEngine } from './engine.js';
export { infoHashOf, MAX_INFO_BYTES, parseInfo } from './info.js';
export { normalizeInfoHash } from './info-hash.js';
export { SwarmLists } from './lists/swarm-lists.js';
export { formatMagnet, parseMagnet } from './magnet.js';
export { formatTorrentFile, MAX_TORRENT_FILE_BYTES, parseTorrentFile } from './metainfo.js';
export { isPublicSwarm } from './scrape/is-public-swarm.js';
export { MAX_SCRAPED, TrackerScraper } from './scrape/tracker-scraper.js';
export { keepPeers, keepTrackers, keepWebSeeds } from './swarm-address.js';
