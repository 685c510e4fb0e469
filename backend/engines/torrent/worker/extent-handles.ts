// Open files of one torrent's extents, a bounded number of them. Knows nothing of what is in them.

import { constants } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExtentIndex } from '../geometry.js';
import { extentFileName } from '../resume.js';

/** Files that stay open; what is in use may go over it. */
const MAX_OPEN = 64;

interface OpenExtent {
  readonly handle: Promise<FileHandle>;
  uses: number;
  /** Called when the last use of a let-go extent ends. */
  unused: (() => void) | null;
}

export class ExtentHandles {
  /** In the order of last use. */
  private readonly extents = new Map<ExtentIndex, OpenExtent>();

  constructor(private readonly folder: string) {}

  /** Runs `work` on an extent's file, which only a `write` creates. @throws when it cannot be opened */
  async use<T>(extent: ExtentIndex, mode: 'read' | 'write', work: (handle: FileHandle) => Promise<T>): Promise<T> {
    const opened = this.opened(extent, mode);
    opened.uses++;
    try {
      return await work(await opened.handle);
    } finally {
      opened.uses--;
      if (opened.uses === 0) opened.unused?.();
      this.closeSurplus();
    }
  }

  /** Resolves when nobody uses the extent any more and its file is closed. */
  async close(extent: ExtentIndex): Promise<void> {
    const opened = this.extents.get(extent);
    if (opened === undefined) return;
    this.extents.delete(extent);
    if (opened.uses > 0) await new Promise<void>((resolve) => (opened.unused = resolve));
    await opened.handle.then((handle) => handle.close()).catch(() => undefined);
  }

  async closeAll(): Promise<void> {
    await Promise.all([...this.extents.keys()].map((extent) => this.close(extent)));
  }

  private opened(extent: ExtentIndex, mode: 'read' | 'write'): OpenExtent {
    const known = this.extents.get(extent);
    // Never truncates: what is there may be verified, and opening can fail for reasons that pass (too many open files).
    const flags = mode === 'write' ? constants.O_RDWR | constants.O_CREAT : constants.O_RDWR;
    const opened = known ?? { handle: open(join(this.folder, extentFileName(extent)), flags), uses: 0, unused: null };
    this.extents.delete(extent);
    this.extents.set(extent, opened);
    opened.handle.catch(() => {
      if (this.extents.get(extent) === opened) this.extents.delete(extent);
    });
    return opened;
  }

  private closeSurplus(): void {
    let surplus = this.extents.size - MAX_OPEN;
    for (const [extent, opened] of this.extents) {
      if (surplus <= 0) return;
      if (opened.uses > 0) continue;
      surplus--;
      void this.close(extent);
    }
  }
}
