// The files of an export on disk, and the list of which are ours: written whole or not at all, and only where nothing of
// somebody else's stands. The only code that touches the folder; below it symbolic links are never followed. Knows no item.

import { createHash, randomBytes } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import { lstat, mkdir, open, readFile, rename, rmdir, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { CorruptDataError } from '../content/index.js';

/** What was written for an item. */
export interface Exported {
  /** Below the export's folder. */
  readonly folder: string;
  /** Sums of what was written, by path below `folder`. */
  readonly files: Readonly<Record<string, string>>;
}

/** By item. */
export type ExportList = ReadonlyMap<number, Exported>;

/** Hidden, which no exported folder is. */
const LIST_NAME = '.headstart-export.json';
/** Ours are one address long. */
const MAX_FILE_BYTES = 16 * 1024;
const MAX_LIST_BYTES = 256 * 1024 * 1024;
const READ_FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

const innerPath = z.string().refine((text) => text.split('/').every((part) => /^[^.\0\\][^\0\\]*$/.test(part)));
const filePath = innerPath.refine((text) => text.endsWith('.strm'));
const exportedForm = z.object({ folder: innerPath, files: z.record(filePath, z.string()) });
const listForm = z.object({ items: z.record(z.string().regex(/^\d{1,15}$/), exportedForm) });

/** The sum by which a file of ours is known again. */
export function sumOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}

/** Errors are the disk's unless said otherwise. */
export class ExportedFiles {
  /** @param folder absolute; made when it is missing */
  constructor(private readonly folder: string) {}

  /** Which files are ours. @throws {CorruptDataError} when the list cannot be read */
  async readList(): Promise<Map<number, Exported>> {
    await mkdir(this.folder, { recursive: true });
    const text = await readPlain(join(this.folder, LIST_NAME), MAX_LIST_BYTES);
    if (text === null) return new Map();
    const parsed = listForm.safeParse(jsonOf(text));
    if (!parsed.success) throw new CorruptDataError('The list of exported files cannot be read.');
    return new Map(Object.entries(parsed.data.items).map(([id, exported]) => [Number(id), exported]));
  }

  /** Resolves when the folder itself can be written. */
  async check(): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    const part = partIn(this.folder);
    await (await open(part, 'wx', 0o644)).close();
    await unlink(part);
  }

  async writeList(list: ExportList): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    await this.#replace(LIST_NAME, `${JSON.stringify({ items: Object.fromEntries(list) })}\n`);
  }

  /**
   * Sees to it that `path` holds `text`. `sum`: of what was written there before. False where something stands that is
   * not ours.
   */
  async write(path: string, text: string, sum: string | undefined): Promise<boolean> {
    if (!(await this.#makeFolders(dirname(path)))) return false;
    const found = await statOf(join(this.folder, path));
    if (found !== null) {
      const kept = found.isFile() ? await readPlain(join(this.folder, path), MAX_FILE_BYTES) : null;
      if (kept === text) return true;
      if (kept === null || sum === undefined || sumOf(kept) !== sum) return false;
    }
    await this.#replace(path, text);
    return true;
  }

  /** Removes what was written there, unless it was changed; then the folders that are left empty. */
  async remove(path: string, sum: string): Promise<void> {
    const parts = dirname(path).split('/');
    if (!(await this.#areFolders(parts))) return;
    const kept = await readPlain(join(this.folder, path), MAX_FILE_BYTES);
    if (kept !== null && sumOf(kept) === sum) await unlink(join(this.folder, path));
    for (let depth = parts.length; depth > 0; depth -= 1) {
      const isGone = await rmdir(join(this.folder, ...parts.slice(0, depth))).then(
        () => true,
        () => false,
      );
      if (!isGone) return;
    }
  }

  async #makeFolders(path: string): Promise<boolean> {
    await mkdir(this.folder, { recursive: true });
    const parts = path.split('/');
    for (let depth = 1; depth <= parts.length; depth += 1) {
      await mkdir(join(this.folder, ...parts.slice(0, depth))).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'EEXIST') throw error;
      });
      if (!(await this.#areFolders(parts.slice(0, depth)))) return false;
    }
    return true;
  }

  /** All of them folders of their own, none a link to elsewhere. */
  async #areFolders(parts: readonly string[]): Promise<boolean> {
    for (let depth = 1; depth <= parts.length; depth += 1) {
      const found = await statOf(join(this.folder, ...parts.slice(0, depth)));
      if (found?.isDirectory() !== true) return false;
    }
    return true;
  }

  /** Whoever reads meanwhile sees the old or the new, never a part of it. */
  async #replace(path: string, text: string): Promise<void> {
    const target = join(this.folder, path);
    const part = partIn(dirname(target));
    try {
      const handle = await open(part, 'wx', 0o644);
      try {
        await handle.writeFile(text);
      } finally {
        await handle.close();
      }
      await rename(part, target);
    } catch (error) {
      await unlink(part).catch(() => undefined);
      throw error;
    }
  }
}

/** A file of ours that is nobody's yet. */
function partIn(folder: string): string {
  return join(folder, `.headstart-${randomBytes(6).toString('hex')}.part`);
}

/** Null for what is not there, no plain file, or larger. */
async function readPlain(path: string, maxBytes: number): Promise<string | null> {
  const handle = await open(path, READ_FLAGS).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ELOOP' || error.code === 'ENXIO') return null;
    throw error;
  });
  if (handle === null) return null;
  try {
    const found = await handle.stat();
    return found.isFile() && found.size <= maxBytes ? await readFile(handle, 'utf8') : null;
  } finally {
    await handle.close();
  }
}

async function statOf(path: string): Promise<Stats | null> {
  return lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
