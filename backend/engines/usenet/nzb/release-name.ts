// What a release is called: what the NZB's head says, else what its file was called, else the best of its subjects, else
// its address. Names of the transport (`download`, `getnzb`, an id) are none.

import { passwordsInName } from './name-password.js';
import type { Nzb, NzbFile } from './nzb.js';

const MAX_NAME_CHARACTERS = 200;
const MAX_FILES_LOOKED_AT = 200;
const GENERIC =
  /^(?:(?:api|dl|download|downloads|fetch|file|files|get|get-?nzb|index|newznab|nzb|nzbs|nzb-?download|nzb-?get|release|send|stream|upload|uploaded|view|attachment|document|temp|tmp|unknown|untitled|blob)(?:[\s._-]*\(?\d*\)?)?)(?:\.(?:php|aspx?|cgi|html?|json|xml))?$/i;
const VOLUME_ENDING =
  /(?:\.vol\d+\+\d+)?\.par2$|\.part\d+\.rar$|\.[r-z]\d{2,3}$|\.(?:rar|7z|zip)(?:\.\d{2,4})?$|\.z\d{2}$|\.\d{3}$|\.(?:mkv|mp4|m4v|avi|ts|m2ts|mov|wmv|mpg|webm|iso|nfo|nzb|sfv|srr|srt|sub|idx|jpg|txt)$/i;
const QUERY_KEYS = ['title', 'name', 'filename', 'file'];

export interface ReleaseNameClues {
  readonly nzb: Nzb;
  /** Of the upload, or from `Content-Disposition`. */
  readonly fileName?: string;
  /** Where the NZB came from. */
  readonly url?: string;
}

/** Never empty, at most 200 characters, without control characters and separators of paths. Never throws. */
export function releaseNameOf(clues: ReleaseNameClues): string {
  const { nzb, fileName, url } = clues;
  const candidates = [() => nzb.name, () => fileName, () => bestSubject(nzb.files, isTelling), () => urlName(url)];
  for (const candidate of candidates) {
    const name = cleanName(passwordsInName(candidate() ?? '').name);
    if (name !== '' && !isTransportName(name)) return name;
  }
  return bestSubject(nzb.files, () => true) ?? `NZB ${nzb.contentId.slice(0, 12)}`;
}

/** The commonest of the names that pass, weighed by bytes, without what tells volumes and kinds of files apart. */
function bestSubject(files: readonly NzbFile[], passes: (name: string) => boolean): string | null {
  const bytes = new Map<string, number>();
  for (const file of files.slice(0, MAX_FILES_LOOKED_AT)) {
    const stem = cleanName(withoutEnding(file.fileName ?? ''));
    const tagged = [...file.subject.matchAll(/\[([^[\]]+)\]/g)].map(([, text]) => cleanName(text ?? ''));
    const size = 1 + file.segments.reduce((sum, segment) => sum + segment.sizeBytes, 0);
    const name = [stem, ...tagged.filter(isTitle)].find(
      (text) => text !== '' && !isTransportName(text) && passes(text),
    );
    if (name !== undefined) bytes.set(name, (bytes.get(name) ?? 0) + size);
  }
  const [best] = [...bytes].sort(([, a], [, b]) => b - a);
  return best?.[0] ?? null;
}

function withoutEnding(fileName: string): string {
  const once = fileName.replace(VOLUME_ENDING, '');
  return once.replace(VOLUME_ENDING, '');
}

function urlName(url: string | undefined): string {
  if (url === undefined || !URL.canParse(url)) return '';
  const { pathname, searchParams } = new URL(url);
  const named = QUERY_KEYS.map((key) => searchParams.get(key) ?? '').find((text) => text !== '' && isTelling(text));
  return named ?? decoded(pathname.split('/').findLast((part) => part !== '') ?? '');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A transport's name, such as `download`, or an id: ids have no words in them. */
export function isTransportName(name: string): boolean {
  const stem = name.replace(/\.nzb(?:\.gz)?$/i, '');
  return GENERIC.test(stem) || /^[\d\s._-]*$/.test(stem) || /^[0-9a-f-]{16,}$/i.test(stem);
}

/** Somebody wrote it to be read: several words, or one that is no heap of letters and digits. */
function isTelling(name: string): boolean {
  if (isTransportName(name)) return false;
  const words = name.split(/[\s._-]+/).filter((word) => /[a-z]{2}/i.test(word));
  return words.length >= 2 || (name.length < 20 && !/\d[a-z]+\d|[a-z]\d+[a-z]/i.test(name));
}

/** In brackets also stand groups, counters and marks of the poster. */
function isTitle(text: string): boolean {
  return /[a-z]{3}/i.test(text) && /[\s._-]/.test(text) && /\d/.test(text);
}

function cleanName(text: string): string {
  const visible = text
    .slice(0, 1_024)
    .replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, '')
    .replace(/[/\\]/g, '_')
    .trim();
  const name = visible
    .replace(/\.nzb(?:\.gz)?$/i, '')
    .slice(0, MAX_NAME_CHARACTERS)
    .trim();
  return /^\.*$/.test(name) ? '' : name;
}
