// The name of an item's folder: the release's own name, so that other programs know what they have by it. Pure.

/** What file systems and clients of mounts take for one part of a path. */
export const MAX_NAME_BYTES = 255;

/**
 * `name` as one part of a path: `/` and control characters become `_`, at most 255 bytes of UTF-8; `fallback` (fit as it
 * is) where that leaves nothing, `.` or `..`.
 */
export function folderNameOf(name: string, fallback: string): string {
  const clean = cutToBytes(replaceUnfit(name), MAX_NAME_BYTES);
  return clean.trim() === '' || clean === '.' || clean === '..' ? fallback : clean;
}

/** The `count`-th folder of this name (from 1): the first is bare, others end in ` (2)`, ` (3)`, … */
export function countedFolder(folder: string, count: number): string {
  if (count === 1) return folder;
  const ending = ` (${count})`;
  return cutToBytes(folder, MAX_NAME_BYTES - ending.length) + ending;
}

/** `name` without what no part of a path may hold: `/` and control characters become `_`. */
export function replaceUnfit(name: string): string {
  // Half a surrogate pair has no UTF-8: in an address it would be another name.
  return name.toWellFormed().replace(/[/\p{Cc}]/gu, '_');
}

/** The beginning of `text`, at most `maxBytes` of UTF-8, whole characters. */
export function cutToBytes(text: string, maxBytes: number): string {
  let bytes = 0;
  let length = 0;
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > maxBytes) return text.slice(0, length);
    length += character.length;
  }
  return text;
}
