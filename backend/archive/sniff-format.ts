// What a file is, by its first bytes. Pure. Names may lie or be random; magic numbers seldom do.

import { sniffMedia } from './sniff-media.js';
import type { MediaFormat } from './sniff-media.js';
import { sniffRar } from './sniff-rar.js';

export type SniffedFormat = 'rar4' | 'rar5' | '7z' | 'zip' | 'par2' | MediaFormat;

export interface Sniffed {
  readonly format: SniffedFormat;
  /** RAR: its place among the volumes, 0-based; null where the first bytes do not tell. */
  readonly volumeNumber?: number | null;
  /** RAR: whether it is the first (or only) volume; null where the first bytes do not tell. */
  readonly isFirstVolume?: boolean | null;
  /** RAR: whether it is one of several; null where the first bytes do not tell. */
  readonly isVolume?: boolean | null;
}

/** Enough for every format: transport streams need three packets. */
export const SNIFF_BYTES = 1024;

const SEVEN_ZIP = [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c];
const PAR2 = [0x50, 0x41, 0x52, 0x32, 0x00, 0x50, 0x4b, 0x54];

const EXTENSIONS: Readonly<Record<SniffedFormat, string>> = {
  rar4: 'rar',
  rar5: 'rar',
  '7z': '7z',
  zip: 'zip',
  par2: 'par2',
  matroska: 'mkv',
  webm: 'webm',
  mp4: 'mp4',
  mov: 'mov',
  avi: 'avi',
  mpegts: 'ts',
  m2ts: 'm2ts',
  mpegps: 'mpg',
  flv: 'flv',
  asf: 'wmv',
  ogg: 'ogv',
};

/** `head` are the first bytes of a file, at best `SNIFF_BYTES` of them. Null for what is not known. */
export function sniffFormat(head: Uint8Array): Sniffed | null {
  const rar = sniffRar(head);
  if (rar !== null) return rar;
  if (startsWith(head, SEVEN_ZIP)) return { format: '7z' };
  if (startsWith(head, PAR2)) return { format: 'par2' };
  if (isZip(head)) return { format: 'zip' };
  const media = sniffMedia(head);
  return media === null ? null : { format: media };
}

/** The usual extension of such a file, without the dot. */
export function extensionOf(sniffed: Sniffed): string {
  return EXTENSIONS[sniffed.format];
}

/** A local header, an empty archive, or the mark of a spanned one. */
function isZip(head: Uint8Array): boolean {
  if (head[0] !== 0x50 || head[1] !== 0x4b) return false;
  const mark = `${head[2]},${head[3]}`;
  return mark === '3,4' || mark === '5,6' || mark === '7,8' || (mark === '48,48' && head[4] === 0x50);
}

function startsWith(head: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, at) => head[at] === byte);
}
