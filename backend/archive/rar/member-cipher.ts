// Finds the password that opens a member, and makes its cipher.

import { createDecipheriv } from 'node:crypto';

import type { MemberCipher, RandomAccessFile, ReadOptions } from '../archive.js';
import { readBytes } from '../read-bytes.js';
import { passwordNeeded, unsupported } from '../refusals.js';
import { sniffMedia } from '../sniff-media.js';
import type { RarSession } from './rar-session.js';
import type { VolumePart } from './volume-headers.js';

/** Containers that begin with something known: a password may be judged by what it makes of the first bytes. */
const TELLING_NAME = /\.(mkv|webm|mp4|m4v|mov|avi|m2ts|ts|wmv|flv)$/i;
/** Enough to know a container by, a multiple of the cipher's block. */
const TRIAL_BYTES = 400;

/**
 * The cipher of the member that begins with `part`; null when it is not encrypted. RAR5 says whether a password is right.
 * RAR4 does not: for a video the first bytes decide, for anything else the first password is taken.
 * @throws {UnplayableError} `ARCHIVE_PASSWORD`, `ARCHIVE_UNSUPPORTED`; what reading throws
 */
export async function findMemberCipher(
  part: VolumePart,
  file: RandomAccessFile,
  session: RarSession,
  options: ReadOptions,
): Promise<MemberCipher | null> {
  const { encryption } = part.block;
  if (encryption === null) return null;
  if (encryption === 'unsupported') throw unsupported('The archive is encrypted in an unknown way.');
  const { keys } = session;
  const { signal } = options;
  for (const password of session.passwords) {
    signal.throwIfAborted();
    const isRight = encryption.format === 'rar5' ? await keys.fitsRar5(password, encryption, signal) : null;
    if (isRight === false) continue;
    const cipher: MemberCipher =
      encryption.format === 'rar5'
        ? { algorithm: 'aes-256-cbc', key: await keys.rar5Key(password, encryption, signal), iv: encryption.iv }
        : { algorithm: 'aes-128-cbc', ...(await keys.rar4Key(password, encryption.salt, signal)) };
    if (isRight === null && !(await makesSense(cipher, part, file, options))) continue;
    session.noteFitting(password);
    return cipher;
  }
  throw passwordNeeded();
}

async function makesSense(
  cipher: MemberCipher,
  part: VolumePart,
  file: RandomAccessFile,
  options: ReadOptions,
): Promise<boolean> {
  const length = Math.min(TRIAL_BYTES, Math.floor(part.availableBytes / 16) * 16);
  if (length === 0 || !TELLING_NAME.test(part.block.rawPath)) return true;
  const start = part.dataOffset;
  const packed = await readBytes(file, { start, end: start + length }, options);
  const decipher = createDecipheriv(cipher.algorithm, cipher.key, cipher.iv).setAutoPadding(false);
  return sniffMedia(decipher.update(packed)) !== null;
}
