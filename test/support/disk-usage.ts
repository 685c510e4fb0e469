// How much disk a folder takes, now and at its worst: what `du` would say.

import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { watchHighest } from './watch-highest.js';

/** Bytes allocated on disk below a folder; what vanishes while looking counts as gone. */
export async function diskUsage(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const sizes = await Promise.all(
    names.map((name) =>
      lstat(join(folder, name)).then(
        (entry) => (entry.isFile() ? entry.blocks * 512 : 0),
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Looks again and again until `stop`, which answers the highest usage seen. */
export function watchDiskUsage(folder: string, everyMs?: number): { stop(): Promise<number> } {
  return watchHighest(() => diskUsage(folder), everyMs);
}
