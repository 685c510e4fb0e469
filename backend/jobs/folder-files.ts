// What stands in an item's folder: the films of the release and the subtitles beside them, under names that are fit for a
// path and for the programs that mount it. Pure.

import type { ReleaseFile } from '../content/index.js';
import { isSubtitle, isVideo, listFilms } from '../naming/index.js';
import { cutToBytes, MAX_NAME_BYTES, replaceUnfit } from './item-folder.js';

/** One file of a folder. */
export interface FolderFile {
  /** `/`-separated below the folder; unique in it, also where capitals do not count. */
  readonly path: string;
  readonly file: ReleaseFile;
}

/** Parts of a path that lead through an archive inside an archive: no file of the release is called so. */
const ARCHIVE_NAME = /\.(?:rar|r\d{2,3}|7z|zip|\d{3})$/i;

/**
 * By path. Files inside archives stand where the archive is; names of videos end in lower case; a second file of the same
 * path is counted, as in `Film (2).mkv`.
 */
export function folderFilesOf(files: readonly ReleaseFile[]): readonly FolderFile[] {
  const around = new Set(files.filter(({ isMember }) => isMember !== true).map(({ path }) => path));
  const subtitles = files.filter((file) => !file.isPadding && file.sizeBytes > 0 && isSubtitle(file.name));
  const taken = new Set<string>();
  const shown = [...new Set([...listFilms(files), ...subtitles])]
    .map((file) => ({ file, parts: partsOf(file, around) }))
    .sort((a, b) => comparePaths(a.parts, b.parts) || a.file.index - b.file.index);
  return shown.map(({ file, parts }) => ({ file, path: freePath(parts, taken) }));
}

function partsOf(file: ReleaseFile, around: ReadonlySet<string>): string[] {
  const parts = file.path.split('/');
  const kept = file.isMember === true ? parts.filter((_part, place) => !isArchive(parts, place, around)) : parts;
  return kept.map((part, place) => fitName(part, place === kept.length - 1));
}

function isArchive(parts: readonly string[], place: number, around: ReadonlySet<string>): boolean {
  if (place === parts.length - 1) return false;
  return around.has(parts.slice(0, place + 1).join('/')) || ARCHIVE_NAME.test(parts[place] ?? '');
}

function fitName(part: string, isFile: boolean): string {
  const clean = replaceUnfit(part);
  const { stem, extension } = isFile ? splitName(clean) : { stem: clean, extension: '' };
  const short = cutToBytes(stem, MAX_NAME_BYTES - Buffer.byteLength(extension)) + extension;
  return /^\.{0,2}$/.test(short.trim()) ? '_' : short;
}

/** The extension with its dot, of videos in lower case. */
function splitName(name: string): { readonly stem: string; readonly extension: string } {
  const dot = name.lastIndexOf('.');
  if (dot <= 0 || name.length - dot > 16) return { stem: name, extension: '' };
  const extension = name.slice(dot);
  return { stem: name.slice(0, dot), extension: isVideo(name) ? extension.toLowerCase() : extension };
}

function freePath(parts: readonly string[], taken: Set<string>): string {
  const folder = parts.slice(0, -1);
  const { stem, extension } = splitName(parts.at(-1) ?? '');
  for (let count = 1; ; count += 1) {
    const ending = count === 1 ? extension : ` (${count})${extension}`;
    const name = cutToBytes(stem, MAX_NAME_BYTES - Buffer.byteLength(ending)) + ending;
    const path = [...folder, name].join('/');
    if (taken.has(path.toLowerCase())) continue;
    taken.add(path.toLowerCase());
    return path;
  }
}

function comparePaths(a: readonly string[], b: readonly string[]): number {
  const [one, other] = [a.join('/'), b.join('/')];
  return one < other ? -1 : one > other ? 1 : 0;
}
