// M3U8 playlists: which files there are, for a player to open one after another. The URLs are the caller's.

import type { ServerResponse } from 'node:http';
import { formatPlainDisposition } from './disposition.js';

/** `url` is absolute and percent-encoded already; `durationSeconds` only when known. */
export interface PlaylistEntry {
  readonly name: string;
  readonly url: string;
  readonly durationSeconds?: number;
}

/** Extended M3U, UTF-8, `\n` at each line's end. Line breaks in names and URLs cannot start a line of their own. */
export function formatPlaylist(entries: readonly PlaylistEntry[]): string {
  const lines = entries.flatMap(({ name, url, durationSeconds }) => [
    `#EXTINF:${durationSeconds === undefined ? -1 : Math.round(durationSeconds)},${oneLine(name)}`,
    oneLine(url).replaceAll(' ', '%20'),
  ]);
  return ['#EXTM3U', ...lines, ''].join('\n');
}

/** Answers with a playlist that is saved as `<name>-playlist.m3u8`; HEAD gets the headers only. */
export function sendPlaylist(
  res: ServerResponse,
  o: { readonly name: string; readonly entries: readonly PlaylistEntry[] },
): void {
  const body = Buffer.from(formatPlaylist(o.entries), 'utf8');
  res.statusCode = 200;
  res.setHeader('Content-Type', 'application/mpegurl; charset=utf-8');
  res.setHeader('Content-Disposition', formatPlainDisposition('attachment', `${o.name}-playlist.m3u8`));
  res.setHeader('Content-Length', body.length);
  res.setHeader('Cache-Control', 'private, no-store');
  res.setHeader('X-Content-Type-Options', 'nosniff');
  res.end(body);
}

function oneLine(text: string): string {
  return text.replace(/[\x00-\x1f\x7f\u2028\u2029]+/g, ' ').trim();
}
