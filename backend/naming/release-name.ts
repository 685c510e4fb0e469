// What a release name tells, read by a well-kept parser library; this file keeps its shape ours and its input bounded.

import { parseTorrentTitle } from '@viren070/parse-torrent-title';

/** What could be read; what could not is absent or empty. Lists keep the parser's order. */
export interface ReleaseName {
  readonly title?: string;
  readonly year?: string;
  /** One name for one picture size, however it was written: `2160p`, `1440p`, `1080p`, `720p`, … */
  readonly resolution?: string;
  /** `BluRay`, `WEB-DL`, `HDTV`, … */
  readonly quality?: string;
  readonly codec?: string;
  readonly bitDepth?: string;
  readonly group?: string;
  readonly container?: string;
  readonly hdr: readonly string[];
  readonly audio: readonly string[];
  readonly channels: readonly string[];
  /** ISO 639-1 codes and the parser's own (`multi`). */
  readonly languages: readonly string[];
  readonly seasons: readonly number[];
  readonly episodes: readonly number[];
  readonly isComplete: boolean;
  readonly isProper: boolean;
}

const MAX_NAME_CHARACTERS = 512;
const RESOLUTIONS: Readonly<Record<string, string>> = { '4k': '2160p', uhd: '2160p', '2k': '1440p' };

/** Reads a release or file name, up to its first 512 characters. Never throws. */
export function parseReleaseName(name: string): ReleaseName {
  const parsed = parseTorrentTitle(name.slice(0, MAX_NAME_CHARACTERS));
  const resolution = parsed.resolution?.toLowerCase() ?? '';
  return {
    ...known({
      title: parsed.title,
      year: parsed.year,
      resolution: RESOLUTIONS[resolution] ?? resolution,
      quality: parsed.quality,
      codec: parsed.codec,
      bitDepth: parsed.bitDepth,
      group: parsed.group,
      container: parsed.container,
    }),
    hdr: parsed.hdr ?? [],
    audio: parsed.audio ?? [],
    channels: parsed.channels ?? [],
    languages: parsed.languages ?? [],
    seasons: parsed.seasons ?? [],
    episodes: parsed.episodes ?? [],
    isComplete: parsed.complete === true,
    isProper: parsed.proper === true || parsed.repack === true,
  };
}

/** Without the fields that are undefined or empty. */
function known<K extends string>(fields: Record<K, string | undefined>): { [P in K]?: string } {
  const kept: { [P in K]?: string } = {};
  for (const key of Object.keys(fields) as K[]) {
    const value = fields[key];
    if (value !== undefined && value !== '') kept[key] = value;
  }
  return kept;
}
