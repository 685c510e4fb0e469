// Keeps the files of an NZB in their places. A file's place is its index in addresses and jobs; what is missing on the news
// servers is not found when the NZB is looked into, so that another look may find more files, or fewer, or other names for
// them. Pure.

import type { Release, ReleaseFile } from '../content/index.js';

/**
 * `found` with every file under the index that `known` has it by, then what was not found this time. What is called otherwise
 * now is known by its size, where no other has that; what may have been renamed, and into which is not certain, is known no
 * more. What was not known has further indexes. Of other sources, and where nothing is known, as it was found.
 */
export function inKnownPlaces(found: Release, known: Release | null): Release {
  if (found.source.kind !== 'nzb' || known === null || known.source.kind !== 'nzb') return found;
  const left = groupBy(known.files, keyOf);
  const places = found.files.map((file) => left.get(keyOf(file))?.shift()?.index ?? null);
  const missing = groupBy([...left.values()].flat(), sizeOf);
  const unplaced = groupBy(
    found.files.filter((_file, at) => places[at] === null),
    sizeOf,
  );
  let next = known.files.reduce((most, { index }) => Math.max(most, index), -1) + 1;
  const there = found.files.map((file, at) => {
    const renamed = missing.get(file.sizeBytes) ?? [];
    const isCertain = renamed.length === 1 && unplaced.get(file.sizeBytes)?.length === 1;
    const own = places[at] ?? null;
    return { ...file, index: own ?? (isCertain ? renamed[0]?.index : undefined) ?? next++ };
  });
  const others = [...missing.values()].flat().filter(({ sizeBytes }) => !unplaced.has(sizeBytes));
  return { ...found, files: [...there, ...others] };
}

function keyOf({ path, sizeBytes }: ReleaseFile): string {
  return `${sizeBytes} ${path}`;
}

function sizeOf({ sizeBytes }: ReleaseFile): number {
  return sizeBytes;
}

function groupBy<Key>(files: readonly ReleaseFile[], keyOfFile: (file: ReleaseFile) => Key): Map<Key, ReleaseFile[]> {
  const groups = new Map<Key, ReleaseFile[]>();
  for (const file of files) {
    const key = keyOfFile(file);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [file]);
    else group.push(file);
  }
  return groups;
}
