// Which files of a release form an archive together where names say nothing: by the first bytes of each. Pure.

import type { Grouping, VolumeSet } from './group-volumes.js';
import type { Sniffed } from './sniff-format.js';

export interface SniffedFile {
  readonly name: string;
  readonly sizeBytes: number;
  /** Null where the first bytes say nothing, or were not read. */
  readonly sniffed: Sniffed | null;
}

interface Entry extends SniffedFile {
  readonly index: number;
}

/** Sizes of volumes of one set differ by less, estimated or not; only the last one is smaller. */
const SAME_SIZE = 0.03;

/**
 * Sorts files into archive sets and others, in the order of the release where numbers are missing. RAR volumes go by the
 * numbers in their headers; pieces of a 7z or ZIP have no header: files of the first one's size that are nothing else
 * follow it.
 */
export function groupByHeaders(files: readonly SniffedFile[]): Grouping {
  const entries = files.map((file, index) => ({ ...file, index }));
  const ofFormat = (...formats: readonly string[]): Entry[] =>
    entries.filter(({ sniffed }) => sniffed !== null && formats.includes(sniffed.format));
  const sets = [
    ...rarSets(ofFormat('rar4')),
    ...rarSets(ofFormat('rar5')),
    ...joinedSets(
      ofFormat('7z', 'zip'),
      entries.filter(({ sniffed }) => sniffed === null),
    ),
  ];
  const taken = new Set(sets.flatMap(({ volumes }) => volumes));
  return {
    sets: sets.toSorted((a, b) => (a.volumes[0] ?? 0) - (b.volumes[0] ?? 0)),
    others: entries.map(({ index }) => index).filter((index) => !taken.has(index)),
  };
}

function rarSets(entries: readonly Entry[]): VolumeSet[] {
  const single = entries.filter(({ sniffed }) => sniffed?.isVolume === false);
  const numbered = entries.filter(({ sniffed }) => sniffed?.isVolume !== false && sniffed?.volumeNumber != null);
  const unnumbered = entries.filter(({ sniffed }) => sniffed?.isVolume !== false && sniffed?.volumeNumber == null);
  const sets = numberedSets(numbered);
  const [only] = sets;
  // Numbers at the ends of RAR 4 volumes are not read here: the release's order stands, the smallest is the last.
  if (unnumbered.length > 0 && sets.length <= 1) {
    const first = only === undefined ? [] : [...only.values()];
    return [...single.map((entry) => rarSet([entry], true)), rarSet([...first, ...smallestLast(unnumbered)], true)];
  }
  return [
    ...single.map((entry) => rarSet([entry], true)),
    ...sets.map((set) => numberedSet(set)),
    ...(unnumbered.length > 0 ? [rarSet(unnumbered, false)] : []),
  ];
}

/** Each volume joins the first set that lacks its number. */
function numberedSets(entries: readonly Entry[]): Map<number, Entry>[] {
  const sets: Map<number, Entry>[] = [];
  for (const entry of entries) {
    const number = entry.sniffed?.volumeNumber ?? 0;
    const set = sets.find((candidate) => !candidate.has(number));
    if (set === undefined) sets.push(new Map([[number, entry]]));
    else set.set(number, entry);
  }
  return sets;
}

function numberedSet(set: ReadonlyMap<number, Entry>): VolumeSet {
  const sorted = [...set].toSorted(([a], [b]) => a - b);
  return rarSet(
    sorted.map(([, entry]) => entry),
    sorted.every(([number], at) => number === at),
  );
}

function rarSet(entries: readonly Entry[], isComplete: boolean): VolumeSet {
  return { format: 'rar', name: entries[0]?.name ?? '', volumes: entries.map(({ index }) => index), isComplete };
}

function joinedSets(firsts: readonly Entry[], unknown: readonly Entry[]): VolumeSet[] {
  const [first] = firsts;
  const pieces =
    firsts.length === 1 && first !== undefined
      ? unknown.filter(({ sizeBytes }) => sizeBytes <= first.sizeBytes * (1 + SAME_SIZE))
      : [];
  const odd = first === undefined ? [] : pieces.filter((piece) => !isSameSize(piece, first));
  // A lone small file beside a ZIP is rather its description. A 7z says where it ends: too much does no harm.
  const isSplit = odd.length <= 1 && (first?.sniffed?.format === '7z' || odd.length < pieces.length);
  return firsts.map((entry) => ({
    format: entry.sniffed?.format === '7z' ? '7z' : 'zip',
    name: entry.name,
    volumes: [entry, ...(isSplit ? smallestLast(pieces) : [])].map(({ index }) => index),
    isComplete: true,
  }));
}

function isSameSize(a: Entry, b: Entry): boolean {
  return Math.abs(a.sizeBytes - b.sizeBytes) <= SAME_SIZE * b.sizeBytes;
}

function smallestLast(entries: readonly Entry[]): readonly Entry[] {
  const smallest = entries.reduce<Entry | null>(
    (least, entry) => (least === null || entry.sizeBytes < least.sizeBytes ? entry : least),
    null,
  );
  if (smallest === null || entries.every((entry) => isSameSize(entry, smallest))) return entries;
  return [...entries.filter((entry) => entry !== smallest), smallest];
}
