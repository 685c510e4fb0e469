// Into which of the few classes a viewer thinks in a release falls, from what its name tells. Pure tables: what the parser
// of names (@viren070/parse-torrent-title) writes is on the left. A name that tells nothing is null, never a guess.

import type { EXCLUDABLE_CODECS, EXCLUDABLE_QUALITIES, RESOLUTIONS } from '../../../manifest/index.js';
import type { ReleaseName } from '../../naming/index.js';

export type ResolutionClass = (typeof RESOLUTIONS)[number];
export type QualityClass = (typeof EXCLUDABLE_QUALITIES)[number];
export type CodecClass = (typeof EXCLUDABLE_CODECS)[number];
/** `dolbyVision` has no other layer: a screen without Dolby Vision shows it in wrong colours. */
export type HdrClass = 'sdr' | 'hdr' | 'dolbyVision';

/** What is spoken in a release, as far as its name tells. */
export interface SpokenLanguages {
  /** ISO 639-1, without regions (`es-419` is `es`), each once. */
  readonly named: readonly string[];
  /** It has more than are named: `MULTi`, `Dual Audio`. */
  readonly hasMore: boolean;
}

/** Least lines of each class: films are cropped, and pictures measured by their width lose lines. Above 8K nobody looks. */
const LINES: readonly (readonly [minLines: number, ResolutionClass])[] = [
  [2500, 'other'],
  [1800, '2160p'],
  [1300, '1440p'],
  [880, '1080p'],
  [640, '720p'],
  [540, '576p'],
  [400, '480p'],
];

const NAMED_RESOLUTIONS: Readonly<Record<string, ResolutionClass>> = { '4k': '2160p', uhd: '2160p', '2k': '1440p' };

const QUALITIES = tableOf<QualityClass>({
  cam: 'cam telesync telecine workprint',
  screener: 'scr screener r5',
  remux: 'remux bluray-remux',
  bluray: 'bluray bdrip brrip uhdrip',
  web: 'web web-dl webrip web-dlrip webcap vodr hdrip',
  hdtv: 'hdtv hdtvrip pdtv sdtv satrip tvrip ppv ppvrip',
  dvd: 'dvd dvdrip vhsrip',
});

const CODECS = tableOf<CodecClass>({
  av1: 'av1',
  hevc: 'hevc h265 x265',
  avc: 'avc h264 x264',
  vp9: 'vp9',
  xvid: 'xvid divx dvix',
});

const SEVERAL_LANGUAGES = new Set(['multi', 'multi audio', 'dual audio']);

/** `other` for sizes no class is near, and where none is told. */
export function resolutionClassOf({ resolution = '' }: Pick<ReleaseName, 'resolution'>): ResolutionClass {
  const text = resolution.trim().toLowerCase();
  const lines = /^(\d{3,4})[pi]?$/.exec(text)?.[1];
  if (lines === undefined) return NAMED_RESOLUTIONS[text] ?? 'other';
  return LINES.find(([minLines]) => Number(lines) >= minLines)?.[1] ?? 'other';
}

/** How it was made; null where not told. */
export function qualityClassOf({ quality }: Pick<ReleaseName, 'quality'>): QualityClass | null {
  return quality === undefined ? null : (QUALITIES.get(keyOf(quality)) ?? null);
}

/** `other` for codecs that are named and have no class of their own; null where none is told. */
export function codecClassOf({ codec }: Pick<ReleaseName, 'codec'>): CodecClass | null {
  return codec === undefined ? null : (CODECS.get(keyOf(codec)) ?? 'other');
}

/** What tells nothing is `sdr`, as nearly all such releases are. */
export function hdrClassOf({ hdr }: Pick<ReleaseName, 'hdr'>): HdrClass {
  const layers = hdr.map((layer) => layer.toUpperCase()).filter((layer) => layer !== 'SDR');
  if (layers.length === 0) return 'sdr';
  return layers.every((layer) => layer === 'DV') ? 'dolbyVision' : 'hdr';
}

/** Subtitles in several languages (`multi subs`) are no spoken language. */
export function spokenLanguagesOf({ languages }: Pick<ReleaseName, 'languages'>): SpokenLanguages {
  const lower = languages.map((language) => language.toLowerCase());
  const codes = lower.map((language) => language.split('-')[0] ?? '').filter((code) => /^[a-z]{2}$/.test(code));
  return { named: [...new Set(codes)], hasMore: lower.some((language) => SEVERAL_LANGUAGES.has(language)) };
}

function tableOf<C extends string>(spellings: { readonly [K in C]?: string }): ReadonlyMap<string, C> {
  const classes = Object.keys(spellings) as C[];
  return new Map(
    classes.flatMap((one) => (spellings[one] ?? '').split(' ').map((text) => [keyOf(text), one] as const)),
  );
}

function keyOf(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]/g, '');
}
