// Looks for a torrent's metadata, and says while it does how it goes.

import type { Clock } from '../../../platform/index.js';
import type { TorrentMetadata } from '../info.js';
import { swarmLackOf, type SwarmLack } from './swarm-lack.js';
import type { TorrentEntry } from './torrent-entry.js';

const REPORT_MS = 250;

export interface MetadataReport {
  readonly stage: 'connecting';
  readonly fraction: number;
  readonly message: string;
  readonly lacks: SwarmLack | 'metadata';
}

export interface FindMetadataOptions {
  readonly clock: Pick<Clock, 'every'>;
  readonly signal: AbortSignal;
  readonly report?: ((report: MetadataReport) => void) | undefined;
}

/** Resolves with what the source says, or what the swarm does. */
export async function findMetadata(entry: TorrentEntry, options: FindMetadataOptions): Promise<TorrentMetadata> {
  const reports = options.clock.every(REPORT_MS, () => options.report?.(reportOf(entry)));
  try {
    return await entry.findMetadata(options.signal);
  } finally {
    reports.cancel();
  }
}

function reportOf(entry: TorrentEntry): MetadataReport {
  const peers = entry.numbers?.peersConnected ?? 0;
  const message =
    peers === 0 ? 'Looking for peers…' : `Fetching metadata from ${peers} ${peers === 1 ? 'peer' : 'peers'}…`;
  const lacks = swarmLackOf(entry.numbers) ?? 'metadata';
  return { stage: 'connecting', fraction: Math.min(0.3, peers * 0.1), message, lacks };
}
