// Reads and writes single article files. A file gets its name when it is whole, and its bytes are checked when they are read.

import { close, open, readv, rename, unlink, writev } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { DecodedArticle, SlotPool } from '../article.js';
import type { ArticleFileName } from './article-file.js';
import { formatArticleFileName, formatArticleHeader, HEADER_BYTES, parseArticleHeader } from './article-file.js';

/** What a file is called while it is written. */
export const UNFINISHED_SUFFIX = '.part';

// The callback forms cost half of what a FileHandle does, and there are a thousand files in a gigabyte.
const openFile = promisify(open);
const closeFile = promisify(close);
const renameFile = promisify(rename);
const unlinkFile = promisify(unlink);
const readParts = promisify(readv);
const writeParts = promisify(writev);

/** False when the article has no form on disk. @throws the system's error, `ENOSPC` among them; nothing is left then */
export async function writeArticle(folder: string, key: string, article: DecodedArticle): Promise<boolean> {
  const { bytes, crc32, part } = article;
  const header = formatArticleHeader({ sizeBytes: bytes.length, crc32, part });
  if (header === null) return false;
  const path = join(folder, formatArticleFileName({ key, sizeBytes: bytes.length }));
  const unfinished = path + UNFINISHED_SUFFIX;
  const file = await openFile(unfinished, 'w');
  try {
    try {
      await writeWhole(file, [header, bytes]);
    } finally {
      await closeFile(file);
    }
    await renameFile(unfinished, path);
  } catch (error) {
    await unlinkFile(unfinished).catch(() => undefined);
    throw error;
  }
  return true;
}

/** Null when the file is gone, cut short or not what it was. @throws the system's error when that cannot be found out */
export async function readArticle(
  folder: string,
  name: ArticleFileName,
  { slots, crc32 }: { readonly slots: SlotPool; readonly crc32: (bytes: Uint8Array) => number },
): Promise<DecodedArticle | null> {
  const file = await openFile(join(folder, formatArticleFileName(name)), 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (file === null) return null;
  const slot = slots.take(name.sizeBytes);
  let isSound = false;
  try {
    const header = Buffer.allocUnsafe(HEADER_BYTES);
    const bytes = slot.subarray(0, name.sizeBytes);
    const isWhole = await readWhole(file, [header, bytes]);
    const facts = isWhole ? parseArticleHeader(header) : null;
    if (facts === null || facts.sizeBytes !== bytes.length || crc32(bytes) !== facts.crc32) return null;
    isSound = true;
    return { slot, bytes, crc32: facts.crc32, part: facts.part };
  } finally {
    if (!isSound) slots.give(slot);
    await closeFile(file);
  }
}

/** False when it is still there. */
export async function removeArticle(folder: string, name: ArticleFileName): Promise<boolean> {
  return unlinkFile(join(folder, formatArticleFileName(name))).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code === 'ENOENT',
  );
}

async function writeWhole(file: number, parts: readonly Uint8Array[]): Promise<void> {
  for (let rest = parts; rest.length > 0;) {
    const { bytesWritten } = await writeParts(file, rest);
    rest = after(rest, bytesWritten);
  }
}

/** False when the file ends before the parts are full. */
async function readWhole(file: number, parts: readonly Uint8Array[]): Promise<boolean> {
  for (let rest = parts; rest.length > 0;) {
    const { bytesRead } = await readParts(file, rest);
    if (bytesRead === 0) return rest.every((part) => part.length === 0);
    rest = after(rest, bytesRead);
  }
  return true;
}

/** What of `parts` remains after so many bytes. */
function after(parts: readonly Uint8Array[], done: number): Uint8Array[] {
  const rest: Uint8Array[] = [];
  let passed = 0;
  for (const part of parts) {
    const skip = Math.min(part.length, done - passed);
    passed += skip;
    if (skip < part.length) rest.push(part.subarray(skip));
  }
  return rest;
}
