// Which releases exist for a title, and in which order they are offered. Looked into are the built-in catalogue of openly
// licensed films, the library, and the indexers that were set up; what a title is (names, year, episodes) a metadata addon
// tells. Without an indexer nothing here reaches out to the network. A candidate is only an offer: discovery prepares
// nothing and promises nothing about peers or articles; what indexers offered is counted at trackers and news servers in
// the background.

export type { Candidate, CandidateFile, Health } from './candidate.js';
export type { DiscoveryNote, DiscoveryOptions, FindOptions, Found } from './discovery.js';
export type { KnownRelease, TitleLibrary, TitleWish } from './find-candidates.js';
export type { Indexer, IndexerResult, IndexerSettings } from './indexers/indexer.js';
export type { IndexerFindings, IndexerStatus, TrackedIndexer } from './indexers/tracked-indexer.js';
export type { OpenFilm } from './open-films.js';
export type { LeftOutReason } from './ranking/filter-candidates.js';
export type { Ranking } from './ranking/rank-candidates.js';
export type { SearchOptions, SearchWish } from './search/title-search.js';
export type { ConfiguredIndexer } from './settings/configured-indexers.js';
export type { IndexerFields } from './settings/indexer-draft.js';
export type { Sidecar } from './sidecars.js';

export { formatSourceIdentity } from './candidate.js';
export { Discovery } from './discovery.js';
export { candidateOfFile, candidateOfFilm, findByTitle, listFiles } from './find-candidates.js';
export { NzbSamples } from './health/nzb-samples.js';
export { ReleaseHealth } from './health/release-health.js';
export { SwarmCounts } from './health/swarm-counts.js';
export { TriedReleases } from './health/tried-releases.js';
export { IndexerSet } from './indexers/indexer-set.js';
export { MetadataClient } from './metadata/metadata-client.js';
export { findOpenFilm, openFilms } from './open-films.js';
export { plainWords } from './ranking/plain-words.js';
export { rankCandidates } from './ranking/rank-candidates.js';
export { TitleSearch } from './search/title-search.js';
export { ConfiguredIndexers } from './settings/configured-indexers.js';
export { findSidecars } from './sidecars.js';
export { wishWithFacts } from './wish-with-facts.js';
