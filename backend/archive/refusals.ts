// Why an archive or a member of it cannot be played, each with its code and a sentence for people.

import { UnplayableError } from '../content/index.js';

/** Its bytes are packed smaller and cannot be read in the middle. */
export function compressed(what = 'The video'): UnplayableError {
  return new UnplayableError(`${what} is compressed inside its archive.`, 'ARCHIVE_COMPRESSED');
}

/** No password, or none that fits. */
export function passwordNeeded(cause?: unknown): UnplayableError {
  return new UnplayableError('The archive needs a password that is not known.', 'ARCHIVE_PASSWORD', { cause });
}

/** Encrypted in a way that is not read here, whatever the password. */
export function encryptedZip(): UnplayableError {
  return new UnplayableError('Encrypted ZIP archives do not play.', 'ARCHIVE_PASSWORD');
}

/** Volumes are missing, or end too soon. */
export function incomplete(message = 'Parts of the archive are missing.', cause?: unknown): UnplayableError {
  return new UnplayableError(message, 'ARCHIVE_INCOMPLETE', { cause });
}

/** A form of archive that is not read here, or a damaged one. */
export function unsupported(message: string, cause?: unknown): UnplayableError {
  return new UnplayableError(message, 'ARCHIVE_UNSUPPORTED', { cause });
}

/** Nobody packs a film like this: to list it would only keep the server busy. */
export function tooManyFiles(): UnplayableError {
  return unsupported('There are too many files in the archive.');
}
