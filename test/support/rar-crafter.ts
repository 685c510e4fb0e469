// Builds RAR blocks by hand, for sets no archiver makes. Knows the format by its description, not our decoder.

import { crc32 } from '../../scripts/lab/index.js';

export const RAR5_SIGNATURE = Buffer.from('526172211a070100', 'hex');
export const RAR4_SIGNATURE = Buffer.from('526172211a0700', 'hex');

export interface CraftedFile {
  readonly name: string;
  readonly data: Uint8Array;
  /** Of the whole file; default the data's. */
  readonly sizeBytes?: number;
  readonly splitBefore?: boolean;
  readonly splitAfter?: boolean;
  /** 0 is stored. */
  readonly method?: number;
  readonly isSolid?: boolean;
  readonly isFolder?: boolean;
  /** Ready-made records behind the header. */
  readonly extra?: Uint8Array;
}

export interface CraftedVolume {
  /** Null: no volume at all. */
  readonly number: number | null;
  readonly files: readonly CraftedFile[];
  /** Bytes between main header and files, as a comment takes. */
  readonly commentBytes?: number;
  readonly isLast?: boolean;
  readonly isSolid?: boolean;
}

/** `width` bytes at least. */
export function vint(value: number, width = 1): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80 || bytes.length + 1 < width; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  return Buffer.from([...bytes, rest]);
}

/** Checksum, length and what follows. */
export function rar5Block(body: Uint8Array): Buffer {
  const sized = Buffer.concat([vint(body.length), body]);
  const crc = Buffer.alloc(4);
  crc.writeUInt32LE(crc32(sized));
  return Buffer.concat([crc, sized]);
}

export function rar5Volume(volume: CraftedVolume): Buffer {
  const numbered = volume.number !== null && volume.number > 0;
  const flags = (volume.number === null ? 0 : 1) | (numbered ? 2 : 0) | (volume.isSolid === true ? 4 : 0);
  const number = numbered ? vint(volume.number ?? 0) : Buffer.alloc(0);
  const main = rar5Block(Buffer.concat([vint(1), vint(0), vint(flags), number]));
  const comment = volume.commentBytes === undefined ? [] : [rar5Comment(volume.commentBytes)];
  const end = rar5Block(Buffer.concat([vint(5), vint(0), vint(volume.isLast === false ? 1 : 0)]));
  return Buffer.concat([RAR5_SIGNATURE, main, ...comment, ...volume.files.flatMap(rar5File), end]);
}

function rar5Comment(bytes: number): Buffer {
  const name = Buffer.from('CMT');
  const fields = [3, 2, bytes, 0, bytes, 0, 0, 1, name.length].map(vint);
  return Buffer.concat([rar5Block(Buffer.concat([...fields, name])), Buffer.alloc(bytes, 0x2e)]);
}

function rar5File(file: CraftedFile): Buffer[] {
  const name = Buffer.from(file.name);
  const extra = file.extra ?? Buffer.alloc(0);
  const flags =
    2 | (extra.length > 0 ? 1 : 0) | (file.splitBefore === true ? 8 : 0) | (file.splitAfter === true ? 16 : 0);
  const compression = ((file.method ?? 0) << 7) | (file.isSolid === true ? 0x40 : 0);
  const header = [vint(2), vint(flags), ...(extra.length > 0 ? [vint(extra.length)] : []), lengthOf(file)];
  const fields = [file.isFolder === true ? 1 : 0, file.sizeBytes ?? file.data.length, 0, compression, 1, name.length];
  return [rar5Block(Buffer.concat([...header, ...fields.map(vint), name, extra])), Buffer.from(file.data)];
}

/** As wide as the length of the whole file, as the archiver writes it. */
function lengthOf({ data, sizeBytes = data.length }: CraftedFile): Buffer {
  return vint(data.length, vint(sizeBytes).length);
}

export interface CraftedRar4File extends Omit<CraftedFile, 'name' | 'extra'> {
  readonly name: string | Uint8Array;
  readonly salt?: Uint8Array;
  readonly version?: number;
  /** Set with the others: 0x200 is a name with a recipe. */
  readonly flags?: number;
}

/** A header of `type`; `rest` follows its length. */
export function rar4Block(type: number, flags: number, rest: Uint8Array): Buffer {
  const header = Buffer.alloc(7);
  header.writeUInt8(type, 2);
  header.writeUInt16LE(flags, 3);
  header.writeUInt16LE(7 + rest.length, 5);
  const block = Buffer.concat([header, rest]);
  block.writeUInt16LE(crc32(block.subarray(2)) & 0xffff, 0);
  return block;
}

export function rar4Main(flags: number): Buffer {
  return rar4Block(0x73, flags, Buffer.alloc(6));
}

export function rar4End(flags: number, volumeNumber: number | null): Buffer {
  const number = Buffer.alloc(volumeNumber === null ? 0 : 2);
  if (volumeNumber !== null) number.writeUInt16LE(volumeNumber);
  return rar4Block(0x7b, 0x4000 | flags | (volumeNumber === null ? 0 : 8), number);
}

export function rar4File(file: CraftedRar4File): Buffer {
  const name = Buffer.from(file.name);
  const fields = Buffer.alloc(25);
  fields.writeUInt32LE(file.data.length, 0);
  fields.writeUInt32LE(file.sizeBytes ?? file.data.length, 4);
  fields.writeUInt8(file.version ?? 29, 17);
  fields.writeUInt8(0x30 + (file.method ?? 0), 18);
  fields.writeUInt16LE(name.length, 19);
  const flags =
    0x8000 |
    (file.flags ?? 0) |
    (file.splitBefore === true ? 1 : 0) |
    (file.splitAfter === true ? 2 : 0) |
    (file.isSolid === true ? 0x10 : 0) |
    (file.isFolder === true ? 0xe0 : 0) |
    (file.salt === undefined ? 0 : 0x404);
  const rest = Buffer.concat([fields, name, file.salt ?? Buffer.alloc(0)]);
  return Buffer.concat([rar4Block(0x74, flags, rest), file.data]);
}
