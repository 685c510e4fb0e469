// What a client asks for, from path, query and body, checked and turned into a source. Nothing is fetched here.

import { z } from 'zod';
import {
  InputError,
  isContentId,
  isInfoHash,
  NotFoundError,
  type ContentId,
  type EpisodeWish,
  type Release,
  type Source,
} from '../content/index.js';
import { canonicalUrl } from '../engines/http/index.js';
import { keepPeers, keepTrackers, normalizeInfoHash, parseMagnet } from '../engines/torrent/index.js';
import type { PrepareRequest } from '../jobs/index.js';

const MAX_URL_CHARACTERS = 8_192;
const MAX_LIST_CHARACTERS = 65_536;

const address = z.string().trim().max(MAX_URL_CHARACTERS).optional();
const list = z
  .union([z.string(), z.array(z.string())])
  .transform((value) => (Array.isArray(value) ? value : [value]))
  .refine((values) => values.join('').length <= MAX_LIST_CHARACTERS)
  .transform((values) => values.flatMap((value) => value.split(/[\s,]+/)).filter((value) => value !== ''))
  .optional();
/** Digits only, as text or number; an empty field is none. */
const whole = (max: number) =>
  z
    .union([z.number(), z.string()])
    .transform((value) => String(value).trim())
    .refine((text) => /^\d{0,9}$/.test(text) && Number(text) <= max)
    .transform((text) => (text === '' ? undefined : Number(text)))
    .optional();

const form = z.object({
  magnet: z.string().trim().optional(),
  torrent_url: address,
  nzb_url: address,
  url: address,
  trackers: list,
  'trackers[]': list,
  initial_peers: list,
  season: whole(9_999),
  episode: whole(99_999),
  fileIndex: whole(999_999),
  id: z.string().trim().max(200).optional(),
});

type Form = z.infer<typeof form>;

/** Where things come from: `content` is the path's hash or id, if it has one. */
export interface Asked {
  readonly content: string | null;
  readonly query: unknown;
  readonly body: unknown;
}

/** The order for the jobs room. @throws {InputError}; {NotFoundError} for an unknown content id */
export function readPrepareRequest(
  asked: Asked,
  library: { get(contentId: ContentId): Release | null },
): PrepareRequest {
  const fields = readForm(asked);
  const content = asked.content === null ? null : readContentId(asked.content);
  const { titleId, episode } = readTitle(fields);
  return {
    source: readSource(fields, content, library),
    ...(content === null ? {} : { contentId: content }),
    ...(fields.fileIndex === undefined ? {} : { fileIndex: fields.fileIndex }),
    ...(episode === null ? {} : { episode }),
    ...(titleId === null ? {} : { titleId }),
  };
}

/** An infohash in hex or base32, or 64 hex characters; lower-case hex. @throws {InputError} */
export function readContentId(text: string): ContentId {
  const lower = text.toLowerCase();
  return isContentId(lower) ? lower : normalizeInfoHash(text);
}

function readForm({ query, body }: Asked): Form {
  const parsed = form.safeParse({ ...asRecord(query), ...asRecord(body) });
  if (parsed.success) return parsed.data;
  const field = String(parsed.error.issues[0]?.path[0] ?? 'request');
  throw new InputError(`What was given as ${field} cannot be used.`);
}

function asRecord(value: unknown): Record<string, unknown> {
  if (value === undefined || value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value)) throw new InputError('The body must be an object.');
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== null));
}

/** A Stremio id may carry the episode (`tt…:1:3`); the title is what stands before it. */
function readTitle({ id, season, episode }: Form): { titleId: string | null; episode: EpisodeWish | null } {
  if ((season === undefined) !== (episode === undefined)) throw new InputError('season and episode go together.');
  const given = season === undefined || episode === undefined ? null : { season, episode };
  const match = /^(tt\d+|tmdb:\d+|tvdb:\d+):(\d{1,4}):(\d{1,5})$/.exec(id ?? '');
  if (match === null) return { titleId: id === undefined || id === '' ? null : id, episode: given };
  return { titleId: match[1] ?? null, episode: given ?? { season: Number(match[2]), episode: Number(match[3]) } };
}

function readSource(
  fields: Form,
  content: ContentId | null,
  library: { get(contentId: ContentId): Release | null },
): Source {
  const given = readGivenSource(fields);
  if (given === null) return knownSource(fields, content, library);
  if (given.kind === 'torrent' && content !== null && given.infoHash !== content) {
    throw new InputError('The magnet link is of another torrent than the address.');
  }
  return given;
}

function readGivenSource(fields: Form): Source | null {
  const given = (
    [
      ['magnet', fields.magnet],
      ['torrent_url', fields.torrent_url],
      ['nzb_url', fields.nzb_url],
      ['url', fields.url],
    ] as const
  ).flatMap(([name, value]) => (value === undefined || value === '' ? [] : [{ name, value }]));
  const [only, ...others] = given;
  if (only === undefined) return null;
  if (others.length > 0) throw new InputError('Give one of magnet, torrent_url, nzb_url and url.');
  const { name, value } = only;
  if (name === 'magnet' || (name !== 'nzb_url' && /^magnet:/i.test(value))) {
    const magnet = parseMagnet(value);
    const { trackers, peers } = swarmOf(fields);
    return { ...magnet, trackers: union(magnet.trackers, trackers), peers: union(magnet.peers, peers) };
  }
  const url = canonicalUrl(value);
  switch (name) {
    case 'torrent_url':
      return { kind: 'torrent-url', url, ...swarmOf(fields) };
    case 'nzb_url':
      return { kind: 'nzb-url', url };
    case 'url':
      return { kind: 'http', url };
  }
}

/** Only a hash or an id was given: a torrent can be found by it, anything else must be known already. */
function knownSource(
  fields: Form,
  content: ContentId | null,
  library: { get(contentId: ContentId): Release | null },
): Source {
  if (content === null) throw new InputError('Give a magnet, torrent_url, nzb_url or url.');
  if (isInfoHash(content)) return { kind: 'torrent', infoHash: content, webSeeds: [], ...swarmOf(fields) };
  const known = library.get(content);
  if (known === null) throw new NotFoundError('Nothing is known of this content.');
  return known.source;
}

function swarmOf(fields: Form): { trackers: readonly string[]; peers: readonly string[] } {
  const peers = keepPeers(fields.initial_peers ?? []);
  if (peers.length === 0 && (fields.initial_peers ?? []).length > 0) {
    throw new InputError('initial_peers takes ip:port, separated by commas.');
  }
  return { trackers: keepTrackers([...(fields.trackers ?? []), ...(fields['trackers[]'] ?? [])]), peers };
}

function union(first: readonly string[], second: readonly string[]): readonly string[] {
  return [...new Set([...first, ...second])];
}
