// Open pack files, for reading and writing at any place. Opening costs more than a read, so a few stay open while they are
// used. Knows nothing of what is in them.

import { close, constants, open } from 'node:fs';
import { promisify } from 'node:util';

// The callback forms cost half of what a FileHandle does.
const openFile = promisify(open);
const closeFile = promisify(close);

interface OpenFile {
  readonly opened: Promise<number>;
  users: number;
  /** Closed when its last user leaves. */
  isDetached: boolean;
  closed: Promise<void>;
}

/** Keeps up to `max` files open that nobody uses at the moment (default 32), the longest unused is closed first. */
export class PackFiles {
  readonly #files = new Map<string, OpenFile>();

  constructor(private readonly max = 32) {}

  /** Files that are open, or being opened. */
  get size(): number {
    return this.#files.size;
  }

  /** Runs `work` with the descriptor, which is valid until it settles. @throws the system's error, `ENOENT` unless it may be made */
  async use<Result>(
    path: string,
    work: (descriptor: number) => Promise<Result>,
    { isMade }: { readonly isMade: boolean },
  ): Promise<Result> {
    const file = this.#files.get(path) ?? begin(path, isMade);
    file.users += 1;
    this.#files.delete(path);
    this.#files.set(path, file);
    try {
      return await work(await file.opened);
    } catch (error) {
      // One that could not be opened is tried anew by the next.
      if (await isBroken(file)) this.#detach(path, file);
      throw error;
    } finally {
      file.users -= 1;
      if (file.users === 0 && file.isDetached) shut(file);
      this.#trim();
    }
  }

  /** Resolves when it is closed, or when its last user has taken that over. Never rejects. */
  async close(path: string): Promise<void> {
    const file = this.#files.get(path);
    if (file === undefined) return;
    this.#detach(path, file);
    await file.closed;
  }

  #trim(): void {
    for (const [path, file] of this.#files) {
      if (this.#files.size <= this.max) return;
      if (file.users === 0) this.#detach(path, file);
    }
  }

  #detach(path: string, file: OpenFile): void {
    if (this.#files.get(path) === file) this.#files.delete(path);
    file.isDetached = true;
    if (file.users === 0) shut(file);
  }
}

function begin(path: string, isMade: boolean): OpenFile {
  const opened = openFile(path, isMade ? constants.O_RDWR | constants.O_CREAT : constants.O_RDWR);
  return { opened, users: 0, isDetached: false, closed: Promise.resolve() };
}

function isBroken(file: OpenFile): Promise<boolean> {
  return file.opened.then(
    () => false,
    () => true,
  );
}

function shut(file: OpenFile): void {
  file.closed = file.opened.then((descriptor) => closeFile(descriptor)).catch(() => undefined);
}
