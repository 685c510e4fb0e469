// `GET|HEAD /stremio/:key/play?url=…`: an NZB of a configured indexer by its address, as AltMount's clients ask for one. Leads to
// the NZB's play address once it is streamable; what fails or takes longer is told there. Prepares nothing of other places, and
// keeps nothing of what nobody wants to play.

import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import {
  AccessError,
  HeadstartError,
  InputError,
  type EpisodeWish,
  type NzbUrlSource,
} from '../../backend/content/index.js';
import { byteCors, sendError, setMediaHeaders } from '../../backend/delivery/index.js';
import { formatSourceIdentity } from '../../backend/discovery/index.js';
import type { KeptListing } from '../../backend/storage/index.js';
import type { AddonDeps } from '../addon-deps.js';
import { callerOf, requireKey } from '../caller.js';
import { formatPlayFile, formatPlayUrl } from '../links.js';
import { withHop } from './hop.js';

export type PlayByUrlDeps = Pick<
  AddonDeps,
  'access' | 'clock' | 'config' | 'indexerOrigins' | 'jobs' | 'listedSources' | 'log'
>;

/** Requests that are held at once; one more is led on without a wait. */
const MAX_WAITING = 100;

/** Below the addon's key. */
export function createPlayByUrlRoutes(deps: PlayByUrlDeps): Router {
  const calls = new PlayByUrl(deps);
  const router = Router();
  const path = '/stremio/:key/play';
  router.options(path, byteCors());
  router.get(path, byteCors(), requireKey(deps), (req, res) => calls.answer(req, res));
  return router;
}

const whole = z
  .string()
  .regex(/^\d{1,5}$/)
  .transform(Number)
  .optional();

const query = z.object({
  url: z.url({ protocol: /^https?$/ }).max(4_096),
  title: z.string().trim().max(300).optional(),
  type: z.enum(['movie', 'series']).optional(),
  season: whole,
  episode: whole,
});

/** What is asked for. */
interface Wanted {
  readonly source: NzbUrlSource;
  readonly name: string;
  readonly episode: EpisodeWish | null;
}

class PlayByUrl {
  #waiting = 0;

  constructor(private readonly deps: PlayByUrlDeps) {}

  /** Never rejects. */
  async answer(req: Request, res: Response): Promise<void> {
    const gone = new AbortController();
    res.once('close', () => gone.abort());
    try {
      const sinceMs = this.deps.clock.now();
      const wanted = readWanted(req.query);
      if (!this.deps.indexerOrigins().has(new URL(wanted.source.url).origin)) {
        throw new AccessError('Only NZBs of the indexers that are set up here are played.', 'FORBIDDEN');
      }
      if (req.method === 'HEAD') return this.#answerHead(req, res, wanted);
      const address = this.#remember(req, wanted);
      const isReady = await this.#prepare(wanted, gone.signal);
      if (gone.signal.aborted) return;
      res.setHeader('Cache-Control', 'private, no-store');
      res.redirect(302, isReady ? address : withHop(address, { count: 1, sinceMs }));
    } catch (error) {
      if (!(error instanceof HeadstartError)) this.deps.log.error({ err: error }, 'An NZB could not be played');
      sendError(res, error, { audience: 'bytes' });
    }
  }

  /** Where its play address is known it leads there; else it tells what can be told of what nobody looked into. */
  #answerHead(req: Request, res: Response, wanted: Wanted): void {
    res.setHeader('Cache-Control', 'private, no-store');
    const { sourceId, file } = this.#placeOf(wanted);
    const isKnown = this.deps.listedSources.get(sourceId, formatPlayFile(file)) !== null;
    if (isKnown) return res.redirect(302, this.#addressOf(req, wanted));
    setMediaHeaders(res, { name: fileNameOf(wanted), isSecretUrl: true });
    res.end();
  }

  /** Its play address. */
  #remember(req: Request, wanted: Wanted): string {
    const { source, name, episode } = wanted;
    const { listedSources } = this.deps;
    const { sourceId, file } = this.#placeOf(wanted);
    const text = formatPlayFile(file);
    const kept = stillListed(listedSources.get(sourceId, text), text);
    listedSources.remember(sourceId, text, { name, ...(episode === null ? {} : { episode }), ...kept, source });
    return this.#addressOf(req, wanted);
  }

  #addressOf(req: Request, wanted: Wanted): string {
    return formatPlayUrl(callerOf(req, this.deps), { ...this.#placeOf(wanted), fileName: fileNameOf(wanted) });
  }

  #placeOf({ source, episode }: Wanted) {
    return {
      sourceId: this.deps.access.sourceId(formatSourceIdentity(source)),
      file: { index: null, episode },
    } as const;
  }

  /** Whether it became streamable while a request may be held; why it did not is asked again where that is shown. */
  async #prepare({ source, episode }: Wanted, gone: AbortSignal): Promise<boolean> {
    if (this.#waiting >= MAX_WAITING) return false;
    const { clock, config, jobs } = this.deps;
    const held = new AbortController();
    const hold = clock.after(config.playHoldMs, () => held.abort());
    this.#waiting += 1;
    try {
      const { id } = await jobs.prepare({ source, priority: 'play', ...(episode === null ? {} : { episode }) });
      const { state } = await jobs.untilStreamable(id, { signal: AbortSignal.any([gone, held.signal]) });
      return state === 'streamable' || state === 'completed';
    } catch {
      return false;
    } finally {
      this.#waiting -= 1;
      hold.cancel();
    }
  }
}

/** What was listed for a title stays listed for it, also where that was for another episode in it. */
function stillListed(kept: KeptListing | null, file: string): Partial<Omit<KeptListing, 'source'>> {
  if (kept === null || kept.file === file) return kept ?? {};
  const { titleId, bingeGroup } = kept;
  return { ...(titleId === undefined ? {} : { titleId }), ...(bingeGroup === undefined ? {} : { bingeGroup }) };
}

function fileNameOf({ name }: Wanted): string {
  return `${name}.mkv`;
}

/** @throws {InputError} naming the field */
function readWanted(given: unknown): Wanted {
  const read = query.safeParse(given);
  if (!read.success) throw new InputError(`What was given as ${String(read.error.issues[0]?.path[0])} cannot be used.`);
  const { url, title = '', type, season, episode } = read.data;
  const isEpisode = type !== 'movie' && season !== undefined && episode !== undefined;
  return {
    source: { kind: 'nzb-url', url: new URL(url).href },
    name: title === '' ? 'video' : title,
    episode: isEpisode ? { season, episode } : null,
  };
}
