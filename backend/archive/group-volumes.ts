// Which files of a release form an archive together, judged by their names alone. Pure; knows no headers.

import type { VolumeName, VolumeScheme } from './volume-name.js';
import { parseVolumeName } from './volume-name.js';

/** Files that are one archive together. */
export interface VolumeSet {
  /** What the names promise; the header decides. `split`: one file cut into pieces, which may be an archive again. */
  readonly format: 'rar' | '7z' | 'zip' | 'split';
  /** The name without volume numbers and folders. */
  readonly name: string;
  /** Indexes of the files given, in the order of their bytes. Never empty. */
  readonly volumes: readonly number[];
  /** False when the first or one in between is missing. Names cannot tell whether the last ones are. */
  readonly isComplete: boolean;
}

export interface Grouping {
  /** In the order of their first volumes. */
  readonly sets: readonly VolumeSet[];
  /** Indexes of the files that belong to none. */
  readonly others: readonly number[];
}

export interface NamedFile {
  /** With or without folders. */
  readonly name: string;
  readonly sizeBytes: number;
}

interface Volume {
  readonly index: number;
  readonly place: VolumeName;
}

const FORMATS: Readonly<Record<VolumeScheme, VolumeSet['format']>> = {
  'part-rar': 'rar',
  'old-rar': 'rar',
  '7z': '7z',
  '7z-numbered': '7z',
  zip: 'zip',
  'zip-numbered': 'zip',
  numbered: 'split',
};

/** Sorts files into archive sets and others. A file is in exactly one of them. */
export function groupVolumes(files: readonly NamedFile[]): Grouping {
  const groups = new Map<string, Map<number, Volume>>();
  files.forEach((file, index) => {
    const place = parseVolumeName(file.name);
    if (place === null) return;
    const key = `${place.scheme}:${place.base.toLowerCase()}`;
    const group = groups.get(key) ?? new Map<number, Volume>();
    groups.set(key, group);
    // Posted twice: the one that says it is larger.
    const known = group.get(place.number);
    if (known === undefined || sizeOf(files, known.index) < file.sizeBytes) {
      group.set(place.number, { index, place });
    }
  });
  const sets = [...groups.values()].flatMap((group) => setOf([...group.values()]) ?? []);
  const taken = new Set(sets.flatMap(({ volumes }) => volumes));
  return {
    sets: sets.toSorted((a, b) => (a.volumes[0] ?? 0) - (b.volumes[0] ?? 0)),
    others: files.map((_file, index) => index).filter((index) => !taken.has(index)),
  };
}

/** Null for names that only look like volumes: `Film.264`, `Show.s02`. */
function setOf(group: readonly Volume[]): VolumeSet | null {
  const sorted = group.toSorted((a, b) => order(a.place) - order(b.place));
  const first = sorted[0]?.place;
  if (first === undefined || !isBelievable(first.scheme, sorted)) return null;
  return {
    format: FORMATS[first.scheme],
    name: first.base.slice(first.base.lastIndexOf('/') + 1),
    volumes: sorted.map(({ index }) => index),
    isComplete: isWithoutGap(
      first.scheme,
      sorted.map(({ place }) => place.number),
    ),
  };
}

/** The `.zip` of a spanned set holds the end of it. */
function order({ scheme, number }: VolumeName): number {
  return scheme === 'zip' && number === 0 ? Number.POSITIVE_INFINITY : number;
}

function isBelievable(scheme: VolumeScheme, sorted: readonly Volume[]): boolean {
  const numbers = sorted.map(({ place }) => place.number);
  if (scheme === 'numbered') return numbers[0] === 0 || numbers[0] === 1;
  if (scheme === 'old-rar') return numbers.some((number) => number <= 100);
  return true;
}

function isWithoutGap(scheme: VolumeScheme, numbers: readonly number[]): boolean {
  if (scheme === 'zip') return numbers.at(-1) === 0 && numbers.slice(0, -1).every((number, at) => number === at + 1);
  const first = numbers[0] ?? 0;
  const mayBegin = scheme === 'old-rar' || scheme === '7z' ? first === 0 : first <= 1;
  return mayBegin && numbers.every((number, at) => number === first + at);
}

function sizeOf(files: readonly NamedFile[], index: number): number {
  return files[index]?.sizeBytes ?? 0;
}
