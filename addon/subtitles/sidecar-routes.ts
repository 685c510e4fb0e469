// `GET /stremio/:key/sidecar/:sourceId/:file/:name.vtt`: a subtitle file of a release, read through the backend like any
// other file of it, as WebVTT. Reads at most a few MB, within one deadline.

import { Router, type Request, type Response } from 'express';
import { HeadstartError, InputError, TimeoutError, type MediaFile } from '../../backend/content/index.js';
import { byteCors, sendError } from '../../backend/delivery/index.js';
import type { AddonDeps } from '../addon-deps.js';
import { requireKey } from '../caller.js';
import { PlayTargets, type PlayTarget, type PlayTargetsDeps } from '../play/play-target.js';
import { sendWebVtt } from './send-web-vtt.js';
import { decodeSubtitle, formatWebVtt } from './web-vtt.js';

export type SidecarDeps = PlayTargetsDeps & Pick<AddonDeps, 'clock' | 'config' | 'jobs' | 'library' | 'log'>;

const MAX_SIDECAR_BYTES = 4 * 1024 * 1024;

/** The route of sidecars. */
export function createSidecarRoutes(deps: SidecarDeps): Router {
  const targets = new PlayTargets(deps);
  const router = Router();
  const path = '/stremio/:key/sidecar/:sourceId/:file/:name';
  router.options(path, byteCors());
  router.get(path, byteCors(), requireKey(deps), async (req: Request<Record<string, string>>, res) => {
    try {
      const target = targets.find(req.params['sourceId'] ?? '', req.params['file'] ?? '');
      await answer(deps, target, res);
    } catch (error) {
      if (!(error instanceof HeadstartError)) deps.log.warn({ err: error }, 'A sidecar could not be read');
      sendError(res, error, { audience: 'bytes' });
    }
  });
  return router;
}

async function answer(deps: SidecarDeps, target: PlayTarget, res: Response): Promise<void> {
  const { sizeBytes } = target;
  if (sizeBytes !== null && sizeBytes > MAX_SIDECAR_BYTES) throw new InputError('This is not a subtitle file.');
  const end = new AbortController();
  res.once('close', () => end.abort());
  const late = new TimeoutError('The subtitles did not come in time.');
  const timer = deps.clock.after(deps.config.maxWaitMs, () => end.abort(late));
  const bytes = await readAll(deps, target, end.signal).finally(() => timer.cancel());
  sendWebVtt(res, formatWebVtt(decodeSubtitle(bytes)));
}

async function readAll(deps: SidecarDeps, target: PlayTarget, signal: AbortSignal): Promise<Buffer> {
  const file = await openFile(deps, target, signal);
  if (file.sizeBytes > MAX_SIDECAR_BYTES) throw new InputError('This is not a subtitle file.');
  const chunks: Buffer[] = [];
  // A chunk is the reader's only until the next one: copy.
  for await (const chunk of file.open({ start: 0, end: file.sizeBytes }, { signal })) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

/** What the library knows is opened from there; only a film nobody has played yet has to be prepared. */
async function openFile(
  deps: SidecarDeps,
  { request, contentId }: PlayTarget,
  signal: AbortSignal,
): Promise<MediaFile> {
  const { jobs, library } = deps;
  if (contentId !== null && request.fileIndex !== undefined && library.get(contentId) !== null) {
    return jobs.openContent(contentId, request.fileIndex, { signal });
  }
  const job = await jobs.prepare({ ...request, priority: 'prepare' });
  await jobs.untilStreamable(job.id, { signal });
  return jobs.open(job.id, { signal });
}
