// Which tracker is asked about which torrents: each torrent at a few trackers, as many torrents as fit in one request.
// Pure; how often and when is not known here.

import type { InfoHash } from '../../content/index.js';

/** A torrent that somebody wants to have counted. */
export interface SwarmWish {
  readonly infoHash: InfoHash;
  /** That it names itself. */
  readonly own: readonly string[];
  /** That may be asked besides; none for a torrent that may be private. */
  readonly wider: readonly string[];
}

/** One request. */
export interface ScrapePlan {
  readonly tracker: string;
  readonly infoHashes: readonly InfoHash[];
}

export interface PlanLimits {
  /** Of one request. */
  readonly maxTorrents: number;
  /** In all; the largest are made. */
  readonly maxRequests: number;
}

const MAX_OWN = 2;
const MAX_TRACKERS = 3;

/** Prefers the trackers that most of these torrents have in common. */
export function planScrapes(wishes: readonly SwarmWish[], limits: PlanLimits): ScrapePlan[] {
  const isNamedBy = new Map<string, number>();
  for (const { own, wider } of wishes)
    for (const tracker of unique([...own, ...wider])) isNamedBy.set(tracker, (isNamedBy.get(tracker) ?? 0) + 1);
  const byFame = (trackers: readonly string[]): string[] =>
    unique(trackers).sort((a, b) => (isNamedBy.get(b) ?? 0) - (isNamedBy.get(a) ?? 0) || (a < b ? -1 : 1));
  const asked = new Map<string, InfoHash[]>();
  for (const { infoHash, own, wider } of wishes) {
    const first = byFame(own).slice(0, MAX_OWN);
    const chosen = unique([...first, ...byFame([...own, ...wider])]).slice(0, MAX_TRACKERS);
    for (const tracker of chosen) {
      const others = asked.get(tracker);
      if (others === undefined) asked.set(tracker, [infoHash]);
      else others.push(infoHash);
    }
  }
  const plans = [...asked].flatMap(([tracker, infoHashes]) => split(tracker, infoHashes, limits.maxTorrents));
  plans.sort((a, b) => b.infoHashes.length - a.infoHashes.length);
  return plans.slice(0, limits.maxRequests);
}

/** One text for each tracker: the path of one that speaks UDP means nothing (BEP 15). */
export function trackerKey(tracker: string): string {
  return tracker.startsWith('udp:') ? `udp://${new URL(tracker).host}` : tracker;
}

function split(tracker: string, infoHashes: readonly InfoHash[], size: number): ScrapePlan[] {
  const count = Math.ceil(infoHashes.length / size);
  return Array.from({ length: count }, (_, part) => ({
    tracker,
    infoHashes: infoHashes.slice(part * size, (part + 1) * size),
  }));
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}
