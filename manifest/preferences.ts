// How a viewer wants lists to be: the shape of it, its defaults, and how it is read from untrusted JSON. Pure.

import { z } from 'zod';

/** Picture sizes in the order people think of them; `other` is everything else and everything unknown. */
export const RESOLUTIONS = ['2160p', '1440p', '1080p', '720p', '576p', '480p', 'other'] as const;

/** How a release was made; `cam` stands for everything filmed or leaked before its time. */
export const EXCLUDABLE_QUALITIES = ['cam', 'screener', 'remux', 'bluray', 'web', 'hdtv', 'dvd'] as const;

export const EXCLUDABLE_CODECS = ['av1', 'hevc', 'avc', 'vp9', 'xvid', 'other'] as const;

const language = z.string().regex(/^[a-z]{2}$/);
const words = z.array(z.string().trim().min(1).max(60)).max(50);
const bytes = z.number().int().min(1).max(1e15).nullable();

/** Unknown fields are dropped, missing ones have their default, wrong ones are errors. */
export const preferencesForm = z.object({
  /** Which are listed. Empty: all. They are ordered from large to small whatever the order here. */
  resolutions: z.array(z.enum(RESOLUTIONS)).max(RESOLUTIONS.length).default([]),
  /** Largest release of a film, and largest episode. Null: no limit. */
  maxFilmBytes: bytes.default(null),
  maxEpisodeBytes: bytes.default(null),
  /** Bits per second, from size and running time; what cannot be told is kept. */
  maxBitrate: z.number().int().min(1).max(1e10).nullable().default(null),
  excludedQualities: z.array(z.enum(EXCLUDABLE_QUALITIES)).max(EXCLUDABLE_QUALITIES.length).default(['cam']),
  excludedCodecs: z.array(z.enum(EXCLUDABLE_CODECS)).max(EXCLUDABLE_CODECS.length).default([]),
  /** `only` and `never` leave out, `first` and `last` order. Dolby Vision without a fallback layer counts as HDR. */
  hdr: z.enum(['any', 'first', 'last', 'only', 'never']).default('any'),
  /** ISO 639-1, the dearest first. Releases in one of them come before others of the same resolution. */
  languages: z.array(language).max(20).default([]),
  /** Leaves out what names other languages only; what names none is kept. */
  onlyLanguages: z.boolean().default(false),
  /** Whole words, any case, of release names that are left out. */
  excludedWords: words.default([]),
  /** Whole words, any case, of release names that come first within their resolution. */
  preferredWords: words.default([]),
  readyFirst: z.boolean().default(true),
  kindFirst: z.enum(['none', 'torrents', 'usenet']).default('none'),
  /** Releases known not to play. */
  dead: z.enum(['last', 'hidden']).default('last'),
  maxStreams: z.number().int().min(1).max(500).default(60),
  /** 0: no limit beside `maxStreams`. */
  maxPerResolution: z.number().int().min(0).max(500).default(0),
  /** A Usenet stream's name carries `[AM⚡]` or `[AM⏳]`, which AIOStreams reads. */
  namesForAioStreams: z.boolean().default(false),
});

/** A viewer's preferences, whole. */
export type Preferences = z.infer<typeof preferencesForm>;

export const DEFAULT_PREFERENCES: Preferences = Object.freeze(preferencesForm.parse({}));
