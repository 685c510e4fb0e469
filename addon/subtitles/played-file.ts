// Which file is being played, from what a player tells of it when it asks for subtitles. Pure; a player may tell anything.

import type { ContentId, ReleaseFile } from '../../backend/content/index.js';
import { listFiles, type KnownRelease } from '../../backend/discovery/index.js';

/** Null: not told. */
export interface ToldFile {
  readonly name: string | null;
  readonly sizeBytes: number | null;
  /** 16 hexadecimal digits, lower-case. */
  readonly videoHash: string | null;
}

export interface PlayedFile {
  readonly release: KnownRelease;
  readonly file: ReleaseFile;
}

export interface PlayedFileOptions {
  /** The file of a release that is the film or episode asked for; null where it holds none. */
  readonly chosenIn: (release: KnownRelease) => ReleaseFile | null;
  /** Null where it is not known. */
  readonly hashOf: (contentId: ContentId, fileIndex: number) => string | null;
}

/** Files that are looked at; a title's releases hold fewer. */
const MAX_FILES = 5_000;

/** From the extras of a request for subtitles, already split and decoded; what makes no sense is not told. */
export function parseToldFile(extra: Readonly<Record<string, string | string[] | undefined>>): ToldFile {
  const text = (name: string): string | null => {
    const value = extra[name];
    return typeof value === 'string' && value !== '' ? value : null;
  };
  const size = text('videoSize');
  const hash = text('videoHash')?.toLowerCase() ?? '';
  return {
    name: text('filename'),
    sizeBytes: size !== null && /^[1-9]\d{0,14}$/.test(size) ? Number(size) : null,
    videoHash: /^[0-9a-f]{16}$/.test(hash) ? hash : null,
  };
}

/**
 * Known by its hash, else by its name, else by the name of its release (that is what a list says before anybody looked into
 * it); a size that is told has to be right. Without a name it has to be the only one that could be meant: subtitles of
 * another release would run beside the picture.
 */
export function findPlayedFile(
  releases: readonly KnownRelease[],
  { name, sizeBytes, videoHash }: ToldFile,
  { chosenIn, hashOf }: PlayedFileOptions,
): PlayedFile | null {
  const files = releases.flatMap(filesOf).slice(0, MAX_FILES);
  const fitting = files.filter(({ file }) => sizeBytes === null || file.sizeBytes === sizeBytes);
  const isHashed = ({ release, file }: PlayedFile): boolean => hashOf(release.contentId, file.index) === videoHash;
  const hashed = videoHash === null ? undefined : fitting.find(isHashed);
  if (hashed !== undefined) return hashed;
  const chosen = new Set(releases.map((release) => chosenIn(release)));
  const likely = fitting.filter(({ file }) => chosen.has(file));
  if (name === null) return likely.length === 1 ? (likely[0] ?? null) : null;
  return (
    likely.find(({ file }) => file.name === name) ??
    fitting.find(({ file }) => file.name === name) ??
    likely.find(({ release }) => wordsOf(release.name) === wordsOf(name)) ??
    null
  );
}

function filesOf(release: KnownRelease): PlayedFile[] {
  return listFiles(release.files).map((file) => ({ release, file }));
}

/** Indexers and posters write dots, blanks and ends of their own. */
function wordsOf(name: string): string {
  const stem = name.replace(/\.(?:mkv|mp4|m4v|avi|ts|webm|nzb)$/i, '');
  return stem
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
