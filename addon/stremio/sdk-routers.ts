// The SDK's routers, one per key and address, because the SDK writes its manifest down once and for all. Handlers here
// never reject: the SDK would answer 500, which Stremio shows as an error row.

import type { RequestHandler } from 'express';
import { LRUCache } from 'lru-cache';
import AddonBuilder, { type Handler } from 'stremio-addon-sdk/src/builder.js';
import getRouter from 'stremio-addon-sdk/src/getRouter.js';
import { createManifest, OPEN_CATALOG_ID, READY_CATALOG_ID } from '../../manifest/index.js';
import type { AddonDeps } from '../addon-deps.js';
import { formatConfigureUrl, formatLogoUrl, type Caller } from '../links.js';
import { listOpenFilms, listReady, readMeta } from './release-pages.js';
import { StreamLister } from './stream-lister.js';

export type SdkRoutersDeps = Pick<
  AddonDeps,
  'access' | 'jobs' | 'library' | 'listedSources' | 'log' | 'torrents' | 'version'
>;

/** Addresses one server is reached by: its names, its IPs, a tunnel. The least recently used router is dropped. */
const MAX_ROUTERS = 64;
/** Seconds. Lists say what is ready, which changes by the second; a list that is empty is worth asking for again. */
const LIST_MAX_AGE = 30;
const EMPTY_MAX_AGE = 10;

export class SdkRouters {
  readonly #routers = new LRUCache<string, RequestHandler>({ max: MAX_ROUTERS });
  readonly #streams: StreamLister;

  constructor(private readonly deps: SdkRoutersDeps) {
    this.#streams = new StreamLister(deps);
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
    return getRouter(builder.getInterface());
  }

  /** One line that says why there is nothing, never a video that pretends. */
  #streamsFor(id: string, caller: Caller): object {
    const streams = this.#streams.list(id, caller);
    if (streams.length > 0) return { streams, cacheMaxAge: LIST_MAX_AGE };
    const nothing = {
      name: 'Headstart',
      description:
        'Nothing here for this title yet.\nOpen films and what is in your library play; see the addon’s page.',
      externalUrl: formatConfigureUrl(caller),
    };
    return { streams: [nothing], cacheMaxAge: EMPTY_MAX_AGE };
  }

  #safely(empty: object, answer: (args: Parameters<Handler>[0]) => object): Handler {
    return (args) =>
      new Promise((resolve) => {
        try {
          resolve(answer(args));
        } catch (error) {
          this.deps.log.error({ err: error, type: args.type, id: args.id }, 'A Stremio request could not be answered');
          resolve({ ...empty, cacheMaxAge: 0 });
        }
      });
  }
}

function skipOf(value: string | string[] | undefined): number {
  return typeof value === 'string' && /^\d{1,5}$/.test(value) ? Number(value) : 0;
}
