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
  const left = new Map<string, ReleaseFile[]>();
  for (const file of known.files) {
    const alike = left.get(keyOf(file));
    if (alike === undefined) left.set(keyOf(file), [file]);
    else alike.push(file);
  }
  let next = known.files.reduce((most, { index }) => Math.max(most, index), -1) + 1;
  const there = found.files.map((file) => ({ ...file, index: left.get(keyOf(file))?.shift()?.index ?? next++ }));
  return { ...found, files: [...there, ...[...left.values()].flat()] };
}

function keyOf({ path, sizeBytes }: ReleaseFile): string {
  return `${sizeBytes} ${path}`;
}
