// What is known of one release, put together from the candidates that offer it. Pure; who belongs together is decided
// elsewhere.

import type { Source, TorrentSource } from '../../content/index.js';
import { sortInSteps, type Steps } from '../../platform/index.js';
import type { Candidate, Health, Offer } from '../candidate.js';
import { compareText } from './whole-order.js';

type Compare = (a: Candidate, b: Candidate) => number;

/** As many as are kept of a source that is submitted again; more of them help nobody. */
const MAX_TRACKERS = 64;
const MAX_WEB_SEEDS = 32;
const MAX_PEERS = 64;
const MAX_PASSWORDS = 16;
/** Names of indexers a viewer may read. */
const MAX_FOUND_IN = 20;

/**
 * One candidate for one content. The source is the best known one (with known files, then a magnet or a kept NZB, then an
 * address), with the trackers, web seeds and peers of all. Name, size and facts come from one of them, so that they fit each
 * other. It is dead when one of them is and none was counted alive: who counted nothing knows nothing.
 */
export function* mergeCopies(copies: readonly Candidate[], compare: Compare): Steps<Candidate> {
  const sorted = yield* sort(copies, (a, b) => knowledgeRank(a) - knowledgeRank(b), compare);
  const best = first(sorted);
  if (sorted.length === 1) return best;
  const source = mergeSources(sorted);
  const named = sorted.find(({ sizeBytes }) => sizeBytes !== null) ?? best;
  const knownId = sorted.find(({ contentId }) => contentId !== null)?.contentId ?? null;
  return {
    ...best,
    ...sharedFacts(sorted),
    source,
    contentId: knownId !== null && source.kind === 'torrent' ? source.infoHash : knownId,
    episode: named.episode,
    releaseName: named.releaseName,
    sizeBytes: named.sizeBytes,
    facts: named.facts,
    file: sorted.find(({ file }) => file !== null)?.file ?? null,
    files: sorted.find(({ files }) => files.length > 0)?.files ?? [],
    health: mergeHealth(sorted),
  };
}

/**
 * One candidate for contents that are the same release. It stays what the best of them is (one that is not dead, then the
 * best known one), files and health included: those of another content may differ.
 */
export function* mergeContents(contents: readonly Candidate[], compare: Compare): Steps<Candidate> {
  const sorted = yield* sort(
    contents,
    (a, b) => deadRank(a) - deadRank(b) || knowledgeRank(a) - knowledgeRank(b),
    compare,
  );
  const best = first(sorted);
  return sorted.length === 1 ? best : { ...best, ...sharedFacts(sorted) };
}

/** What is true of a release wherever it was found. */
function sharedFacts(
  sorted: readonly Candidate[],
): Pick<Candidate, 'titleId' | 'offer' | 'seeders' | 'leechers' | 'publishedAt' | 'foundIn'> {
  const published = known(sorted.map(({ publishedAt }) => publishedAt));
  return {
    titleId: sorted.find(({ titleId }) => titleId !== null)?.titleId ?? null,
    offer: mergeOffers(sorted),
    seeders: most(sorted.map(({ seeders }) => seeders)),
    leechers: most(sorted.map(({ leechers }) => leechers)),
    publishedAt: published.length === 0 ? null : published.reduce((a, b) => Math.min(a, b)),
    foundIn: union(sorted.map(({ foundIn }) => foundIn)).slice(0, MAX_FOUND_IN),
  };
}

/** Best first; of equally good ones the better attended, then whatever is always the same. */
function sort(candidates: readonly Candidate[], isBetter: Compare, compare: Compare): Steps<readonly Candidate[]> {
  return sortInSteps(candidates, (a, b) => isBetter(a, b) || (b.seeders ?? -1) - (a.seeders ?? -1) || compare(a, b));
}

function knowledgeRank({ files, source }: Candidate): number {
  if (files.length > 0) return 0;
  return source.kind === 'torrent-url' || source.kind === 'nzb-url' ? 2 : 1;
}

function deadRank({ health }: Candidate): number {
  return health.state === 'dead' ? 1 : 0;
}

function mergeSources(sorted: readonly Candidate[]): Source {
  const { source } = first(sorted);
  if (source.kind === 'torrent') return mergeTorrents(source, sorted);
  if (source.kind !== 'nzb') return source;
  const passwords = sorted.map((one) => (one.source.kind === 'nzb' ? one.source.passwords : []));
  return { ...source, passwords: union(passwords).slice(0, MAX_PASSWORDS) };
}

/** Only from sources of the same swarm: an address may be told to be of two. */
function mergeTorrents(best: TorrentSource, sorted: readonly Candidate[]): TorrentSource {
  const sources = sorted
    .filter(({ source, contentId }) => (source.kind === 'torrent' ? source.infoHash : contentId) === best.infoHash)
    .map(({ source }) => source);
  const torrents = sources.filter((source) => source.kind === 'torrent');
  const swarmed = sources.filter((source) => source.kind === 'torrent' || source.kind === 'torrent-url');
  const name = torrents.find((torrent) => torrent.name !== undefined)?.name;
  const info = torrents.find((torrent) => torrent.info !== undefined)?.info;
  return {
    ...best,
    ...(name === undefined ? {} : { name }),
    trackers: union(swarmed.map(({ trackers }) => trackers)).slice(0, MAX_TRACKERS),
    webSeeds: union(torrents.map(({ webSeeds }) => webSeeds)).slice(0, MAX_WEB_SEEDS),
    peers: union(swarmed.map(({ peers }) => peers)).slice(0, MAX_PEERS),
    ...(info === undefined ? {} : { info }),
  };
}

function mergeHealth(sorted: readonly Candidate[]): Health {
  const alive = sorted.flatMap(({ health }) => (health.state === 'alive' ? [health] : []));
  if (alive.length > 0) return alive.reduce((best, one) => (one.percent > best.percent ? one : best));
  return sorted.find(({ health }) => health.state === 'dead')?.health ?? { state: 'unknown' };
}

/** The first by name, so that it does not depend on which of them is known best. */
function mergeOffers(sorted: readonly Candidate[]): Offer | null {
  const [offer = null] = known(sorted.map((one) => one.offer)).sort((a, b) => compareText(a.name, b.name));
  return offer;
}

function most(values: readonly (number | null)[]): number | null {
  const counted = known(values);
  return counted.length === 0 ? null : counted.reduce((a, b) => Math.max(a, b));
}

function known<T>(values: readonly (T | null)[]): T[] {
  return values.filter((value) => value !== null);
}

function union(lists: readonly (readonly string[])[]): readonly string[] {
  return [...new Set(lists.flat())];
}

function first(sorted: readonly Candidate[]): Candidate {
  const [best] = sorted;
  if (best === undefined) throw new RangeError('Nothing is merged from nothing.');
  return best;
}
