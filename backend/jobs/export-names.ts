// What the files of an export are called: names that every file system takes, Windows shares included. Pure.

import { isVideo } from '../naming/index.js';
import type { FolderFile } from './folder-files.js';
import { cutToBytes, MAX_NAME_BYTES, replaceUnfit } from './item-folder.js';

/** A film of an item, at its place below the item's folder. */
export interface ExportFile {
  /** `/`-separated, ends in `.strm`; unique in the folder, also where capitals do not count. */
  readonly path: string;
  readonly film: FolderFile;
}

const ENDING = '.strm';
/** Folders inside a release that lead deeper than this are left out. */
const MAX_INNER_BYTES = 1_000;
const RESERVED = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/** `<category>/<folder>`; `mark`, at its end, tells it from others of the same name. */
export function exportFolderOf(
  { category, folder }: { readonly category: string; readonly folder: string },
  mark = '',
): string {
  return `${fitPart(category)}/${fitPart(folder, mark)}`;
}

/** The films among `files`; subtitles would have to be fetched first, and players take them from inside a stream. */
export function exportFilesOf(files: readonly FolderFile[]): readonly ExportFile[] {
  const taken = new Set<string>();
  return files
    .filter(({ file }) => isVideo(file.name))
    .map((film) => ({ film, path: freePath(film.path.split('/'), taken) }));
}

/** Equal for paths that are the same on some disk: capitals may not count there, nor how accents are written. */
export function comparedName(path: string): string {
  return path.normalize('NFC').toLowerCase().normalize('NFC');
}

/** `name` and then `ending` as one part of a path, at most 255 bytes: never hidden, never a way out of the folder. */
export function fitPart(name: string, ending = ''): string {
  const clean = replaceUnfit(name)
    .replace(/[<>:"|?*\\]/g, '_')
    .trim();
  const shown = clean === '' || clean.startsWith('.') || RESERVED.test(clean) ? `_${clean}` : clean;
  return cutToBytes(shown, MAX_NAME_BYTES - Buffer.byteLength(ending)).replace(/[. ]+$/, '') + ending;
}

function freePath(parts: readonly string[], taken: Set<string>): string {
  const folders = parts.slice(0, -1).map((part) => fitPart(part));
  const inner = Buffer.byteLength(folders.join('/')) > MAX_INNER_BYTES ? [] : folders;
  const name = parts.at(-1) ?? '';
  const stem = name.replace(/\.[^.]{1,15}$/, '');
  for (let count = 1; ; count += 1) {
    const ending = count === 1 ? ENDING : ` (${count})${ENDING}`;
    const path = [...inner, fitPart(stem, ending)].join('/');
    if (taken.has(comparedName(path))) continue;
    taken.add(comparedName(path));
    return path;
  }
}
