// What ffprobe prints becomes facts. Pure. The text may have been made by whoever made the file: lengths, numbers and
// counts are checked, and what does not fit is left out.

import { z } from 'zod';

export interface VideoTrack {
  readonly codec: string;
  readonly width: number;
  readonly height: number;
  /** Null: standard range, or not told. */
  readonly hdr: 'DV' | 'HDR10' | 'HLG' | null;
  /** Per second; null when it is not told. */
  readonly frameRate: number | null;
}

export interface AudioTrack {
  readonly codec: string;
  readonly channels: number | null;
  /** As the file has it, mostly ISO 639-2; null when it is not told. */
  readonly language: string | null;
}

export interface SubtitleTrack {
  /** Its place among all streams of the file. */
  readonly index: number;
  readonly codec: string;
  readonly language: string | null;
  /** False for pictures. */
  readonly isText: boolean;
}

/** What a media file holds. */
export interface MediaFacts {
  /** `matroska`, `mp4`, `avi`, `mpegts`, … */
  readonly container: string;
  readonly durationSeconds: number | null;
  /** Bits per second, of everything together. */
  readonly bitrate: number | null;
  /** The first that is no cover picture. */
  readonly video: VideoTrack | null;
  readonly audio: readonly AudioTrack[];
  readonly subtitles: readonly SubtitleTrack[];
}

/** More tracks are not told. */
const MAX_TRACKS = 100;
const MAX_INDEX = 10_000;
const MAX_SIDE = 65_536;
const MAX_SECONDS = 1e7;
const TEXT_SUBTITLES = new Set(['subrip', 'srt', 'ass', 'ssa', 'mov_text', 'webvtt', 'text', 'microdvd', 'ttml']);
const CONTAINERS: Readonly<Record<string, string>> = { mov: 'mp4', matroska: 'matroska' };

const word = z.string().regex(/^[\w.,+-]{1,64}$/);
const count = (max: number) => z.number().int().min(1).max(max);

const stream = z.object({
  codec_type: z.string(),
  codec_name: word.optional().catch(undefined),
  index: z.number().int().min(0).max(MAX_INDEX).optional().catch(undefined),
  width: count(MAX_SIDE).optional().catch(undefined),
  height: count(MAX_SIDE).optional().catch(undefined),
  channels: count(255).optional().catch(undefined),
  avg_frame_rate: z.string().optional().catch(undefined),
  color_transfer: z.string().optional().catch(undefined),
  side_data_list: z
    .array(z.object({ side_data_type: z.string().optional() }))
    .optional()
    .catch(undefined),
  disposition: z.object({ attached_pic: z.number().optional() }).optional().catch(undefined),
  tags: z
    .object({ language: word.optional().catch(undefined) })
    .optional()
    .catch(undefined),
});

const report = z.object({
  format: z.object({
    format_name: word,
    duration: z.string().optional().catch(undefined),
    bit_rate: z.string().optional().catch(undefined),
  }),
  streams: z.array(z.unknown()),
});

type Stream = z.infer<typeof stream>;

/** Facts from what `ffprobe -print_format json -show_format -show_streams` printed; null when there are none. */
export function parseFfprobe(text: string): MediaFacts | null {
  const parsed = report.safeParse(parseJson(text));
  if (!parsed.success) return null;
  const { format } = parsed.data;
  const streams = parsed.data.streams.slice(0, MAX_TRACKS).flatMap((one) => stream.safeParse(one).data ?? []);
  if (streams.length === 0) return null;
  const name = format.format_name.split(',')[0] ?? '';
  return {
    container: CONTAINERS[name] ?? name,
    durationSeconds: numberFrom(format.duration, MAX_SECONDS),
    bitrate: numberFrom(format.bit_rate, Number.MAX_SAFE_INTEGER),
    video: streams.map(videoOf).find((one) => one !== null) ?? null,
    audio: streams.flatMap(audioOf),
    subtitles: streams.flatMap(subtitleOf),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function videoOf(one: Stream): VideoTrack | null {
  const { codec_name: codec, height, width } = one;
  if (one.codec_type !== 'video' || one.disposition?.attached_pic === 1) return null;
  if (codec === undefined || width === undefined || height === undefined) return null;
  return { codec, width, height, hdr: hdrOf(one), frameRate: frameRateOf(one.avg_frame_rate) };
}

function audioOf({ channels, codec_name: codec, codec_type, tags }: Stream): readonly AudioTrack[] {
  if (codec_type !== 'audio' || codec === undefined) return [];
  return [{ codec, channels: channels ?? null, language: languageOf(tags) }];
}

function subtitleOf({ codec_name: codec, codec_type, index, tags }: Stream): readonly SubtitleTrack[] {
  if (codec_type !== 'subtitle' || codec === undefined || index === undefined) return [];
  return [{ index, codec, language: languageOf(tags), isText: TEXT_SUBTITLES.has(codec) }];
}

/** `und` says that it is not known. */
function languageOf(tags: Stream['tags']): string | null {
  const language = tags?.language?.toLowerCase();
  return language === undefined || language === 'und' ? null : language;
}

function hdrOf({ color_transfer, side_data_list }: Stream): VideoTrack['hdr'] {
  if (side_data_list?.some((one) => one.side_data_type?.startsWith('DOVI') === true) === true) return 'DV';
  if (color_transfer === 'smpte2084') return 'HDR10';
  return color_transfer === 'arib-std-b67' ? 'HLG' : null;
}

/** From `24000/1001`, to three decimals. */
function frameRateOf(text: string | undefined): number | null {
  const match = /^(\d{1,12})\/(\d{1,12})$/.exec(text ?? '');
  const rate = Math.round((Number(match?.[1]) / Number(match?.[2])) * 1000) / 1000;
  return Number.isFinite(rate) && rate > 0 && rate <= 1000 ? rate : null;
}

function numberFrom(text: string | undefined, max: number): number | null {
  if (text === undefined || !/^\d{1,16}(?:\.\d{1,9})?$/.test(text)) return null;
  const value = Number(text);
  return value > 0 && value <= max ? value : null;
}
