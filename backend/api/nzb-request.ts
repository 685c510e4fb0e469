// What a submission asks for, checked. Nothing is fetched here.

import { z } from 'zod';
import { InputError, type EpisodeWish } from '../content/index.js';
import { canonicalUrl } from '../engines/http/index.js';
import { addressMd5sOf } from './nzb-address.js';
import type { NzbForm, UploadedNzb } from './nzb-form.js';

export interface NzbRequest {
  readonly nzb:
    | { readonly kind: 'file'; readonly file: UploadedNzb }
    /** `addressMd5s`: the sums under which clients know the address. */
    | { readonly kind: 'url'; readonly url: string; readonly addressMd5s: readonly string[] };
  /** Fit for a path. */
  readonly category: string;
  /** How long the caller waits. */
  readonly waitMs: number;
  readonly episode?: EpisodeWish;
  readonly titleId?: string;
  readonly isForced: boolean;
}

const DEFAULT_CATEGORY = 'stremio';
const MAX_CATEGORY_CHARACTERS = 64;
const DEFAULT_TIMEOUT_SECONDS = 300;
/** Proxies cut connections that are silent for 100 s. */
const MAX_WAIT_MS = 90_000;
const STREMIO_ID = /^(tt\d+|tmdb:\d+|tvdb:\d+)(?::(\d{1,4}):(\d{1,5}))?$/;

const whole = z
  .string()
  .trim()
  .regex(/^\d{0,9}$/)
  .transform((text) => (text === '' ? undefined : Number(text)))
  .optional();
const text = z.string().trim().max(8_192).optional();
const form = z.object({
  nzb_url: text,
  category: text,
  timeout: whole,
  season: whole,
  episode: whole,
  id: text,
  stremio_id: text,
  force: z
    .string()
    .optional()
    .transform((value) => value === 'true' || value === '1'),
});

type Form = z.infer<typeof form>;

/** @throws {InputError} */
export function readNzbRequest({ fields, file }: NzbForm): NzbRequest {
  const parsed = form.safeParse(Object.fromEntries(fields));
  if (!parsed.success) {
    throw new InputError(`What was given as ${String(parsed.error.issues[0]?.path[0])} cannot be used.`);
  }
  const { data } = parsed;
  const stremio = STREMIO_ID.exec(data.id ?? '') ?? STREMIO_ID.exec(data.stremio_id ?? '');
  const episode = episodeOf(data, stremio);
  const titleId = stremio?.[1];
  return {
    nzb: nzbOf(data, file),
    category: cleanCategory(data.category ?? ''),
    waitMs: Math.min(MAX_WAIT_MS, (data.timeout ?? DEFAULT_TIMEOUT_SECONDS) * 1_000),
    isForced: data.force,
    ...(episode === null ? {} : { episode }),
    ...(titleId === undefined ? {} : { titleId }),
  };
}

/** One part of a path, at most 64 characters; what cannot stand there is `_`. */
export function cleanCategory(category: string): string {
  const clean = category
    .toWellFormed()
    .replace(/[/\\\p{Cc}\p{Cf}]/gu, '_')
    .trim();
  const short = [...clean].slice(0, MAX_CATEGORY_CHARACTERS).join('');
  return /^\.{0,2}$/.test(short) ? DEFAULT_CATEGORY : short;
}

/** @throws {InputError} for what is no address of http or https */
export function nzbAt(url: string): Extract<NzbRequest['nzb'], { readonly kind: 'url' }> {
  return { kind: 'url', url: canonicalUrl(url), addressMd5s: addressMd5sOf(url) };
}

function nzbOf({ nzb_url: url }: Form, file: UploadedNzb | null): NzbRequest['nzb'] {
  if (file !== null) {
    if (file.bytes.length === 0) throw new InputError('The uploaded NZB is empty.');
    return { kind: 'file', file };
  }
  if (url === undefined || url === '') throw new InputError('Give an NZB: nzb_url, or an upload called file.');
  return nzbAt(url);
}

/** The fields themselves, then the Stremio id, then what the NZB's own address says. */
function episodeOf({ season, episode, nzb_url: url }: Form, stremio: RegExpExecArray | null): EpisodeWish | null {
  if (season !== undefined && episode !== undefined) return { season, episode };
  if (season !== undefined || episode !== undefined)
    throw new InputError('Give season and episode together, or neither.');
  if (stremio?.[2] !== undefined) return { season: Number(stremio[2]), episode: Number(stremio[3]) };
  if (url === undefined || !URL.canParse(url)) return null;
  const { searchParams } = new URL(url);
  const [inSeason, inEpisode] = ['season', 'episode'].map((name) => searchParams.get(name) ?? '');
  const isWhole = /^\d{1,4} \d{1,5}$/.test(`${inSeason ?? ''} ${inEpisode ?? ''}`);
  return isWhole ? { season: Number(inSeason), episode: Number(inEpisode) } : null;
}
