// What is known of a source, when it is submitted again: nothing learnt is lost, nothing grows without bound. Pure.

import type { Source } from '../content/index.js';

/** More of them help nobody; newest come first and stay. */
const MAX_TRACKERS = 64;
const MAX_WEB_SEEDS = 32;
const MAX_PEERS = 64;

/** `next`, completed with what `kept` knows of the same torrent; other kinds are simply replaced. */
export function mergeSources(kept: Source, next: Source): Source {
  if (kept.kind !== 'torrent' || next.kind !== 'torrent' || kept.infoHash !== next.infoHash) return next;
  const name = next.name ?? kept.name;
  const info = next.info ?? kept.info;
  return {
    kind: 'torrent',
    infoHash: next.infoHash,
    ...(name === undefined ? {} : { name }),
    trackers: union(next.trackers, kept.trackers, MAX_TRACKERS),
    webSeeds: union(next.webSeeds, kept.webSeeds, MAX_WEB_SEEDS),
    peers: union(next.peers, kept.peers, MAX_PEERS),
    ...(info === undefined ? {} : { info }),
  };
}

function union(first: readonly string[], second: readonly string[], max: number): readonly string[] {
  return [...new Set([...first, ...second])].slice(0, max);
}
