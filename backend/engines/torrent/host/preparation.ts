// Fetches the head and the tail of a file before anybody plays it: players read both before they show a picture.

import type { ByteRange } from '../../../content/index.js';
import { TimeoutError } from '../../../content/index.js';
import type { Clock } from '../../../platform/index.js';
import type { TorrentFile } from '../info.js';
import { swarmLackOf, type SwarmLack } from './swarm-lack.js';
import type { TorrentDisk } from './torrent-disk.js';
import type { DemandHandle } from './demand-list.js';
import type { TorrentEntry } from './torrent-entry.js';

const HEAD_BYTES = 2 * 1024 * 1024;
const TAIL_BYTES = 1024 * 1024;
const REPORT_MS = 250;

/** What is told while the first piece is on its way. */
export interface PreparationReport {
  readonly stage: 'connecting' | 'downloading';
  readonly fraction: number;
  readonly message: string;
  readonly lacks: SwarmLack | 'pieces';
}

export interface PreparationOptions {
  readonly entry: TorrentEntry;
  readonly disk: TorrentDisk;
  readonly file: TorrentFile;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** How long head and tail may take once the file is streamable. */
  readonly completionMs: number;
  readonly report: (report: PreparationReport) => void;
}

export interface Preparation {
  /** True when nothing had to be fetched. */
  readonly wasHere: boolean;
  /** Head and tail are on disk. */
  readonly completed: Promise<void>;
}

/** Resolves when the first piece of the file is verified, with head and tail at the top of what is wanted. */
export async function prepareFile(options: PreparationOptions): Promise<Preparation> {
  const { entry, disk, file, signal } = options;
  const end = file.offset + file.sizeBytes;
  const headEnd = Math.min(end, file.offset + HEAD_BYTES);
  const tailStart = Math.max(headEnd, end - TAIL_BYTES);
  const ends = [
    { start: file.offset, end: headEnd },
    { start: tailStart, end },
  ];
  if (ends.every((part) => disk.verifiedBytes(part.start, part.end) === part.end - part.start))
    return { wasHere: true, completed: Promise.resolve() };
  const demands = ends.map((part) => entry.demands.add('prepare', part.start, part.end));
  const closeDemands = (): void => {
    for (const demand of demands) demand.close();
  };
  const wasHere = ends.every((part) => disk.isHereOrClaimed(part));
  const reports = options.clock.every(REPORT_MS, () => options.report(reportOf(options, demands[0]!)));
  try {
    await entry.waitFor(disk.geometry.pieceAt(file.offset), signal);
  } catch (error) {
    closeDemands();
    throw error;
  } finally {
    reports.cancel();
  }
  const completed = finish(options, ends).finally(closeDemands);
  completed.catch(() => undefined);
  return { wasHere: wasHere && ends.every((part) => disk.isHereOrClaimed(part)), completed };
}

async function finish(options: PreparationOptions, ends: readonly ByteRange[]): Promise<void> {
  const { entry, disk, clock } = options;
  const ended = new AbortController();
  const deadline = clock.after(options.completionMs, () =>
    ended.abort(new TimeoutError('The beginning and the end of the file did not come in time.')),
  );
  try {
    for (const part of ends) {
      const pieces = disk.geometry.piecesOf(part);
      for (let piece = pieces.first; piece < pieces.end; piece++) await entry.waitFor(piece, ended.signal);
    }
  } finally {
    deadline.cancel();
  }
}

function reportOf(options: PreparationOptions, head: DemandHandle): PreparationReport {
  const { numbers } = options.entry;
  const needed = options.disk.geometry.pieceBytes(options.disk.geometry.pieceAt(options.file.offset));
  const here = numbers?.demandBytes.find(([id]) => id === head.id)?.[1] ?? 0;
  if (here > 0) {
    const fraction = Math.min(0.99, here / needed);
    return { stage: 'downloading', fraction, message: 'Downloading from peers…', lacks: 'pieces' };
  }
  const connected = numbers?.peersConnected ?? 0;
  const seen = connected + (numbers?.peersQueued ?? 0);
  const fraction = Math.min(0.95, (connected > 0 ? 0.6 : 0.3) + seen / 100);
  const message =
    connected === 0 ? 'Looking for peers…' : `Connected to ${connected} ${connected === 1 ? 'peer' : 'peers'}…`;
  return { stage: 'connecting', fraction, message, lacks: swarmLackOf(numbers) ?? 'pieces' };
}
