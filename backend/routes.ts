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
import { clientAddress, loopbackGuard } from './delivery/index.js';

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
  const { access, clock, config, delivery, items, jobs, library, log, torrents, usenet } = backend;
  const { corsOrigins, maxWaitMs, prepareTimeoutMs } = config;
  const guarded = { access, corsOrigins, log };
  const router = Router();
  if (access.isOpen) router.use(loopbackGuard({ allowedOrigins: [...corsOrigins, ...STREMIO_ORIGINS] }));
  router.use(createHealthRoutes({ version: options.version, startedAt: clock.now(), clock }));
  router.use(createStatusRoutes({ ...guarded, ...options, delivery, numbers: () => numbersOf(backend) }));
  router.use(createPrepareRoutes({ jobs, library, access, delivery, clock, log, maxWaitMs }));
  router.use(
    createInfoRoutes({
      ...guarded,
      jobs,
      library,
      haveBytes: (id) => haveBytes(backend, id),
      healthOf: (id) => usenet.healthOf(id),
    }),
  );
  router.use(createStreamTokenRoutes({ jobs, access, delivery, log }));
  const admin = {
    ...guarded,
    isSignedIn: options.isSignedIn,
    originOf: (req: Request) => backend.originOf(req),
    clock,
  };
  router.use(createProvidersRoutes({ ...admin, providers: backend.providers }));
  router.use(createIndexersRoutes({ ...admin, indexers: backend.indexers }));
  router.use(
    createLibraryRoutes({ ...admin, index: backend.itemIndex, items, library, holdings: holdingsOf(backend) }),
  );
  router.use(createPreferencesRoutes({ ...admin, preferences: backend.preferences }));
  router.use(
    createNzbRoutes({
      ...guarded,
      usenet,
      items,
      jobs,
      library,
      delivery,
      originOf: (req) => backend.originOf(req),
      clock,
      maxWaitMs,
    }),
  );
  router.use(createWebdavPasswordRoutes({ ...admin, account: backend.webdav.account }));
  router.use(
    createWebdavRoutes({
      ...backend.webdav,
      access,
      items,
      jobs,
      library,
      delivery,
      originOf: (req) => backend.originOf(req),
      clientOf: (req) => clientAddress(req, config.trustedProxies),
      clock,
      log,
      maxWaitMs,
    }),
  );
  const { itemListings } = backend;
  router.use(createSabnzbdRoutes({ ...guarded, usenet, items, itemListings, library, clock }));
  router.use(createEventsRoutes({ ...guarded, jobs, items, clock }));
  router.use(createAdminJobsRoutes({ ...guarded, jobs }));
  router.use(
    createTorrentRoutes({
      items,
      library,
      engine: torrents,
      jobs,
      access,
      requireAccess: requireKey(access),
      delivery,
      originOf: (req) => backend.originOf(req),
      clock,
      log,
      maxWaitMs,
      prepareTimeoutMs,
      corsOrigins,
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
      return kind === 'http' ? 0 : (usenet?.diskBytes(contentId) ?? null);
    },
    healthOf: (contentId) => {
      if (!isInfoHash(contentId)) return usenet?.healthOf(contentId) ?? null;
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
