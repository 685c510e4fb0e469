// bench:seek: random ranges in a cold torrent and a cold NZB that are far away, and what a probing player costs upstream.

import { takeTurns } from './measure.js';
import type { BenchOptions } from './options.js';
import { medianOf, type Claim, type Report } from './report.js';
import { nzbProbe, nzbRanges, withNzbSides } from './seek-nzb.js';
import { torrentProbe, torrentRanges, withTorrentSides } from './seek-torrent.js';

const roundTripMs = 50;

/** Each round the same places, from nothing. */
export async function benchSeek(options: BenchOptions): Promise<Report> {
  const far = { sizeBytes: options.sizeBytes, roundTripMs };
  const results = await withTorrentSides(far, (torrentSides) =>
    withNzbSides(far, (nzbSides) => takeTurns([...torrentSides, ...nzbSides], options.rounds)),
  );
  const beyond = (side: string): Claim => ({
    what: `${side}: round trips beyond transfer, p50`,
    measured: (medianOf(results, side, 'p50 ms') - medianOf(results, side, 'transfer ms')) / roundTripMs,
    limit: 1.5,
    must: 'be at most',
  });
  const upstream = (side: string): Claim => ({
    what: `${side}: MB upstream`,
    measured: medianOf(results, side, 'upstream MB'),
    limit: 8,
    must: 'be at most',
  });
  return {
    bench: 'seek',
    setting: `cold film of ${(options.sizeBytes / 2 ** 20).toFixed(0)} MiB, ${String(roundTripMs)} ms away: torrent of 1 MiB pieces, one peer; NZB, 8 connections`,
    results,
    claims: [beyond(torrentRanges), beyond(nzbRanges), upstream(torrentProbe), upstream(nzbProbe)],
  };
}
