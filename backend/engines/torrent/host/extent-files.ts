// Reads extents of one torrent for the server's thread. Whoever reads holds a lease; an extent is let go only when its
// leases are back.

import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExtentIndex } from '../geometry.js';
import { extentFileName } from '../resume.js';

const MAX_OPEN = 16;

interface OpenExtent {
  readonly handle: Promise<FileHandle>;
  leases: number;
  isRetired: boolean;
  closed: (() => void) | null;
}

export class ExtentFiles {
  /** In the order of last use. */
  private readonly extents = new Map<ExtentIndex, OpenExtent>();

  constructor(private readonly folder: string) {}

  /** Reads exactly `length` bytes into `buffer`. @throws when the extent is gone or too short. */
  async read(extent: ExtentIndex, buffer: Uint8Array, length: number, position: number): Promise<void> {
    const opened = this.lease(extent);
    try {
      const handle = await opened.handle;
      for (let done = 0; done < length;) {
        const { bytesRead } = await handle.read(buffer, done, length - done, position + done);
        if (bytesRead === 0) throw new Error(`extent ${extent} is shorter than its pieces`);
        done += bytesRead;
      }
    } finally {
      this.release(extent, opened);
    }
  }

  /** Resolves when nobody reads the extent any more and its file is closed. */
  async retire(extent: ExtentIndex): Promise<void> {
    const opened = this.extents.get(extent);
    if (opened === undefined) return;
    this.extents.delete(extent);
    opened.isRetired = true;
    if (opened.leases > 0) await new Promise<void>((resolve) => (opened.closed = resolve));
    await closeQuietly(opened);
  }

  async close(): Promise<void> {
    await Promise.all([...this.extents.keys()].map((extent) => this.retire(extent)));
  }

  private lease(extent: ExtentIndex): OpenExtent {
    const known = this.extents.get(extent);
    const opened = known ?? {
      handle: open(join(this.folder, extentFileName(extent)), 'r'),
      leases: 0,
      isRetired: false,
      closed: null,
    };
    this.extents.delete(extent);
    this.extents.set(extent, opened);
    opened.leases++;
    opened.handle.catch(() => {
      if (this.extents.get(extent) === opened) this.extents.delete(extent);
    });
    this.closeSurplus();
    return opened;
  }

  private release(extent: ExtentIndex, opened: OpenExtent): void {
    opened.leases--;
    if (opened.isRetired && opened.leases === 0) opened.closed?.();
    else if (!opened.isRetired && this.extents.get(extent) !== opened && opened.leases === 0) void closeQuietly(opened);
  }

  private closeSurplus(): void {
    if (this.extents.size <= MAX_OPEN) return;
    for (const [extent, opened] of this.extents) {
      if (opened.leases > 0) continue;
      this.extents.delete(extent);
      void closeQuietly(opened);
      if (this.extents.size <= MAX_OPEN) return;
    }
  }
}

async function closeQuietly(opened: OpenExtent): Promise<void> {
  await opened.handle.then((handle) => handle.close()).catch(() => undefined);
}
