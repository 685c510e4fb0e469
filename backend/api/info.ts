// `GET /stream/info/:infoHash`: what is known of a content, without fetching anything.

import express, { type RequestHandler, type Router } from 'express';
import type { ContentId, Job, JobMethod, Release } from '../content/index.js';
import { mediaTypeOf } from '../delivery/index.js';
import { isPlayable } from '../naming/index.js';
import type { Logger } from '../platform/index.js';
import { requireKey, type RouteAccess } from './guard.js';
import { originCors } from './origin-cors.js';
import { prepareErrorHandler } from './prepare-error.js';
import { readContentId } from './prepare-request.js';
import { contentOf, formatStatus, statusOf } from './prepare-views.js';
import { formatStreamPath } from './stream-token.js';

/** Articles that were asked for and missing; holes that were played as zeros. */
export interface ReleaseHealth {
  readonly articles: number;
  readonly checked: number;
  readonly missing: number;
  readonly holes: number;
  readonly bytes: number;
}

export interface InfoDeps {
  readonly jobs: { list(): readonly Job[] };
  readonly library: { get(contentId: ContentId): Release | null; isRemoved(contentId: ContentId): boolean };
  readonly access: RouteAccess;
  readonly corsOrigins: readonly string[];
  readonly log: Logger;
  /** How many bytes of each file are here, by the file's index; null when nobody knows without looking. */
  readonly haveBytes?: (contentId: ContentId) => readonly number[] | null;
  /** How whole a Usenet release is, as far as anybody looked; null where nobody did. */
  readonly healthOf?: (contentId: ContentId) => ReleaseHealth | null;
}

const METHODS: Readonly<Record<Release['source']['kind'], JobMethod>> = {
  torrent: 'p2p',
  'torrent-url': 'p2p',
  nzb: 'usenet',
  'nzb-url': 'usenet',
  http: 'http-download',
};

export function createInfoRoutes(deps: InfoDeps): Router {
  const router = express.Router();
  router.use('/stream/info', originCors(deps.corsOrigins));
  router.get('/stream/info/:infoHash', requireKey(deps.access), infoRoute(deps));
  router.use('/stream/info', prepareErrorHandler(deps.log, 'api'));
  return router;
}

function infoRoute(deps: InfoDeps): RequestHandler {
  return (req, res) => {
    const contentId = readContentId(String(req.params['infoHash']));
    const release = deps.library.get(contentId);
    const jobs = deps.jobs.list().filter((job) => contentOf(job) === contentId);
    const have = deps.haveBytes?.(contentId) ?? null;
    const files = release === null ? [] : listFiles(deps, release, have);
    res.setHeader('Cache-Control', 'no-store');
    res.json({
      success: true,
      infoHash: contentId,
      known: release !== null,
      cached: jobs.some((job) => statusOf(job) === 'ready') || files.some(({ cached }) => cached),
      removed: deps.library.isRemoved(contentId),
      name: release?.name ?? null,
      files,
      methods: methodsOf(release, contentId),
      jobs: jobs.map((job) => formatStatus(deps.access, job)),
      health: deps.healthOf?.(contentId) ?? null,
      endpoints: endpointsOf(contentId),
    });
  };
}

function methodsOf(release: Release | null, contentId: ContentId): JobMethod[] {
  if (release !== null) return [METHODS[release.source.kind]];
  return contentId.length === 40 ? ['p2p'] : [];
}

/** Padding stays hidden, but keeps its index. */
function listFiles(deps: InfoDeps, release: Release, have: readonly number[] | null) {
  return release.files
    .filter((file) => !file.isPadding)
    .map((file) => ({
      index: file.index,
      name: file.name,
      path: file.path,
      size: file.sizeBytes,
      type: mediaTypeOf(file.name),
      playable: isPlayable(file.name),
      cached: file.sizeBytes > 0 && (have?.[file.index] ?? 0) >= file.sizeBytes,
      streamUrl: formatStreamPath(deps.access, release.contentId, file.index, file.name),
    }));
}

function endpointsOf(contentId: ContentId): Record<string, string> {
  return {
    prepare: `/stream/prepare/${contentId}`,
    proxy: `/stream/proxy/${contentId}`,
    info: `/stream/info/${contentId}`,
    status: '/stream/status/{jobId}',
    ready: '/stream/ready/{jobId}',
  };
}
