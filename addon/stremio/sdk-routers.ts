// The SDK's routers, one per key and address, because the SDK writes its manifest down once and for all. Handlers here
// never reject: the SDK would answer 500, which Stremio shows as an error row.

import type { RequestHandler } from 'express';
import { LRUCache } from 'lru-cache';
import AddonBuilder, { type Handler } from 'stremio-addon-sdk/src/builder.js';
import getRouter from 'stremio-addon-sdk/src/getRouter.js';
import { createManifest, OPEN_CATALOG_ID, READY_CATALOG_ID } from '../../manifest/index.js';
import type { AddonDeps } from '../addon-deps.js';
import { formatConfigureUrl, formatLogoUrl, type Caller } from '../links.js';
import type { NextEpisodes } from '../play/next-episodes.js';
import { parseToldFile } from '../subtitles/played-file.js';
import { SubtitleLister, type SubtitleListerDeps } from '../subtitles/subtitle-lister.js';
import { listOpenFilms, listReady, readMeta } from './release-pages.js';
import { StreamLister, type StreamListerDeps } from './stream-lister.js';

export type SdkRoutersDeps = StreamListerDeps &
  SubtitleListerDeps &
  Pick<AddonDeps, 'version'> & {
    /** Told of every list of a title. */
    readonly nextEpisodes: Pick<NextEpisodes, 'noteListed'>;
  };

/** Addresses one server is reached by: its names, its IPs, a tunnel. The least recently used router is dropped. */
const MAX_ROUTERS = 64;
/** Seconds. Lists say what is ready, which changes by the second; a list that is empty is worth asking for again. */
const LIST_MAX_AGE = 30;
const EMPTY_MAX_AGE = 10;
/** A search ends long before: this is the end of a wait that should never be. */
const LIST_TIMEOUT_MS = 40_000;

export class SdkRouters {
  readonly #routers = new LRUCache<string, RequestHandler>({ max: MAX_ROUTERS });
  readonly #streams: StreamLister;
  readonly #subtitles: SubtitleLister;

  constructor(private readonly deps: SdkRoutersDeps) {
    this.#streams = new StreamLister(deps);
    this.#subtitles = new SubtitleLister(deps);
  }

  /** The router that speaks for this key and address. */
  get(caller: Caller): RequestHandler {
    const name = `${caller.addonKey} ${caller.origin}`;
    const kept = this.#routers.get(name);
    if (kept !== undefined) return kept;
    const router = this.#create(caller);
    this.#routers.set(name, router);
    return router;
  }

  #create(caller: Caller): RequestHandler {
    const builder = new AddonBuilder(
      createManifest({ version: this.deps.version, logoUrl: formatLogoUrl(caller.origin) }),
    );
    builder.defineStreamHandler(this.#safely({ streams: [] }, ({ id }) => this.#streamsFor(id, caller)));
    builder.defineCatalogHandler(
      this.#safely({ metas: [] }, ({ type, id, extra }) => {
        const skip = skipOf(extra['skip']);
        if (id === OPEN_CATALOG_ID && type === 'movie') {
          return { metas: listOpenFilms().slice(skip), cacheMaxAge: LIST_MAX_AGE };
        }
        const metas = id === READY_CATALOG_ID ? listReady(this.deps.library, type, skip) : [];
        return { metas, cacheMaxAge: metas.length === 0 ? EMPTY_MAX_AGE : LIST_MAX_AGE };
      }),
    );
    builder.defineMetaHandler(
      this.#safely({ meta: {} }, ({ id }) => {
        const meta = readMeta(id, caller, this.deps.library, this.#streams);
        return meta === null ? { meta: {}, cacheMaxAge: EMPTY_MAX_AGE } : { meta, cacheMaxAge: LIST_MAX_AGE };
      }),
    );
    builder.defineSubtitlesHandler(
      this.#safely({ subtitles: [] }, async ({ id, extra }) => {
        const subtitles = await this.#subtitles.list(id, parseToldFile(extra), caller);
        return { subtitles, cacheMaxAge: subtitles.length === 0 ? EMPTY_MAX_AGE : LIST_MAX_AGE };
      }),
    );
    return getRouter(builder.getInterface());
  }

  /** What is to be said stands in a line of its own, which leads to the page where it can be mended: never a fake video. */
  async #streamsFor(id: string, caller: Caller): Promise<object> {
    const signal = AbortSignal.timeout(LIST_TIMEOUT_MS);
    const { streams, note, isComplete, listed } = await this.#streams.list(id, caller, { signal });
    if (listed !== null) this.deps.nextEpisodes.noteListed(listed);
    const line = { name: 'Headstart', description: note ?? '', externalUrl: formatConfigureUrl(caller) };
    const cacheMaxAge = streams.length === 0 || !isComplete ? EMPTY_MAX_AGE : LIST_MAX_AGE;
    return { streams: note === null ? streams : [...streams, line], cacheMaxAge };
  }

  #safely(empty: object, answer: (args: Parameters<Handler>[0]) => object | Promise<object>): Handler {
    return async (args) => {
      try {
        return await answer(args);
      } catch (error) {
        this.deps.log.error({ err: error, type: args.type, id: args.id }, 'A Stremio request could not be answered');
        return { ...empty, cacheMaxAge: 0 };
      }
    };
  }
}

function skipOf(value: string | string[] | undefined): number {
  return typeof value === 'string' && /^\d{1,5}$/.test(value) ? Number(value) : 0;
}
