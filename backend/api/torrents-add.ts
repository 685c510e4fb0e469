// POST /torrents: a magnet, a link to a `.torrent` or its bytes become a torrent in the library, once metadata is here.

import type { Request } from 'express';
import { z } from 'zod';
import type { Release, TorrentSource, TorrentUrlSource } from '../content/index.js';
import { BusyError, InputError } from '../content/index.js';
import { keepPeers, normalizeInfoHash, parseInfo, parseMagnet, parseTorrentFile } from '../engines/torrent/index.js';
import type { TorrentEntry, TorrentsDeps } from './torrents-deps.js';
import { checkFileIndexes, infoHashOfEntry } from './torrents-lookup.js';

/** Requests that look for metadata at once, answered ones included; one more is told to come back. */
const MAX_SEARCHES = 64;
const MAX_URL_CHARACTERS = 8 * 1024;

const flag = z
  .enum(['', 'true', 'false', '1', '0'])
  .optional()
  .transform((text) => text !== undefined && text !== 'false' && text !== '0');

/** `overwrite` is taken and has no meaning here: nothing that is in the cache is ever written over unverified. */
const querySchema = z.object({
  overwrite: flag,
  list_only: flag,
  only_files: z
    .string()
    .regex(/^\s*\d{1,6}(?:\s*,\s*\d{1,6})*\s*$/, 'is a list of file indexes: 0,2')
    .max(700_000)
    .optional()
    .transform((text) => text?.split(',').map(Number)),
  initial_peers: z
    .string()
    .max(16_384)
    .optional()
    .transform((text) => text?.split(',').filter((peer) => peer.trim() !== '') ?? [])
    .refine((peers) => peers.every((peer) => keepPeers([peer]).length === 1), 'is a list of addresses: 192.0.2.1:6881'),
});

/** What came of a request to add: `entry` is null when it was only to be listed. */
export interface AddedTorrent {
  readonly release: Release;
  readonly entry: TorrentEntry | null;
  readonly seenPeers: readonly string[];
}

export class TorrentAdder {
  private searchCount = 0;

  constructor(private readonly deps: TorrentsDeps) {}

  /**
   * Adds what the request's body names. The same torrent again is the same entry, reached by its new trackers and peers too.
   * @throws {InputError} for a body or query that cannot be read; {BusyError} when metadata does not come within
   *   `maxWaitMs`: it is looked for on, and the torrent added when it comes.
   */
  async add(req: Request): Promise<AddedTorrent> {
    const query = readQuery(req.query);
    const asked = withPeers(readSource(req.body), query.initial_peers);
    const known = asked.kind === 'torrent' ? this.deps.library.get(asked.infoHash) : null;
    const source = withInfo(asked, known);
    if (query.list_only) {
      const release = releaseOf(source) ?? (await this.waitFor(this.search(source)));
      return { release, entry: null, seenPeers: asked.peers };
    }
    const entry = await this.waitFor(this.search(source).then((release) => this.keep(release, query.only_files)));
    return { release: entry, entry, seenPeers: asked.peers };
  }

  /**
   * Takes up a torrent of the library that the engine does not hold, so that what is on disk counts and its
   * chosen files are fetched. Asks no swarm for metadata.
   */
  async load(entry: TorrentEntry): Promise<void> {
    const { source } = entry;
    if (source.kind !== 'torrent' || source.info === undefined) return;
    const { engine } = this.deps;
    const infoHash = infoHashOfEntry(entry);
    if (engine.status(infoHash) === null) await this.waitFor(this.search(source));
    const isFetching = entry.included.length === 0 || (engine.status(infoHash)?.included.length ?? 0) > 0;
    if (!isFetching) await engine.setIncluded(infoHash, entry.included);
  }

  private async keep(release: Release, onlyFiles: number[] | undefined): Promise<TorrentEntry> {
    const included = onlyFiles === undefined ? null : checkFileIndexes(release, onlyFiles);
    const entry = this.deps.library.remember(release);
    this.deps.items.adopt(entry.contentId);
    if (included === null) return entry;
    this.deps.library.setIncluded(entry.contentId, included);
    await this.deps.engine.setIncluded(infoHashOfEntry(entry), included);
    return { ...entry, included };
  }

