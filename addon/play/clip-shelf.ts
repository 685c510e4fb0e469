// The short videos that say why nothing plays, as media files. Reads the committed clips once; makes none.

import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ByteRange, MediaFile } from '../../backend/content/index.js';
import type { ClipReason } from './failure-reason.js';

const CHUNK_BYTES = 64 * 1024;

/** Holds at most one clip per reason in memory, each under 200 KB. */
export class ClipShelf {
  readonly #clips = new Map<ClipReason, Promise<MediaFile>>();

  /** `directory` holds `<reason>.mp4` for every reason. */
  constructor(private readonly directory: string) {}

  /** @throws when the clip's file cannot be read. */
  get(reason: ClipReason): Promise<MediaFile> {
    const kept = this.#clips.get(reason);
    if (kept !== undefined) return kept;
    const clip = readClip(join(this.directory, `${reason}.mp4`), reason);
    this.#clips.set(reason, clip);
    clip.catch(() => this.#clips.delete(reason));
    return clip;
  }
}

async function readClip(path: string, reason: ClipReason): Promise<MediaFile> {
  const [bytes, { mtime }] = await Promise.all([readFile(path), stat(path)]);
  return {
    id: `clip-${reason}-${bytes.length}`,
    name: `headstart-${reason}.mp4`,
    sizeBytes: bytes.length,
    modifiedAt: mtime,
    open: (range) => slices(bytes, range),
  };
}

async function* slices(bytes: Uint8Array, range: ByteRange): AsyncGenerator<Uint8Array> {
  for (let start = range.start; start < range.end; start += CHUNK_BYTES) {
    yield bytes.subarray(start, Math.min(start + CHUNK_BYTES, range.end));
  }
}
