// What is on disk of a torrent, across restarts: a small file beside its extents. A format and its careful writing, no policy.

import { open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const RESUME_FILE = 'resume.json';

const resumeSchema = z.object({
  version: z.literal(1),
  pieceCount: z.number().int().positive(),
  extentBytes: z.number().int().positive(),
  /** True when everything claimed was synced and nothing was written since. */
  isClean: z.boolean(),
  /** Pieces on disk, one bit each in wire order, base64. */
  bitfield: z.string(),
});

export interface Resume {
  readonly pieceCount: number;
  readonly extentBytes: number;
  readonly isClean: boolean;
  readonly bitfield: Uint8Array;
}

/** Name of an extent's file. */
export function extentFileName(extent: number): string {
  return `${extent}.extent`;
}

/** The extent that a file name stands for, or null. */
export function parseExtentFileName(name: string): number | null {
  const match = /^(\d{1,9})\.extent$/.exec(name);
  return match ? Number(match[1]) : null;
}

/** Reads a folder's resume file; null when there is none or it cannot be understood. */
export async function readResume(folder: string): Promise<Resume | null> {
  try {
    const parsed = resumeSchema.parse(JSON.parse(await readFile(join(folder, RESUME_FILE), 'utf8')));
    const bitfield = new Uint8Array(Buffer.from(parsed.bitfield, 'base64'));
    if (bitfield.length !== Math.ceil(parsed.pieceCount / 8)) return null;
    return { ...parsed, bitfield };
  } catch {
    return null;
  }
}

/** Replaces the resume file at once: a crash leaves the old one or the new one. */
export async function writeResume(folder: string, resume: Resume): Promise<void> {
  const text = JSON.stringify({ ...resume, version: 1, bitfield: Buffer.from(resume.bitfield).toString('base64') });
  const temporary = join(folder, `${RESUME_FILE}.new`);
  const handle = await open(temporary, 'w');
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, join(folder, RESUME_FILE));
}