  /** Looks for metadata until `prepareTimeoutMs`, however soon the request ends. */
  private async search(source: TorrentSource | TorrentUrlSource): Promise<Release> {
    const { clock, engine, prepareTimeoutMs } = this.deps;
    if (this.searchCount >= MAX_SEARCHES) throw new BusyError('Too many torrents are being looked for at once.');
    const ending = new AbortController();
    const deadline = clock.after(prepareTimeoutMs, () =>
      ending.abort(new BusyError('No peer sent the metadata in time.')),
    );
    this.searchCount += 1;
    try {
      return await engine.resolve(source, { signal: ending.signal, report: () => undefined });
    } finally {
      this.searchCount -= 1;
      deadline.cancel();
    }
  }

  /** `work`'s result, or `BusyError` after `maxWaitMs`; `work` goes on. */
  private async waitFor<T>(work: Promise<T>): Promise<T> {
    const { clock, log, maxWaitMs } = this.deps;
    let isWaiting = true;
    work.catch((error: unknown) => {
      if (!isWaiting) log.info({ err: error }, 'A torrent could not be added.');
    });
    return new Promise<T>((resolve, reject) => {
      const deadline = clock.after(maxWaitMs, () => {
        isWaiting = false;
        reject(new BusyError('The metadata of this torrent is not here yet; it is being looked for.'));
      });
      work.then(resolve, reject).finally(() => deadline.cancel());
    });
  }
}

function readQuery(query: unknown): z.output<typeof querySchema> {
  const read = querySchema.safeParse(query);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new InputError(`${issue?.path.join('.') ?? 'query'}: ${issue?.message ?? 'cannot be read'}.`);
}

/** The body is told by how it begins, whatever content type it was sent with. */
function readSource(body: unknown): TorrentSource | TorrentUrlSource {
  if (!(body instanceof Uint8Array) || body.length === 0) {
    throw new InputError('The body must be a magnet link, a link to a .torrent file, or the bytes of one.');
  }
  const start = Buffer.from(body.subarray(0, 64)).toString('latin1').trimStart().toLowerCase();
  if (start.startsWith('d')) return parseTorrentFile(body);
  if (start.startsWith('magnet:')) return parseMagnet(textOf(body, 64 * 1024, 'The magnet link'));
  if (/^https?:\/\//.test(start)) return readUrl(textOf(body, MAX_URL_CHARACTERS, 'The link'));
  if (/^(?:[0-9a-f]{40}|[a-z2-7]{32})\s*$/.test(start)) {
    return { kind: 'torrent', infoHash: normalizeInfoHash(start.trim()), trackers: [], webSeeds: [], peers: [] };
  }
  throw new InputError('The body is neither a magnet link, nor a link to a .torrent file, nor the bytes of one.');
}

function textOf(body: Uint8Array, maxBytes: number, what: string): string {
  if (body.length > maxBytes) throw new InputError(`${what} is longer than ${maxBytes / 1024} KiB.`);
  return Buffer.from(body).toString('utf8').trim();
}

function readUrl(text: string): TorrentUrlSource {
  if (!URL.canParse(text)) throw new InputError('The link to the .torrent file is not a URL.');
  return { kind: 'torrent-url', url: new URL(text).href, trackers: [], peers: [] };
}

function withPeers<T extends TorrentSource | TorrentUrlSource>(source: T, peers: readonly string[]): T {
  return { ...source, peers: keepPeers([...source.peers, ...peers]) };
}

/** The source with the metadata that the library has of it: nobody needs to be asked for it again. */
function withInfo(
  asked: TorrentSource | TorrentUrlSource,
  known: TorrentEntry | null,
): TorrentSource | TorrentUrlSource {
  const info = known?.source.kind === 'torrent' ? known.source.info : undefined;
  return asked.kind === 'torrent' && asked.info === undefined && info !== undefined ? { ...asked, info } : asked;
}

/** What a source says of itself; null when that needs somebody else. */
function releaseOf(source: TorrentSource | TorrentUrlSource): Release | null {
  if (source.kind !== 'torrent' || source.info === undefined) return null;
  const { files, infoHash, name } = parseInfo(source.info, source.infoHash);
  return { contentId: infoHash, name, files, source };
}
