// What is known of a source, when it is submitted again: nothing learnt is lost, nothing grows without bound. Pure.

import type { NzbSource, Source } from '../content/index.js';

/** More of them help nobody; newest come first and stay. */
const MAX_TRACKERS = 64;
const MAX_WEB_SEEDS = 32;
const MAX_PEERS = 64;
const MAX_PASSWORDS = 16;

/** `next`, completed with what `kept` knows of the same torrent or NZB; other kinds are simply replaced. */
export function mergeSources(kept: Source, next: Source): Source {
  if (kept.kind === 'nzb' && next.kind === 'nzb' && kept.contentId === next.contentId) return mergeNzbs(kept, next);
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

function mergeNzbs(kept: NzbSource, next: NzbSource): NzbSource {
  return {
    kind: 'nzb',
    contentId: next.contentId,
    name: next.name === '' ? kept.name : next.name,
    passwords: union(next.passwords, kept.passwords, MAX_PASSWORDS),
  };
}

function union(first: readonly string[], second: readonly string[], max: number): readonly string[] {
  return [...new Set([...first, ...second])].slice(0, max);
}
