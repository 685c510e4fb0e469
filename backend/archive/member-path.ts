// Paths in archives as they may be shown, put into URLs and used as labels. What strangers write into an archive never
// becomes a place on the disk; it is cleaned all the same.

/** What file systems take for one name. */
const MAX_NAME_CHARACTERS = 255;
/** The file and the folders nearest to it. */
const MAX_PARTS = 32;

// Control characters, line separators, marks that turn the direction of what follows, byte order marks, halves of
// surrogate pairs.
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]|\p{Cs}/gu;

/** `/`-separated, without empty parts, `.`, `..`, roots and control characters; `fallback` when nothing is left. */
export function cleanMemberPath(path: string, fallback = 'file'): string {
  const parts = path
    .split(/[/\\]/)
    .map((part) => part.replace(UNSAFE, '').trim().slice(-MAX_NAME_CHARACTERS).trim())
    .filter((part) => part !== '' && part !== '.' && part !== '..' && !/^[a-z]:$/i.test(part));
  return parts.length === 0 ? fallback : parts.slice(-MAX_PARTS).join('/');
}

/** Last part of a path. */
export function baseNameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
