// Where a 7z keeps its packed streams, how they are packed (folders), and which files share one (substreams). Pure.

import type { ByteReader } from './byte-reader.js';
import { damaged } from './byte-reader.js';

export interface Coder {
  /** Lower-case hex, as in 7-Zip's list of methods. */
  readonly id: string;
  readonly properties: Uint8Array;
}

export interface Folder {
  /** In the order in which they are undone, packed bytes first; null when they are no simple chain. */
  readonly chain: readonly Coder[] | null;
  /** Of the last one undone. */
  readonly sizeBytes: number;
  /** What comes out of each coder of the chain. */
  readonly sizes: readonly number[];
  readonly crc32: number | null;
  /** Of the packed stream: from the end of the start header. */
  readonly packedStart: number;
  readonly packedBytes: number;
  /** Sizes of the files in it, one after the other. */
  readonly files: readonly number[];
}

export const END = 0x00;
const PACK_INFO = 0x06;
const UNPACK_INFO = 0x07;
const SUBSTREAMS_INFO = 0x08;
const SIZE = 0x09;
const CRC = 0x0a;
const FOLDER = 0x0b;
const CODERS_UNPACK_SIZE = 0x0c;
const NUM_UNPACK_STREAM = 0x0d;
const MAX_CODERS = 8;

interface Packing {
  readonly start: number;
  readonly sizes: readonly number[];
}

/** A folder as its record says it, before sizes are known. */
interface FolderRecord {
  readonly coders: readonly Coder[];
  /** Indexes of `coders` in the order in which they are undone; null for what is no chain. */
  readonly order: readonly number[] | null;
  readonly packedStreams: number;
  readonly outputs: number;
}

/** Reads a StreamsInfo up to and including its end. @throws {UnplayableError} */
export function readStreamsInfo(reader: ByteReader): readonly Folder[] {
  let packing: Packing = { start: 0, sizes: [] };
  let folders: readonly Folder[] = [];
  for (let type = reader.byte(); type !== END; type = reader.byte()) {
    if (type === PACK_INFO) packing = readPackInfo(reader);
    else if (type === UNPACK_INFO) folders = readUnpackInfo(reader, packing);
    else if (type === SUBSTREAMS_INFO) folders = readSubstreams(reader, folders);
    else throw damaged();
  }
  return folders;
}

function readPackInfo(reader: ByteReader): Packing {
  const start = reader.number();
  const count = reader.count();
  let sizes: number[] = [];
  for (let type = reader.byte(); type !== END; type = reader.byte()) {
    if (type === SIZE) sizes = Array.from({ length: count }, () => reader.number());
    else if (type === CRC) readDigests(reader, count);
    else throw damaged();
  }
  return { start, sizes };
}

function readUnpackInfo(reader: ByteReader, packing: Packing): Folder[] {
  if (reader.byte() !== FOLDER) throw damaged();
  const count = reader.count();
  if (reader.byte() !== 0) throw damaged(); // folders kept elsewhere: nobody writes that
  const records = Array.from({ length: count }, () => readFolder(reader));
  if (reader.byte() !== CODERS_UNPACK_SIZE) throw damaged();
  const sizes = records.map(({ outputs }) => Array.from({ length: outputs }, () => reader.number()));
  let digests: readonly (number | null)[] = [];
  for (let type = reader.byte(); type !== END; type = reader.byte()) {
    if (type !== CRC) throw damaged();
    digests = readDigests(reader, count);
  }
  let stream = 0;
  let start = packing.start;
  return records.map((record, index) => {
    const packed = packing.sizes.slice(stream, stream + record.packedStreams);
    const packedStart = start;
    stream += record.packedStreams;
    start += packed.reduce((sum, size) => sum + size, 0);
    if (packed.length !== record.packedStreams || !Number.isSafeInteger(start)) throw damaged();
    return folderOf(record, sizes[index] ?? [], { crc32: digests[index] ?? null, packedStart, packed });
  });
}

