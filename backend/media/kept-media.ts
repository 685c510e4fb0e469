// What the library keeps of a file, as it is written and read again. Pure. What was kept by an older version, or cannot be
// read, is simply not known.

import { z } from 'zod';
import type { MediaFacts } from './media-facts.js';

/** Null and empty: not known. */
export interface KeptMedia {
  /** As subtitle databases know the file: 16 hexadecimal digits. */
  readonly videoHash: string | null;
  /** The subtitles inside the file that can be taken out of it as text. */
  readonly textTracks: readonly TextTrack[];
}

export interface TextTrack {
  /** Its place among all streams of the file. */
  readonly index: number;
  /** As the file has it; null when it is not told. */
  readonly language: string | null;
}

const NOTHING: KeptMedia = { videoHash: null, textTracks: [] };
const TAKEABLE_CODECS = ['subrip', 'ass', 'ssa', 'webvtt', 'text'] as const;

const track = z.object({
  index: z.number().int().min(0),
  codec: z.enum(TAKEABLE_CODECS),
  language: z.string().nullable(),
});
const keptForm = z.object({
  videoHash: z
    .string()
    .regex(/^[0-9a-f]{16}$/)
    .nullable()
    .catch(null),
  container: z.string().nullable().catch(null),
  subtitles: z.array(z.unknown()).catch([]),
});

const text = z.string().nullable().catch(null);
const number = z.number().nullable().catch(null);
const factsForm = z.object({
  container: z.string(),
  durationSeconds: number,
  bitrate: number,
  video: z
    .object({
      codec: z.string(),
      width: z.number(),
      height: z.number(),
      hdr: z.enum(['DV', 'HDR10', 'HLG']).nullable().catch(null),
      frameRate: number,
    })
    .nullable()
    .catch(null),
  audio: z.array(z.object({ codec: z.string(), channels: number, language: text })).catch([]),
  subtitles: z.array(z.object({ index: z.number(), codec: z.string(), language: text, isText: z.boolean() })).catch([]),
});

/** What was told of a file's inside, from what the library has of it; null where nothing was. */
export function readKeptFacts(kept: unknown): MediaFacts | null {
  return factsForm.safeParse(kept).data ?? null;
}

/** From what the library has of a file, whatever that is. Only Matroska can be read front to back as it comes. */
export function readKeptMedia(kept: unknown): KeptMedia {
  const parsed = keptForm.safeParse(kept);
  if (!parsed.success) return NOTHING;
  const { videoHash, container, subtitles } = parsed.data;
  const textTracks = container === 'matroska' ? subtitles.flatMap((one) => track.safeParse(one).data ?? []) : [];
  return { videoHash, textTracks: textTracks.map(({ index, language }) => ({ index, language })) };
}
