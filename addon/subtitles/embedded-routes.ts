// `GET /stremio/:key/embedded/:sourceId/:file/:track.vtt`: a text track from inside a file, as WebVTT. Read from files that
// are wholly here: everything else would be fetched to its end for a few lines of text. That may outlast the request, which
// is then told to come again (503): the text is there by then.

import { Router, type Request } from 'express';
import { BusyError, HeadstartError, NotFoundError } from '../../backend/content/index.js';
import { byteCors, sendError } from '../../backend/delivery/index.js';
import { readKeptMedia } from '../../backend/media/index.js';
import type { AddonDeps } from '../addon-deps.js';
import { requireKey } from '../caller.js';
import { PlayTargets, type PlayTarget, type PlayTargetsDeps } from '../play/play-target.js';
import { isWholeHere } from '../stremio/readiness.js';
import { sendWebVtt } from './send-web-vtt.js';

export type EmbeddedDeps = PlayTargetsDeps & Pick<AddonDeps, 'jobs' | 'log' | 'subtitleExtractor' | 'torrents'>;

/** The route of tracks inside files. */
export function createEmbeddedRoutes(deps: EmbeddedDeps): Router {
  const targets = new PlayTargets(deps);
  const router = Router();
  const path = '/stremio/:key/embedded/:sourceId/:file/:track';
  router.options(path, byteCors());
  router.get(path, byteCors(), requireKey(deps), async (req: Request<Record<string, string>>, res) => {
    const gone = new AbortController();
    res.once('close', () => gone.abort());
    try {
      const target = targets.find(req.params['sourceId'] ?? '', req.params['file'] ?? '');
      sendWebVtt(res, await read(deps, target, { track: req.params['track'] ?? '', signal: gone.signal }));
    } catch (error) {
      if (gone.signal.aborted) return;
      if (!(error instanceof HeadstartError)) deps.log.warn({ err: error }, 'A text track could not be read');
      sendError(res, error, { audience: 'bytes' });
    }
  });
  return router;
}

async function read(
  { jobs, library, subtitleExtractor, torrents }: EmbeddedDeps,
  { contentId, request: { fileIndex }, sizeBytes }: PlayTarget,
  { track, signal }: { readonly track: string; readonly signal: AbortSignal },
): Promise<string> {
  const index = Number(/^(\d{1,5})\.vtt$/.exec(track)?.[1] ?? NaN);
  const kept = contentId === null || fileIndex === undefined ? null : library.media(contentId, fileIndex);
  const isTold = readKeptMedia(kept).textTracks.some((one) => one.index === index);
  if (!isTold || contentId === null || fileIndex === undefined || sizeBytes === null) {
    throw new NotFoundError('There is no such text track.');
  }
  if (!isWholeHere(torrents, contentId, { index: fileIndex, sizeBytes })) {
    throw new BusyError('The file is not wholly here yet.');
  }
  const file = await jobs.openContent(contentId, fileIndex, { signal });
  return subtitleExtractor.extract(file, index, { signal });
}
