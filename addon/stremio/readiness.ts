// Which files play at once. A picture of one moment, taken once per answer; it asks the jobs and the torrents, nothing else.

import { isInfoHash, type ContentId, type ReleaseFile } from '../../backend/content/index.js';
import type { AddonJobs, TorrentHoldings } from '../addon-deps.js';

/** Whether this file could be served without waiting for anybody. */
export type Readiness = (contentId: ContentId, file: Pick<ReleaseFile, 'index' | 'sizeBytes'>) => boolean;

/** Grows with the number of jobs that are kept, not with the library. */
export function takeReadiness(deps: {
  readonly jobs: Pick<AddonJobs, 'list'>;
  readonly torrents: TorrentHoldings;
}): Readiness {
  const streamable = new Set<string>();
  for (const job of deps.jobs.list()) {
    const isReady = job.state === 'streamable' || job.state === 'completed';
    if (isReady && job.contentId !== null && job.fileIndex !== null)
      streamable.add(`${job.contentId}:${job.fileIndex}`);
  }
  return (contentId, file) => {
    if (streamable.has(`${contentId}:${file.index}`)) return true;
    return isWholeHere(deps.torrents, contentId, file);
  };
}

/** Whether every byte of this file lies on the disk: what only torrents tell. */
export function isWholeHere(
  torrents: TorrentHoldings,
  contentId: ContentId,
  file: Pick<ReleaseFile, 'index' | 'sizeBytes'>,
): boolean {
  const held = isInfoHash(contentId) ? torrents.status(contentId)?.fileHaveBytes[file.index] : undefined;
  return held !== undefined && held >= file.sizeBytes;
}
