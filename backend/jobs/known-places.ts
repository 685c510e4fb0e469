// Keeps the files of an NZB in their places. A file's place is its index in addresses and jobs; what is missing on the news
// servers is not found when the NZB is looked into, so that another look may find more files, or fewer. Pure.

import type { Release, ReleaseFile } from '../content/index.js';

/**
 * `found` with every file where `known` has it, those that were not found this time too, and what was not known behind them.
 * Of other sources, and where nothing is known, as it was found.
 */
export function inKnownPlaces(found: Release, known: Release | null): Release {
  if (found.source.kind !== 'nzb' || known === null || known.source.kind !== 'nzb') return found;
  const last = known.files.reduce((most, { index }) => Math.max(most, index), -1);
  const added = found.files.filter((file) => !known.files.some((one) => isSame(one, file)));
  return { ...found, files: [...known.files, ...added.map((file, at) => ({ ...file, index: last + 1 + at }))] };
}

function isSame(one: ReleaseFile, other: ReleaseFile): boolean {
  return one.path === other.path && one.sizeBytes === other.sizeBytes;
}
