// Every address the Stremio face hands out, in one place. Pure.

import type { EpisodeWish } from '../backend/content/index.js';

/** Who asks, by the address they used. */
export interface Caller {
  /** Origin and path prefix, no trailing slash. */
  readonly origin: string;
  /** The addon key the addresses carry. */
  readonly addonKey: string;
}

/** Which file of a source an address means: one by its index, or the one that is the film or episode. */
export type PlayFile = { readonly index: number } | { readonly index: null; readonly episode: EpisodeWish | null };

/** What a play address says. The same source and file always give the same address. */
export interface PlayPath {
  readonly sourceId: string;
  readonly file: PlayFile;
  /** What the address ends in: players read the type off it. */
  readonly fileName: string;
}

/** What stands in a play address for the film of a source nobody has looked into. */
const AUTO_FILE = 'auto';
/** The same for an episode: what it is known by goes along, so that the address says all there is to say. */
const EPISODE_FILE = /^s(\d{1,9})e(\d{1,9})(?:a(\d{1,9}))?(?:d(\d{4}-\d{2}-\d{2}))?(?:r(\d{1,9}))?$/;

export function formatManifestUrl(caller: Caller): string {
  return `${addonBase(caller)}/manifest.json`;
}

/** Opens Stremio's own install dialog (`stremio://` stands in for the scheme). */
export function formatInstallUrl(caller: Caller): string {
  return formatManifestUrl(caller).replace(/^https?:\/\//, 'stremio://');
}

/** Opens Stremio Web's install dialog. */
export function formatWebInstallUrl(caller: Caller): string {
  return `https://web.stremio.com/#/addons?addon=${encodeURIComponent(formatManifestUrl(caller))}`;
}

export function formatConfigureUrl(caller: Caller): string {
  return `${addonBase(caller)}/configure`;
}

export function formatLogoUrl(origin: string): string {
  return `${origin}/logo.png`;
}

export function formatPlayUrl(caller: Caller, path: PlayPath): string {
  return `${addonBase(caller)}/play/${path.sourceId}/${formatPlayFile(path.file)}/${encodePart(path.fileName)}`;
}

/** `5`, `auto`, `s1e3`, `s1e3a16d2024-03-05r2`. */
export function formatPlayFile(file: PlayFile): string {
  if (file.index !== null) return String(file.index);
  if (file.episode === null) return AUTO_FILE;
  const { season, episode, absolute, airDate, releaseSeason } = file.episode;
  const marked = (letter: string, value?: number | string): string => (value === undefined ? '' : `${letter}${value}`);
  return `s${season}e${episode}${marked('a', absolute)}${marked('d', airDate)}${marked('r', releaseSeason)}`;
}

/** What `formatPlayUrl` wrote; null for anything else. */
export function parsePlayFile(text: string): PlayFile | null {
  if (text === AUTO_FILE) return { index: null, episode: null };
  if (/^\d{1,9}$/.test(text)) return { index: Number(text) };
  const match = EPISODE_FILE.exec(text);
  if (match === null) return null;
  const [, season, episode, absolute, airDate, releaseSeason] = match;
  return {
    index: null,
    episode: {
      season: Number(season),
      episode: Number(episode),
      ...(absolute === undefined ? {} : { absolute: Number(absolute) }),
      ...(airDate === undefined ? {} : { airDate }),
      ...(releaseSeason === undefined ? {} : { releaseSeason: Number(releaseSeason) }),
    },
  };
}

/** A sidecar as WebVTT. */
export function formatSidecarUrl(caller: Caller, sourceId: string, fileIndex: number, name: string): string {
  return `${addonBase(caller)}/sidecar/${sourceId}/${fileIndex}/${encodePart(name)}.vtt`;
}

/** A text track inside a file, by its place among the file's streams, as WebVTT. */
export function formatEmbeddedUrl(caller: Caller, sourceId: string, fileIndex: number, track: number): string {
  return `${addonBase(caller)}/embedded/${sourceId}/${fileIndex}/${track}.vtt`;
}

function addonBase(caller: Caller): string {
  return `${caller.origin}/stremio/${caller.addonKey}`;
}

/** One path segment: never empty, never `.` or `..`, and what a URL parser would take apart is encoded. */
function encodePart(text: string): string {
  const part = encodeURIComponent(text.replace(/[/\\\p{Surrogate}]/gu, '_'));
  return /^\.{0,2}$/.test(part) ? 'video' : part;
}
