// Keeps the files of an NZB in their places. A file's place is its index in addresses and jobs; what is missing on the news
// servers is not found when the NZB is looked into, so that another look may find more files, or fewer. Pure.

import type { Release, ReleaseFile } from '../content/index.js';

/**
 * `found` with every file under the index that `known` has it by, and what was not known under further ones; then those that
 * were not found this time: of two that are alike the one that is there comes first. Of other sources, and where nothing is
 * known, as it was found.
 */
export function inKnownPlaces(found: Release, known: Release | null): Release {
  if (found.source.kind !== 'nzb' || known === null || known.source.kind !== 'nzb') return found;
  let next = known.files.reduce((most, { index }) => Math.max(most, index), -1) + 1;
  const there = found.files.map((file) => {
    return { ...file, index: known.files.find((one) => isSame(one, file))?.index ?? next++ };
  });
  const others = known.files.filter((file) => !found.files.some((one) => isSame(one, file)));
  return { ...found, files: [...there, ...others] };
}

function isSame(one: ReleaseFile, other: ReleaseFile): boolean {
  return one.path === other.path && one.sizeBytes === other.sizeBytes;
}
