// The NZBs themselves, one sealed file each: without one its release could not be read again after a restart. Knows nothing
// of what is in them.

import { randomUUID } from 'node:crypto';
import type { Stats } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { CorruptDataError, StorageFullError, TooLargeError, type ContentId } from '../content/index.js';
import type { Sealer } from '../platform/index.js';

export interface NzbDocumentsOptions {
  /** Made when first needed. */
  readonly folder: string;
  readonly sealer: Sealer;
  /** Told how large a document that was kept is. */
  readonly noteSize?: (contentId: ContentId, bytes: number) => void;
  /** Larger ones are refused. Default 400 MB. */
  readonly maxBytes?: number;
}

const DEFAULT_MAX_BYTES = 400e6;
const SEAL_ALLOWANCE_BYTES = 64 * 1024;
const DOCUMENT_NAME = /^([0-9a-f]{64})\.nzb$/;
const compress = promisify(gzip);
const decompress = promisify(gunzip);

/** Whole or not there, across a power cut. As many as the library has NZBs, and those of the last days: whoever
 * removes those removes these. */
export class NzbDocuments {
  readonly #options: NzbDocumentsOptions;
  readonly #maxBytes: number;

  constructor(options: NzbDocumentsOptions) {
    this.#options = options;
    this.#maxBytes = options.maxBytes ?? DEFAULT_MAX_BYTES;
  }

  /** Keeps the NZB's plain `bytes` in place of what is there. On the disk when it resolves. @throws {TooLargeError}; {StorageFullError} */
  async keep(contentId: ContentId, bytes: Uint8Array): Promise<void> {
    if (bytes.length > this.#maxBytes) throw new TooLargeError('This NZB is larger than is kept.');
    const sealed = this.#options.sealer.seal(await compress(bytes));
    const file = this.#fileOf(contentId);
    try {
      await mkdir(dirname(file), { recursive: true, mode: 0o700 });
      await writeWhole(file, sealed);
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException;
      if (code !== 'ENOSPC' && code !== 'EDQUOT') throw cause;
      throw new StorageFullError('The disk is full.', { cause });
    }
    this.#options.noteSize?.(contentId, bytes.length);
  }

  /** The NZB's plain bytes; null where none is kept. @throws {CorruptDataError} when it cannot be opened any more */
  async read(contentId: ContentId): Promise<Uint8Array | null> {
    const file = this.#fileOf(contentId);
    const sizeBytes = await sizeOf(file);
    if (sizeBytes === null) return null;
    if (sizeBytes > this.#maxBytes + SEAL_ALLOWANCE_BYTES) throw unreadable(undefined);
    const sealed = await readFile(file);
    try {
      return await decompress(this.#options.sealer.open(sealed), { maxOutputLength: this.#maxBytes });
    } catch (cause) {
      throw unreadable(cause);
    }
  }

  async has(contentId: ContentId): Promise<boolean> {
    return (await sizeOf(this.#fileOf(contentId))) !== null;
  }

  /** All that are kept, with the moment they were written, epoch ms; in no order. Ends with the iteration. */
  async *list(): AsyncGenerator<{ readonly contentId: ContentId; readonly keptAt: number }, void, undefined> {
    for (const name of await namesIn(this.#options.folder)) {
      const [, contentId] = DOCUMENT_NAME.exec(name) ?? [];
      if (contentId === undefined) continue;
      const found = await statOf(join(this.#options.folder, name));
      if (found !== null) yield { contentId: contentId as ContentId, keptAt: found.mtimeMs };
    }
  }

  /** Idempotent. */
  async remove(contentId: ContentId): Promise<void> {
    await rm(this.#fileOf(contentId), { force: true });
  }

  #fileOf(contentId: ContentId): string {
    return join(this.#options.folder, `${contentId}.nzb`);
  }
}

async function writeWhole(file: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${file}.${randomUUID()}`;
  try {
    const handle = await open(temporary, 'wx', 0o600);
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
    await syncFolder(dirname(file));
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Makes the new name survive a power cut. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function sizeOf(file: string): Promise<number | null> {
  return (await statOf(file))?.size ?? null;
}

function statOf(file: string): Promise<Stats | null> {
  return stat(file).catch(orNull);
}

/** None where there is no folder yet. */
async function namesIn(folder: string): Promise<readonly string[]> {
  return (await readdir(folder).catch(orNull)) ?? [];
}

function orNull(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
  throw error;
}

function unreadable(cause: unknown): CorruptDataError {
  return new CorruptDataError('A kept NZB cannot be read.', { cause });
}
