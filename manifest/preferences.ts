// How a viewer wants lists to be: the shape of it, its defaults, and how it is read from untrusted JSON. Pure.

import { z } from 'zod';

/** Picture sizes from large to small, each with what is near it; `other` is everything else and everything unknown. */
export const RESOLUTIONS = ['2160p', '1440p', '1080p', '720p', '576p', '480p', 'other'] as const;

/** How a release was made; `cam` stands for everything filmed in a cinema or leaked unfinished. */
export const EXCLUDABLE_QUALITIES = ['cam', 'screener', 'remux', 'bluray', 'web', 'hdtv', 'dvd'] as const;

/** How its picture is coded; `other` is every other codec that a name tells, not what tells none. */
export const EXCLUDABLE_CODECS = ['av1', 'hevc', 'avc', 'vp9', 'xvid', 'other'] as const;

const language = z.string().regex(/^[a-z]{2}$/);
const words = z
  .array(
    z
      .string()
      .trim()
      .min(1)
      .max(60)
      .regex(/[\p{L}\p{N}]/u),
  )
  .max(50);
const bytes = z.number().int().min(1).max(1e15).nullable();

/**
 * Unknown fields are dropped, missing ones have their default, wrong ones are errors. What leaves out never leaves out a
 * release whose name or size does not tell: that is kept.
 */
export const preferencesForm = z.object({
  /** Which are listed. Empty: all. They are ordered from large to small whatever the order here. */
  resolutions: z.array(z.enum(RESOLUTIONS)).max(RESOLUTIONS.length).default([]),
  /** Largest film that is listed. Null: no limit. */
  maxFilmBytes: bytes.default(null),
  /** Largest episode that is listed; of a pack, one episode's share counts. Null: no limit. */
  maxEpisodeBytes: bytes.default(null),
  /** Bits per second, from size and running time: what the viewer's line can carry. Null: no limit. */
  maxBitrate: z.number().int().min(1).max(1e10).nullable().default(null),
  /** Ways of making that are left out. */
  excludedQualities: z.array(z.enum(EXCLUDABLE_QUALITIES)).max(EXCLUDABLE_QUALITIES.length).default(['cam']),
  /** Codecs that are left out, as for a device that cannot play them. */
  excludedCodecs: z.array(z.enum(EXCLUDABLE_CODECS)).max(EXCLUDABLE_CODECS.length).default([]),
  /** `only` and `never` leave out, `first` and `last` order within a resolution. Dolby Vision counts as HDR. */
  hdr: z.enum(['any', 'first', 'last', 'only', 'never']).default('any'),
  /** `withFallback` leaves out Dolby Vision without an HDR10 layer: other screens show it in wrong colours. */
  dolbyVision: z.enum(['any', 'withFallback']).default('any'),
  /** ISO 639-1, the dearest first. Releases in one of them come before others of the same resolution. */
  languages: z.array(language).max(20).default([]),
  /** Leaves out what names other languages only. Without `languages` it does nothing. */
  onlyLanguages: z.boolean().default(false),
  /** Whole words (or several in a row), any case, with or without accents; releases named so are left out. */
  excludedWords: words.default([]),
  /** Words as above; the more of them a name holds, the earlier it comes within its resolution. */
  preferredWords: words.default([]),
  /** What plays at once comes before everything else, whatever its resolution. */
  readyFirst: z.boolean().default(true),
  /** Which of the two comes first within a resolution. */
  kindFirst: z.enum(['none', 'torrents', 'usenet']).default('none'),
  /** Releases known not to play. */
  dead: z.enum(['last', 'hidden']).default('last'),
  /** Longest list; the best are kept. */
  maxStreams: z.number().int().min(1).max(500).default(60),
  /** Most of one resolution; the best are kept. 0: no limit beside `maxStreams`. */
  maxPerResolution: z.number().int().min(0).max(500).default(0),
  /** A Usenet stream's name carries `[AM⚡]` or `[AM⏳]`, which AIOStreams reads. */
  namesForAioStreams: z.boolean().default(false),
});

/** A viewer's preferences, whole. */
export type Preferences = z.infer<typeof preferencesForm>;

export const DEFAULT_PREFERENCES: Preferences = Object.freeze(preferencesForm.parse({}));
