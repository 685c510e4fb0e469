// What is said of headers that are not what the format allows.

import { UnplayableError } from '../../content/index.js';

export const ARCHIVE_CORRUPT = 'ARCHIVE_CORRUPT';

/** `what` completes "The RAR archive is damaged: …". */
export function corruptArchive(what: string, cause?: unknown): UnplayableError {
  return new UnplayableError(`The RAR archive is damaged: ${what}.`, ARCHIVE_CORRUPT, { cause });
}
