// How long a member is, packed and plain, by the header of its first part.

import type { FileBlock } from './rar-block.js';

/** Bytes of the packed stream over all volumes, null where only reading all headers would tell. */
export function packedBytes(block: FileBlock): number | null {
  const plain = plainBytes(block);
  if (plain === null || !block.isStored) return block.isSplitAfter ? null : block.dataBytes;
  return block.encryption === null ? plain : Math.ceil(plain / 16) * 16;
}

/** Bytes of the file itself, null where its header does not tell. */
export function plainBytes(block: FileBlock): number | null {
  if (block.sizeBytes !== null) return block.sizeBytes;
  return block.isStored && block.encryption === null && !block.isSplitAfter ? block.dataBytes : null;
}
