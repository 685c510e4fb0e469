// What a posted file is by its name alone. Pure.

import { isPlayable } from '../../../naming/index.js';

/** `ignored`: repair data, checksums, pictures, texts: never played, never part of an archive. */
export type FileKind = 'playable' | 'subtitle' | 'archive' | 'par2' | 'ignored' | 'unknown';

const SUBTITLE = /\.(?:srt|ass|ssa|vtt|sub|idx|sup)$/i;
const PAR2 = /\.par2$/i;
const ARCHIVE = /\.(?:rar|r\d{2,3}|s\d{2,3}|7z|zip|z\d{2}|\d{3})$/i;
const IGNORED =
  /\.(?:nfo|sfv|nzb|txt|url|htm|html|jpg|jpeg|png|gif|bmp|webp|srr|srs|md5|sha1|sha256|crc|log|xml|json|diz|exe|lnk|db|ini|m3u|m3u8|cue|pdf|epub|torrent)$/i;

export function kindOf(name: string): FileKind {
  if (PAR2.test(name)) return 'par2';
  if (isPlayable(name)) return 'playable';
  if (SUBTITLE.test(name)) return 'subtitle';
  if (ARCHIVE.test(name)) return 'archive';
  return IGNORED.test(name) ? 'ignored' : 'unknown';
}

/** A name that says what the file is. */
export function isTelling(name: string | null): name is string {
  return name !== null && kindOf(name) !== 'unknown';
}
