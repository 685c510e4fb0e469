// All dialects of the backend on one router, in the order in which their paths are tried.

import { Router } from 'express';
import type { Request } from 'express';
import {
  createAdminJobsRoutes,
  createEventsRoutes,
  createHealthRoutes,
  createIndexersRoutes,
  createInfoRoutes,
  createLibraryRoutes,
  createNzbRoutes,
  createPreferencesRoutes,
  createPrepareRoutes,
  createProvidersRoutes,
  createSabnzbdRoutes,
  createStatusRoutes,
  createStreamTokenRoutes,
  createTorrentRoutes,
  createWebdavPasswordRoutes,
  createWebdavRoutes,
  requireKey,
} from './api/index.js';
import type { LibraryDeps } from './api/index.js';
import type { Backend } from './backend.js';
import { isInfoHash } from './content/index.js';
import type { ContentId } from './content/index.js';
import { clientAddress, loopbackGuard, requestPrefix } from './delivery/index.js';

/** Stremio's own pages: the one foreign origin that an installation without keys serves. */
const STREMIO_ORIGINS = ['https://web.stremio.com', 'https://app.strem.io'];

export interface ApiRoutesOptions {
  /** The package's version, semver. */
  readonly version: string;
  /** Address of the manifest for the caller of a request. */
  readonly manifestUrlOf: (req: Request) => string;
  /** Whether the pages' sign-in covers this request. */
  readonly isSignedIn: (req: Request) => boolean;
}

/** Everything the backend answers, to be mounted at '/'. */
export function createApiRoutes(backend: Backend, options: ApiRoutesOptions): Router {
  const { access, clock, config, delivery, items, jobs, library, log } = backend;
  const { corsOrigins, maxWaitMs } = config;
  const guarded = { access, corsOrigins, log };
  const router = Router();
  if (access.isOpen) router.use(loopbackGuard({ allowedOrigins: [...corsOrigins, ...STREMIO_ORIGINS] }));
  router.use(createHealthRoutes({ version: options.version, startedAt: clock.now(), clock }));
  router.use(createStatusRoutes({ ...guarded, ...options, delivery, numbers: () => numbersOf(backend) }));
  router.use(createPrepareRoutes({ jobs, library, access, delivery, clock, log, maxWaitMs }));
  const known = {
    haveBytes: (id: ContentId) => haveBytes(backend, id),
    healthOf: (id: ContentId) => backend.usenet.healthOf(id),
  };
  router.use(createInfoRoutes({ ...guarded, jobs, library, ...known }));
  router.use(createStreamTokenRoutes({ jobs, access, delivery, log }));
  router.use(adminRoutes(backend, options), foreignDialects(backend));
  router.use(createEventsRoutes({ ...guarded, jobs, items, clock }));
  router.use(createAdminJobsRoutes({ ...guarded, jobs }));
  return router;
}

/** What is set up and looked after on the pages. */
function adminRoutes(backend: Backend, { isSignedIn }: ApiRoutesOptions): Router {
  const { access, clock, config, items, library, log } = backend;
  const originOf = (req: Request): string => backend.originOf(req);
  const admin = { access, corsOrigins: config.corsOrigins, log, isSignedIn, originOf, clock };
  const router = Router();
  router.use(createProvidersRoutes({ ...admin, providers: backend.providers }));
  router.use(createIndexersRoutes({ ...admin, indexers: backend.indexers }));
  router.use(
    createLibraryRoutes({ ...admin, index: backend.itemIndex, items, library, holdings: holdingsOf(backend) }),
  );
  router.use(createPreferencesRoutes({ ...admin, preferences: backend.preferences }));
  router.use(createWebdavPasswordRoutes({ ...admin, account: backend.webdav.account }));
  return router;
}

/** What other programs speak. */
function foreignDialects(backend: Backend): Router {
  const { access, clock, config, delivery, items, itemListings, jobs, library, log, torrents, usenet } = backend;
  const { corsOrigins, maxWaitMs, prepareTimeoutMs } = config;
  const originOf = (req: Request): string => backend.originOf(req);
  const clientOf = (req: Request): string => clientAddress(req, config.trustedProxies);
  const prefixOf = (req: Request): string => requestPrefix(req, config);
  const shared = { access, clock, delivery, items, jobs, library, log, maxWaitMs, originOf };
  const router = Router();
  router.use(createNzbRoutes({ ...shared, corsOrigins, usenet }));
  router.use(createWebdavRoutes({ ...shared, ...backend.webdav, clientOf, prefixOf }));
  router.use(createSabnzbdRoutes({ ...shared, corsOrigins, usenet, itemListings }));
  router.use(
    createTorrentRoutes({
      ...shared,
      ...{ corsOrigins, prepareTimeoutMs },
      engine: torrents,
      requireAccess: requireKey(access),
    }),
  );
  return router;
}

function haveBytes({ torrents }: Backend, contentId: ContentId): readonly number[] | null {
  return isInfoHash(contentId) ? (torrents.status(contentId)?.fileHaveBytes ?? null) : null;
}

/** HTTP files are played from where they are. */
function holdingsOf({ torrents, usenet }: Backend): LibraryDeps['holdings'] {
  return {
    diskBytes: (contentId, kind) => {
      if (isInfoHash(contentId)) return torrents.diskBytes(contentId);
      return kind === 'http' ? 0 : usenet.diskBytes(contentId);
    },
    healthOf: (contentId) => {
      if (!isInfoHash(contentId)) return usenet.healthOf(contentId);
      const status = torrents.status(contentId);
      return status === null ? null : { state: status.state, error: status.error, peers: status.peers };
    },
  };
}

function numbersOf({
  cache,
  jobs,
  library,
  lists,
  torrents,
  usenet,
  delivery,
}: Backend): Readonly<Record<string, unknown>> {
  return {
    cache: { usedBytes: cache.usedBytes, maxBytes: cache.maxBytes },
    library: { items: library.count() },
    jobs: jobs.list().length,
    sessions: delivery.sessions().length,
    usenet: { providers: usenet.providers().length },
    torrents: { blockedPeers: torrents.blockedPeers, lists: lists.counters() },
  };
}
