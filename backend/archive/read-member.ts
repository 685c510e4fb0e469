// Plain bytes of a member from its packed ones: as they are, or decrypted from the middle on. AES in CBC mode needs only
// the block before the first one wanted.

import { createDecipheriv } from 'node:crypto';
import { RangeNotSatisfiableError } from '../content/index.js';
import type { ByteRange, Priority } from '../content/index.js';
import type { ArchiveMember, MemberCipher } from './archive.js';
import { readLocated } from './read-located.js';
import { incomplete } from './refusals.js';

export interface ReadMemberOptions {
  readonly signal: AbortSignal;
  /** Default `play`. */
  readonly priority?: Priority;
  /** Where the packed bytes come from; default: the extents of `member.locate`. Keeps the promises of `MediaFile.open`. */
  readonly readPacked?: (range: ByteRange) => AsyncIterable<Uint8Array>;
}

const BLOCK_BYTES = 16;
const MAX_CHUNK_BYTES = 1024 * 1024;

/**
 * The plain bytes of `range`, which must lie inside the member, as `MediaFile.open` gives them.
 * @throws the member's refusal; {UnplayableError} `ARCHIVE_INCOMPLETE` when its volumes end too soon; what reading throws
 */
export async function* readMember(
  member: ArchiveMember,
  range: ByteRange,
  options: ReadMemberOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { signal, priority = 'play' } = options;
  signal.throwIfAborted();
  if (range.end > member.sizeBytes) throw new RangeNotSatisfiableError(member.sizeBytes);
  if (member.refusal !== null) throw member.refusal;
  if (range.start >= range.end) return;
  const readPacked = options.readPacked ?? ((packed: ByteRange) => readLocated(member, packed, { signal, priority }));
  yield* member.cipher === null ? readPacked(range) : decrypted(member.cipher, range, readPacked);
}

async function* decrypted(
  cipher: MemberCipher,
  range: ByteRange,
  readPacked: (range: ByteRange) => AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const lead = cipher.leadBytes ?? 0;
  const wanted = { start: range.start + lead, end: range.end + lead };
  const start = Math.floor(wanted.start / BLOCK_BYTES) * BLOCK_BYTES;
  const end = Math.ceil(wanted.end / BLOCK_BYTES) * BLOCK_BYTES;
  const isFromMiddle = start > 0;
  const packed = readPacked({ start: isFromMiddle ? start - BLOCK_BYTES : 0, end });
  // In the middle the block before takes the place of the vector; what it decrypts to is dropped.
  const decipher = createDecipheriv(cipher.algorithm, cipher.key, cipher.iv).setAutoPadding(false);
  let position = isFromMiddle ? start - BLOCK_BYTES : 0;
  for await (const chunk of packed) {
    const plain = decipher.update(chunk);
    const from = Math.max(0, wanted.start - position);
    const to = Math.min(plain.length, wanted.end - position);
    position += plain.length;
    for (let at = from; at < to; at += MAX_CHUNK_BYTES) yield plain.subarray(at, Math.min(to, at + MAX_CHUNK_BYTES));
  }
  if (position < wanted.end) throw incomplete('The encrypted data ends early.');
}
