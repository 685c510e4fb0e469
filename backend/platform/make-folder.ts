// Makes a folder and those above it. Not by Node's own `recursive`, which never returns where the system says of a folder
// that is there that it is not (below /proc, in some mounts).

import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Resolves when `path` (absolute) is a folder. Rejects with the system's error, `ENOTDIR` where a file is in the way. */
export async function makeFolder(path: string): Promise<void> {
  const missing: string[] = [];
  let above = path;
  while (!(await isFolder(above))) {
    missing.unshift(above);
    if (dirname(above) === above) break;
    above = dirname(above);
  }
  for (const folder of missing) {
    await mkdir(folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
  if (!(await isFolder(path))) throw Object.assign(new Error('not a directory'), { code: 'ENOTDIR' });
}

/** @throws {Error} of the system when a file stands on the way. */
async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
