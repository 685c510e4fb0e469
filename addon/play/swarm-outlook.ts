// How likely it is that a torrent's swarm gives anything soon, as the engine and the trackers tell by now. Decides nothing.

import { isInfoHash, type Job } from '../../backend/content/index.js';
import type { AddonDiscovery, TorrentHoldings } from '../addon-deps.js';

/** `deserted`: trackers say that nobody has it, and nobody else is known; `alone`: nobody is connected yet; `hopeful`: whatever else. */
export type Outlook = 'deserted' | 'alone' | 'hopeful';

export interface OutlookDeps {
  readonly torrents: TorrentHoldings;
  readonly discovery: Pick<AddonDiscovery, 'isDeserted'>;
}

/**
 * What is no torrent, and what nobody has looked into yet, is hopeful. A count of the swarm may be minutes old: it is
 * believed only while the engine itself knows of nobody.
 */
export function outlookOf({ contentId }: Pick<Job, 'contentId'>, { torrents, discovery }: OutlookDeps): Outlook {
  if (contentId === null || !isInfoHash(contentId)) return 'hopeful';
  const status = torrents.status(contentId);
  if (status?.peers === undefined || status.peers.connected > 0) return 'hopeful';
  const knowsNobody = status.peers.queued === 0 && status.peers.seen === 0;
  return status.isDeserted === true || (knowsNobody && discovery.isDeserted(contentId)) ? 'deserted' : 'alone';
}
