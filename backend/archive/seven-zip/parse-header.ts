// The header of a 7z: which files it holds, or how the real header is packed. Pure.

import type { ByteReader } from './byte-reader.js';
import { ByteReader as Reader, damaged } from './byte-reader.js';
import type { Folder } from './streams-info.js';
import { END, readStreamsInfo } from './streams-info.js';

/** A file with bytes; folders and empty files have none and are left out. */
export interface SevenZipEntry {
  readonly path: string;
  readonly sizeBytes: number;
  readonly folder: Folder;
  /** Where it begins in what its folder unpacks to. */
  readonly offset: number;
}

export type SevenZipHeader =
  | { readonly kind: 'packed'; readonly folder: Folder }
  | { readonly kind: 'plain'; readonly entries: readonly SevenZipEntry[] };

/** Longer headers are refused, packed or not. */
export const MAX_HEADER_BYTES = 16 * 1024 * 1024;

const HEADER = 0x01;
const ARCHIVE_PROPERTIES = 0x02;
const MAIN_STREAMS = 0x04;
const FILES = 0x05;
const EMPTY_STREAM = 0x0e;
const NAMES = 0x11;
const PACKED_HEADER = 0x17;

/** @throws {UnplayableError} `ARCHIVE_UNSUPPORTED` when it is damaged */
export function parseSevenZipHeader(bytes: Uint8Array): SevenZipHeader {
  if (bytes.length === 0) return { kind: 'plain', entries: [] };
  const reader = new Reader(bytes);
  const type = reader.byte();
  if (type === PACKED_HEADER) {
    const [folder] = readStreamsInfo(reader);
    if (folder === undefined) throw damaged();
    return { kind: 'packed', folder };
  }
  if (type !== HEADER) throw damaged();
  return { kind: 'plain', entries: readHeader(reader) };
}

function readHeader(reader: ByteReader): SevenZipEntry[] {
  let folders: readonly Folder[] = [];
  let files: FileList = { names: [], isEmpty: [] };
  for (let type = reader.byte(); type !== END; type = reader.byte()) {
    if (type === ARCHIVE_PROPERTIES) skipProperties(reader);
    else if (type === MAIN_STREAMS) folders = readStreamsInfo(reader);
    else if (type === FILES) files = readFiles(reader);
    else throw damaged();
  }
  return entriesOf(folders, files);
}

function skipProperties(reader: ByteReader): void {
  while (reader.byte() !== END) reader.take(reader.number());
}

interface FileList {
  readonly names: readonly string[];
  readonly isEmpty: readonly boolean[];
}

function readFiles(reader: ByteReader): FileList {
  const count = reader.count();
  let names: readonly string[] = [];
  let isEmpty: readonly boolean[] = [];
  for (let type = reader.byte(); type !== END; type = reader.byte()) {
    const property = new Reader(reader.take(reader.number()));
    if (type === EMPTY_STREAM) isEmpty = property.bits(count);
    else if (type === NAMES) names = readNames(property, count);
  }
  return { names: names.length > 0 ? names : Array.from({ length: count }, () => ''), isEmpty };
}

/** UTF-16, each ended by a zero. */
function readNames(reader: ByteReader, count: number): string[] {
  if (reader.byte() !== 0) throw damaged(); // names kept elsewhere: nobody writes that
  const names = new TextDecoder('utf-16le').decode(reader.take(reader.remaining)).split('\0');
  if (names.length <= count - 1) throw damaged();
  return names.slice(0, count);
}

/** Files with bytes take the substreams of the folders in order. */
function entriesOf(folders: readonly Folder[], { names, isEmpty }: FileList): SevenZipEntry[] {
  const streams = folders.flatMap((folder) => {
    let end = 0;
    return folder.files.map((sizeBytes) => ({ folder, sizeBytes, offset: (end += sizeBytes) - sizeBytes }));
  });
  const paths = names.filter((_name, index) => isEmpty[index] !== true);
  return streams.flatMap((stream, index) => {
    const path = paths[index];
    return path === undefined || stream.sizeBytes === 0 ? [] : [{ ...stream, path }];
  });
}
