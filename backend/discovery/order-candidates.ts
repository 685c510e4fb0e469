// In which order candidates are offered. Pure; the same input always gives the same order.

import type { Candidate } from './candidate.js';

const RESOLUTIONS = ['2160p', '1440p', '1080p', '720p', '576p', '540p', '480p', '360p', '240p'];

/**
 * What plays at once comes first; then the better picture, the better attended, the larger file; then by name.
 * Sorts a copy: n log n of the candidates.
 */
export function orderCandidates(
  candidates: readonly Candidate[],
  isReady: (candidate: Candidate) => boolean,
): Candidate[] {
  const ranked = candidates.map((candidate) => ({ candidate, isReady: isReady(candidate) }));
  ranked.sort(
    (a, b) =>
      Number(b.isReady) - Number(a.isReady) ||
      resolutionRank(a.candidate) - resolutionRank(b.candidate) ||
      (b.candidate.seeders ?? 0) - (a.candidate.seeders ?? 0) ||
      (b.candidate.file?.sizeBytes ?? 0) - (a.candidate.file?.sizeBytes ?? 0) ||
      compareText(a.candidate.releaseName, b.candidate.releaseName),
  );
  return ranked.map(({ candidate }) => candidate);
}

function resolutionRank(candidate: Candidate): number {
  const rank = RESOLUTIONS.indexOf(candidate.facts.resolution?.toLowerCase() ?? '');
  return rank < 0 ? RESOLUTIONS.length : rank;
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
