// Addresses below `/webdav` as names, and back. What stands at them is the tree's to say. Pure.

import { InputError, NotFoundError } from '../content/index.js';

/** Where the folders begin, below the address of the server. */
export const WEBDAV_ROOT = '/webdav';

const MAX_PATH_CHARACTERS = 16_384;
/** Deeper than any release is. */
const MAX_PARTS = 64;

/**
 * The names of a path below the root, as it stands in a request: `/complete/tv%20shows/` is `complete`, `tv shows`. A slash
 * more, between or at the end, changes nothing.
 * @throws {InputError} for what is no UTF-8; {NotFoundError} for names that nothing can have: `..`, with a slash or a NUL
 */
export function parseWebdavPath(path: string): readonly string[] {
  if (path.length > MAX_PATH_CHARACTERS) throw new InputError('This address is too long.');
  const parts = path.split('/').filter((part) => part !== '');
  if (parts.length > MAX_PARTS) throw nothingHere();
  return parts.map((part) => {
    const name = decode(part);
    if (name === '.' || name === '..' || /[/\p{Cc}]/u.test(name)) throw nothingHere();
    return name;
  });
}

/** What `parseWebdavPath` reads, as it stands in an answer: `prefix` first, folders with a slash at the end. */
export function formatHref(prefix: string, names: readonly string[], isFolder: boolean): string {
  const path = names.map((name) => `/${encodeURIComponent(name.toWellFormed())}`).join('');
  return `${prefix}${WEBDAV_ROOT}${path}${isFolder ? '/' : ''}`;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch (cause) {
    throw new InputError('This address is not percent-encoded UTF-8.', { cause });
  }
}

/** What is answered wherever nothing stands. */
export function nothingHere(): NotFoundError {
  return new NotFoundError('There is no such file or folder here.');
}
