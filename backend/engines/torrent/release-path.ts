// Names and paths of a torrent as they may be shown, put into URLs and used as labels. What strangers write into a
// torrent never becomes a place on the disk; it is cleaned all the same.

/** What file systems take for one name, in bytes of UTF-8. */
const MAX_NAME_BYTES = 255;
/** Extensions longer than this are cut like the rest of a name. */
const MAX_EXTENSION_CHARACTERS = 16;
const UTF8 = new TextDecoder('utf-8');
/** Folders above a file, and the file; deeper ones are left out. */
const MAX_PARTS = 32;

// Control characters (C0, DEL, C1), line separators, marks that turn the direction of what follows, byte order marks,
// and halves of surrogate pairs.
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]|\p{Cs}/gu;

/**
 * One name: no separators, no control characters, at most 255 bytes (the extension is kept), never `.` or `..`.
 * Answers '' when nothing is left. Cleaning twice changes nothing.
 */
export function cleanName(text: string): string {
  const name = shorten(text.replace(UNSAFE, '').replace(/[/\\]/g, '_').trim()).trim();
  return name === '.' || name === '..' ? '' : name;
}

/**
 * Joins the parts of a path with `/`. Separators inside a part divide it; empty parts, `.`, `..` and roots vanish.
 * Answers '' when nothing is left.
 */
export function cleanPath(parts: readonly string[]): string {
  const cleaned = parts.flatMap((part) => part.split(/[/\\]/)).map(cleanName);
  const kept = cleaned.filter((part) => part !== '');
  const name = kept.at(-1);
  return name === undefined ? '' : [...kept.slice(0, -1).slice(0, MAX_PARTS - 1), name].join('/');
}

/** UTF-8 text, with U+FFFD where the bytes are none. */
export function decodeText(bytes: Uint8Array): string {
  return UTF8.decode(bytes);
}

function shorten(name: string): string {
  if (Buffer.byteLength(name) <= MAX_NAME_BYTES) return name;
  const dot = name.lastIndexOf('.');
  const hasExtension = dot > 0 && name.length - dot <= MAX_EXTENSION_CHARACTERS;
  const extension = hasExtension ? name.slice(dot) : '';
  const stem = hasExtension ? name.slice(0, dot) : name;
  const room = MAX_NAME_BYTES - Buffer.byteLength(extension);
  const cut = Buffer.from(stem.slice(0, room)).subarray(0, room);
  // A character cut in two would decode to U+FFFD: `stream` holds it back instead.
  return (
    new TextDecoder('utf-8')
      .decode(cut, { stream: true })
      .replace(/\p{Cs}/gu, '')
      .trimEnd() + extension
  );
}
