// Uuencoded lines (POSIX `uuencode`): recognising and decoding one. Knows nothing of files or articles.

const [SPACE, GRAVE, FULL_LINE] = [0x20, 0x60, 0x4d] as const;
/** A full line: `M`, then 60 characters for 45 bytes; some tools add a checksum character. */
const FULL_LENGTHS = [61, 62];

/** The name in a `begin 644 name` line; null when it is none. */
export function uuFileName(line: string): string | null {
  return /^begin [0-7]{3,4} (\S.*)$/.exec(line)?.[1] ?? null;
}

/** Certain enough to be the middle of an uuencoded file although no `begin` was seen. */
export function isFullUuLine(line: Uint8Array): boolean {
  return line[0] === FULL_LINE && FULL_LENGTHS.includes(line.length) && line.every(isUuByte);
}

/**
 * Decodes a line (at most 63 bytes) into `target` from `at` on, as far as there is room; answers how many bytes the line
 * holds, or null when it is no such line. Spaces that were cut from its end count as zeros.
 */
export function decodeUuLine(line: Uint8Array, target: Uint8Array, at: number): number | null {
  if (line.length === 0) return 0;
  const size = sixBits(line[0]!);
  const needed = 1 + Math.ceil(size / 3) * 4;
  if (line.length > needed + 2 || !line.every(isUuByte)) return null;
  for (let index = 0; index < size; index += 1) {
    const group = 1 + Math.floor(index / 3) * 4 + (index % 3);
    const high = sixBits(line[group] ?? SPACE);
    const low = sixBits(line[group + 1] ?? SPACE);
    const shift = 2 * (index % 3) + 2;
    if (at + index < target.length) target[at + index] = (high << shift) | (low >>> (6 - shift));
  }
  return size;
}

function isUuByte(byte: number): boolean {
  return byte >= SPACE && byte <= GRAVE;
}

function sixBits(byte: number): number {
  return (byte - SPACE) & 0x3f;
}
