// What a file's name says about its place in a set of volumes. Pure; a name is only read, never trusted to be true.

export type VolumeScheme = 'part-rar' | 'old-rar' | '7z' | '7z-numbered' | 'zip' | 'zip-numbered' | 'numbered';

export interface VolumeName {
  readonly scheme: VolumeScheme;
  /** What the volumes of one set have in common, as it is written, folders included. */
  readonly base: string;
  /** As the scheme counts: `.rar` is 0 and `.r00` is 1; `.part1`, `.001` and `.z01` are 1; `.zip` alone is 0. */
  readonly number: number;
}

type Rule = readonly [pattern: RegExp, scheme: VolumeScheme, number: (match: RegExpMatchArray) => number];

/** `.r99` is followed by `.s00`; some makers write `.r100` instead. */
const OLD_LETTERS = 'rstuvwxy';

const RULES: readonly Rule[] = [
  [/^(.+)\.part(\d{1,5})\.rar$/i, 'part-rar', digits],
  [/^(.+)\.rar$/i, 'old-rar', () => 0],
  [/^(.+)\.([r-y])(\d{2,3})$/i, 'old-rar', oldNumber],
  [/^(.+)\.7z$/i, '7z', () => 0],
  [/^(.+)\.7z\.(\d{3,5})$/i, '7z-numbered', digits],
  [/^(.+)\.zip$/i, 'zip', () => 0],
  [/^(.+)\.z(\d{2,4})$/i, 'zip', digits],
  [/^(.+)\.zip\.(\d{3,5})$/i, 'zip-numbered', digits],
  [/^(.+)\.(\d{3})$/, 'numbered', digits],
];

/** Null for a name that belongs to no set. */
export function parseVolumeName(name: string): VolumeName | null {
  for (const [pattern, scheme, number] of RULES) {
    const match = name.match(pattern);
    if (match?.[1] !== undefined) return { scheme, base: match[1], number: number(match) };
  }
  return null;
}

function digits(match: RegExpMatchArray): number {
  return Number(match[2]);
}

function oldNumber(match: RegExpMatchArray): number {
  return 1 + 100 * OLD_LETTERS.indexOf((match[2] ?? 'r').toLowerCase()) + Number(match[3]);
}
