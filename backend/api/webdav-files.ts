// Files of the tree as delivery wants them: known by what the listing said, opened when their first byte is asked for. A
// program that looks at a thousand files with HEAD opens none.

import { NotFoundError } from '../content/index.js';
import type { ByteRange, MediaFile, OpenOptions } from '../content/index.js';
import { openItemFile } from './item-files.js';
import type { FileOpening } from './item-files.js';
import type { SubmittedDocument, SubmittedDocuments } from './webdav-documents.js';
import { documentIdOf, fileIdOf } from './webdav-tree.js';
import type { Place } from './webdav-tree.js';

type Facts = Pick<MediaFile, 'id' | 'name' | 'sizeBytes' | 'modifiedAt'>;

class LazyMediaFile implements MediaFile {
  readonly id: string;
  readonly name: string;
  readonly sizeBytes: number;
  readonly modifiedAt: Date;
  readonly #read: MediaFile['open'];

  constructor({ id, name, sizeBytes, modifiedAt }: Facts, read: MediaFile['open']) {
    this.id = id;
    this.name = name;
    this.sizeBytes = sizeBytes;
    this.modifiedAt = modifiedAt;
    this.#read = read;
  }

  open(range: ByteRange, options: OpenOptions): AsyncIterable<Uint8Array> {
    return this.#read(range, options);
  }
}

/** The file at `place`. Of another server's file, that server is asked now: it alone knows whether it is still the same. */
export async function openPlacedFile(
  opening: FileOpening,
  { path, shown, file }: Extract<Place, { kind: 'file' }>,
  gone: AbortSignal,
): Promise<MediaFile> {
  const place = { contentId: shown.item.contentId, fileIndex: file.file.index };
  const id = fileIdOf(shown, file);
  if (id === null) return openItemFile(opening, place, gone);
  const { sizeBytes } = file.file;
  const facts = { id, name: path.at(-1) ?? '', sizeBytes, modifiedAt: new Date(shown.addedAt) };
  return new LazyMediaFile(facts, async function* (range, options) {
    const opened = await openItemFile(opening, place, options.signal);
    yield* opened.open(range, options);
  });
}

/** What was submitted, as it is now: a later submission of the same content may have brought another document. */
export async function openDocument(
  documents: Pick<SubmittedDocuments, 'read'>,
  document: SubmittedDocument,
): Promise<MediaFile> {
  const { item, name } = document;
  const bytes = await documents.read(item);
  if (bytes === null) throw new NotFoundError('This is not kept any more.');
  const facts = { id: documentIdOf(document), name, sizeBytes: bytes.length, modifiedAt: new Date(item.createdAt) };
  return new LazyMediaFile(facts, async function* ({ start, end }) {
    for (let at = start; at < end; at += CHUNK_BYTES) yield bytes.subarray(at, Math.min(end, at + CHUNK_BYTES));
  });
}

const CHUNK_BYTES = 1024 * 1024;
