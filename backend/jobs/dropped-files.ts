// The files of the watch folder: which lie there, their bytes, and where they go when they are done with. The only code
// here that touches the disk, and only below its folder: symbolic links are never followed. Knows no job.

import { constants, type Stats } from 'node:fs';
import { lstat, mkdir, open, opendir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError, TooLargeError } from '../content/index.js';

export type DropKind = 'nzb' | 'torrent';

/** A file that lies in the folder, as it was when looked at. */
export interface Drop {
  /** Without folders. */
  readonly name: string;
  readonly kind: DropKind;
  readonly sizeBytes: number;
  readonly modifiedMs: number;
}

/** Why a file was put aside. */
export interface DropFailure {
  readonly code: string;
  readonly message: string;
}

export interface DroppedFilesOptions {
  /** Absolute. Made when it is missing. */
  readonly folder: string;
  /** Larger ones are refused, unread. */
  readonly maxBytes: Readonly<Record<DropKind, number>>;
}

/** As many as are looked at in one go; the others' turn comes when these are gone. */
const MAX_LISTED = 1000;
/** Entries of other kinds that are passed over before the look ends. */
const MAX_PASSED = 100_000;
/** File systems allow 255; ` (1000)` and `.txt` come on top. */
const MAX_NAME_BYTES = 240;
const MAX_COPIES = 1000;
/** Not behind a link, and not waiting for the writer of a pipe. */
const READ_FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

export class DroppedFiles {
  readonly #folder: string;
  readonly #maxBytes: Readonly<Record<DropKind, number>>;
  /** Moves happen one after another, so that two never choose the same free name. */
  #moves: Promise<unknown> = Promise.resolve();

  constructor(options: DroppedFilesOptions) {
    this.#folder = options.folder;
    this.#maxBytes = options.maxBytes;
  }

  /** What lies there now and is of a known kind, at most 1000. Makes the folder when it is missing. Errors are the disk's. */
  async list(): Promise<readonly Drop[]> {
    await mkdir(this.#folder, { recursive: true });
    const drops: Drop[] = [];
    let passed = 0;
    for await (const { name } of await opendir(this.#folder)) {
      const kind = kindOf(name);
      const drop = kind === null ? null : await this.#look(name, kind);
      if (drop !== null) drops.push(drop);
      else passed += 1;
      if (drops.length >= MAX_LISTED || passed >= MAX_PASSED) break;
    }
    return drops;
  }

  /**
   * Its bytes; null when it vanished, changed meanwhile, or is no plain file any more.
   * @throws {TooLargeError | InputError} with what to tell the user.
   */
  async read(drop: Drop): Promise<Uint8Array | null> {
    const limit = this.#maxBytes[drop.kind];
    if (drop.sizeBytes === 0) throw new InputError('The file is empty.', { code: 'EMPTY_FILE' });
    if (drop.sizeBytes > limit) throw new TooLargeError(`The file is larger than ${String(limit)} bytes.`);
    try {
      return await readWhole(join(this.#folder, drop.name), drop);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT' || code === 'ELOOP') return null;
      throw new InputError('The file cannot be read.', { code: 'UNREADABLE_FILE', cause: error });
    }
  }

  /**
   * Moves a file that was taken; with a `failure`, to `failed`, with a text beside it. One that vanished or was written
   * anew meanwhile is left alone. Errors are the disk's.
   */
  async putAway(drop: Drop, failure: DropFailure | null): Promise<void> {
    const moved = this.#moves.then(() => this.#move(drop, failure));
    this.#moves = moved.catch(() => undefined);
    await moved;
  }

  async #look(name: string, kind: DropKind): Promise<Drop | null> {
    const found = await statOf(join(this.#folder, name));
    return found?.isFile() === true ? { name, kind, sizeBytes: found.size, modifiedMs: found.mtimeMs } : null;
  }

  async #move(drop: Drop, failure: DropFailure | null): Promise<void> {
    const { kind, modifiedMs, name, sizeBytes } = drop;
    const now = await this.#look(name, kind);
    if (now?.sizeBytes !== sizeBytes || now.modifiedMs !== modifiedMs) return;
    const folder = join(this.#folder, failure === null ? 'done' : 'failed');
    await mkdir(folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
    if ((await statOf(folder))?.isDirectory() !== true) throw new InputError('It is not a folder of its own.');
    const free = await freeName(folder, name);
    await rename(join(this.#folder, name), join(folder, free));
    if (failure === null) return;
    await writeFile(join(folder, `${free}.txt`), `${failure.code}\n${failure.message}\n`, { flag: 'wx' });
  }
}

/** By the end of the name; hidden, temporary and unfinished files have other beginnings or ends. */
function kindOf(name: string): DropKind | null {
  if (/^[.~#]/.test(name)) return null;
  if (/\.nzb(?:\.gz)?$/i.test(name)) return 'nzb';
  return /\.torrent$/i.test(name) ? 'torrent' : null;
}

async function readWhole(path: string, drop: Drop): Promise<Uint8Array | null> {
  const handle = await open(path, READ_FLAGS);
  try {
    const now = await handle.stat();
    if (!now.isFile() || now.size !== drop.sizeBytes || now.mtimeMs !== drop.modifiedMs) return null;
    const bytes = new Uint8Array(now.size);
    let length = 0;
    while (length < bytes.length) {
      const { bytesRead } = await handle.read(bytes, length, bytes.length - length, length);
      if (bytesRead === 0) return null;
      length += bytesRead;
    }
    return bytes;
  } finally {
    await handle.close();
  }
}

/** Null for what is not there or cannot be looked at. */
async function statOf(path: string): Promise<Stats | null> {
  return lstat(path).catch(() => null);
}

/** `name`, or `name (2)` and so on when it, or its text, is there already. */
async function freeName(folder: string, name: string): Promise<string> {
  const ending = /(?:\.nzb(?:\.gz)?|\.torrent)$/i.exec(name)?.[0] ?? '';
  const stem = cut(name.slice(0, name.length - ending.length), MAX_NAME_BYTES - ending.length);
  for (let copy = 1; copy <= MAX_COPIES; copy += 1) {
    const free = copy === 1 ? `${stem}${ending}` : `${stem} (${String(copy)})${ending}`;
    const taken = await Promise.all([statOf(join(folder, free)), statOf(join(folder, `${free}.txt`))]);
    if (taken.every((one) => one === null)) return free;
  }
  throw new InputError('There are too many files of this name.');
}

function cut(text: string, maxBytes: number): string {
  let short = text;
  while (Buffer.byteLength(short) > maxBytes) short = [...short].slice(0, -1).join('');
  return short;
}
