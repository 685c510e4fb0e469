// Members whose volumes lie in joined files or in other archives, located in the files underneath: engines see their own
// files, and read them as they read all others.

import type { ArchiveMember, PackedExtent, ReadOptions } from './archive.js';
import { JoinedFile } from './joined-file.js';
import { MemberFile } from './member-file.js';
import { baseNameOf } from './member-path.js';
import type { LocatedBytes } from './read-located.js';

/** The same member under another path, its extents in the lowest files that hold them plainly. */
export function locatedDown(member: ArchiveMember, path: string): ArchiveMember {
  return {
    path,
    name: baseNameOf(path),
    sizeBytes: member.sizeBytes,
    packedBytes: member.packedBytes,
    cipher: member.cipher,
    refusal: member.refusal,
    locate: async (offset, options) => lowest(await member.locate(offset, options), options),
  };
}

async function lowest(extent: PackedExtent, options: ReadOptions): Promise<PackedExtent> {
  const below = bytesBelow(extent);
  if (below === null) return extent;
  const { start, end } = extent.range;
  const found = await below.locate(start, options);
  const length = Math.min(end - start, found.range.end - found.range.start);
  const range = { start: found.range.start, end: found.range.start + length };
  return lowest({ file: found.file, range, confirm: both(extent.confirm, found.confirm) }, options);
}

/** Null where the file is no view of others, or its bytes are encrypted there. */
function bytesBelow({ file }: PackedExtent): LocatedBytes | null {
  if (file instanceof JoinedFile) return file;
  if (!(file instanceof MemberFile)) return null;
  return file.member.cipher === null && file.member.refusal === null ? file.member : null;
}

function both(a: PackedExtent['confirm'], b: PackedExtent['confirm']): PackedExtent['confirm'] {
  if (a === null || b === null) return a ?? b;
  return async (options) => (await Promise.all([a(options), b(options)])).every((isRight) => isRight);
}
