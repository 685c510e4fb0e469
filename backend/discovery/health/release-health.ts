// What is known of whether listed releases can be had, from whoever found out: who tried them, who counted their swarms, who
// asked for their articles. Has more found out about what was listed; a list never waits for that.

import type { ContentId, InfoHash, NzbSource } from '../../content/index.js';
import { isInfoHash } from '../../content/index.js';
import { isPublicSwarm } from '../../engines/torrent/index.js';
import type { Candidate } from '../candidate.js';
import { isOfHouse } from '../find-candidates.js';
import type { NzbSamples } from './nzb-samples.js';
import type { SwarmWish } from './plan-scrapes.js';
import type { SwarmCounts } from './swarm-counts.js';
import type { TriedReleases } from './tried-releases.js';

export interface ReleaseHealthOptions {
  readonly tried: Pick<TriedReleases, 'healthOf'>;
  readonly swarms: Pick<SwarmCounts, 'countOf' | 'want'>;
  readonly samples: Pick<NzbSamples, 'healthOf' | 'want'>;
  /** Trackers for every torrent that is not private. */
  readonly trackers: () => readonly string[];
}

/** Of one list, in its order: what a viewer is likely to press. */
const MAX_SAMPLED = 5;
const MAX_SCRAPED = 200;
/** Of one torrent; three of them are asked. */
const MAX_OWN_TRACKERS = 16;
const MAX_WIDER_TRACKERS = 4;

export class ReleaseHealth {
  constructor(private readonly o: ReleaseHealthOptions) {}

  /**
   * The candidate with what is known of it by now. How it fared when it was tried says more than a sample. Of two counts of
   * a swarm the larger one is told, for trackers know parts of it and indexers are often late; only that nobody seeds any
   * more is believed whatever an indexer says.
   */
  judge(candidate: Candidate): Candidate {
    const { seeders, leechers } = candidate;
    const tried = this.o.tried.healthOf(candidate);
    const health = tried.state === 'unknown' ? this.#sampled(candidate) : tried;
    const count = this.#countOf(candidate);
    if (count === null) return { ...candidate, health };
    const isDeserted = count.seeders === 0;
    return {
      ...candidate,
      health,
      seeders: isDeserted ? 0 : Math.max(count.seeders, seeders ?? 0),
      leechers: isDeserted ? count.leechers : Math.max(count.leechers, leechers ?? 0),
    };
  }

  /**
   * Told of a list that was made, best first. What only the house itself offers is left alone: looking at the library or
   * at the catalogue asks nobody outside.
   */
  follow(candidates: readonly Candidate[]): void {
    const offered = candidates.filter((candidate) => !isOfHouse(candidate));
    this.o.swarms.want(offered.slice(0, MAX_SCRAPED).flatMap((candidate) => this.#swarmWishOf(candidate) ?? []));
    const nzbs = offered.filter(({ source }) => source.kind === 'nzb').slice(0, MAX_SAMPLED);
    this.o.samples.want(nzbs.flatMap((candidate) => this.#untriedNzb(candidate) ?? []));
  }

  /** A torrent whose trackers were asked lately, and counted nobody: neither who has it nor who wants it. */
  isDeserted(contentId: ContentId): boolean {
    const count = isInfoHash(contentId) ? this.o.swarms.countOf(contentId) : null;
    return count !== null && count.seeders === 0 && count.leechers === 0;
  }

  #sampled({ source, health }: Candidate): Candidate['health'] {
    return source.kind === 'nzb' ? this.o.samples.healthOf(source.contentId) : health;
  }

  #countOf(candidate: Candidate): { readonly seeders: number; readonly leechers: number } | null {
    const infoHash = infoHashOf(candidate);
    return infoHash === null ? null : this.o.swarms.countOf(infoHash);
  }

  #untriedNzb(candidate: Candidate): NzbSource | null {
    const { source } = candidate;
    return source.kind === 'nzb' && this.o.tried.healthOf(candidate).state === 'unknown' ? source : null;
  }

  /** What a `.torrent` still to be fetched may be private: only the trackers that are told with it are asked. */
  #swarmWishOf(candidate: Candidate): SwarmWish | null {
    const { source } = candidate;
    if (source.kind === 'torrent-url') {
      const infoHash = infoHashOf(candidate);
      return infoHash === null ? null : { infoHash, own: source.trackers.slice(0, MAX_OWN_TRACKERS), wider: [] };
    }
    if (source.kind !== 'torrent') return null;
    const { infoHash, info } = source;
    const own = source.trackers.slice(0, MAX_OWN_TRACKERS);
    if (isPublicSwarm(source)) return { infoHash, own, wider: this.o.trackers().slice(0, MAX_WIDER_TRACKERS) };
    return info === undefined ? { infoHash, own, wider: [] } : null;
  }
}

/** Of its swarm; of an address what lies there, or is told to. Null for what has none, or none that is known. */
function infoHashOf({ source, contentId, toldInfoHash }: Candidate): InfoHash | null {
  if (source.kind === 'torrent') return source.infoHash;
  if (source.kind !== 'torrent-url') return null;
  return contentId !== null && isInfoHash(contentId) ? contentId : (toldInfoHash ?? null);
}