function folderOf(
  { coders, order }: FolderRecord,
  sizes: readonly number[],
  place: { readonly crc32: number | null; readonly packedStart: number; readonly packed: readonly number[] },
): Folder {
  const ordered = (order ?? []).map((index) => sizes[index] ?? 0);
  const sizeBytes = ordered.at(-1) ?? 0;
  return {
    chain: order === null ? null : order.flatMap((index) => coders[index] ?? []),
    sizeBytes,
    sizes: ordered,
    crc32: place.crc32,
    packedStart: place.packedStart,
    packedBytes: place.packed[0] ?? 0,
    files: [sizeBytes],
  };
}

function readFolder(reader: ByteReader): FolderRecord {
  const coders: Coder[] = [];
  const count = reader.count(MAX_CODERS);
  let inputs = 0;
  let outputs = 0;
  for (let index = 0; index < count; index += 1) {
    const flags = reader.byte();
    const id = Buffer.from(reader.take(flags & 0x0f)).toString('hex');
    const isComplex = (flags & 0x10) !== 0;
    inputs += isComplex ? reader.count(MAX_CODERS) : 1;
    outputs += isComplex ? reader.count(MAX_CODERS) : 1;
    const properties = (flags & 0x20) === 0 ? new Uint8Array() : reader.take(reader.number());
    coders.push({ id, properties });
  }
  if (count === 0 || outputs === 0) throw damaged();
  const pairs = Array.from({ length: outputs - 1 }, () => ({ input: reader.number(), output: reader.number() }));
  const packedStreams = inputs - pairs.length;
  if (packedStreams < 1) throw damaged();
  if (packedStreams > 1) for (let index = 0; index < packedStreams; index += 1) reader.number();
  const isChain = inputs === count && outputs === count;
  return { coders, order: isChain ? orderOf(count, pairs) : null, packedStreams, outputs };
}

/** From the coder that takes the packed stream to the one whose output nobody takes. */
function orderOf(
  count: number,
  pairs: readonly { readonly input: number; readonly output: number }[],
): readonly number[] | null {
  const order: number[] = [];
  const first = Array.from({ length: count }, (_coder, index) => index).find(
    (index) => !pairs.some(({ input }) => input === index),
  );
  for (let next = first; next !== undefined && order.length <= count;) {
    const current = next;
    order.push(current);
    next = pairs.find(({ output }) => output === current)?.input;
  }
  return order.length === count ? order : null;
}

function readSubstreams(reader: ByteReader, folders: readonly Folder[]): readonly Folder[] {
  let counts: readonly number[] = folders.map(() => 1);
  let type = reader.byte();
  if (type === NUM_UNPACK_STREAM) {
    counts = folders.map(() => reader.count());
    type = reader.byte();
  }
  const hasSizes = type === SIZE;
  const files = folders.map(({ sizeBytes }, index) => substreamsOf(reader, sizeBytes, counts[index] ?? 0, hasSizes));
  if (hasSizes) type = reader.byte();
  for (; type !== END; type = reader.byte()) {
    if (type !== CRC) throw damaged();
    const unknown = counts.filter((count, index) => count !== 1 || folders[index]?.crc32 === null);
    readDigests(
      reader,
      unknown.reduce((sum, count) => sum + count, 0),
    );
  }
  return folders.map((folder, index) => ({ ...folder, files: files[index] ?? [] }));
}

/** All sizes but the last are written. */
function substreamsOf(reader: ByteReader, sizeBytes: number, count: number, hasSizes: boolean): number[] {
  if (count === 0) return [];
  if (count > 1 && !hasSizes) throw damaged();
  const sizes = Array.from({ length: count - 1 }, () => reader.number());
  const last = sizeBytes - sizes.reduce((sum, size) => sum + size, 0);
  if (last < 0) throw damaged();
  return [...sizes, last];
}

function readDigests(reader: ByteReader, count: number): (number | null)[] {
  if (count > reader.remaining * 8) throw damaged();
  return reader.optionalBits(count).map((isDefined) => (isDefined ? reader.uint32() : null));
}
