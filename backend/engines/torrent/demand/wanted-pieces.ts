// Which pieces next: turns the demands of one torrent into one ordered list. Pure.

import type { Geometry, PieceIndex } from '../geometry.js';
import type { Demand, DemandKind } from '../protocol.js';

/** Pieces each kind may name in one round: players beat preparation, preparation beats the background, none starves. */
const TURNS: Readonly<Record<DemandKind, number>> = { play: 8, prepare: 4, background: 1 };
const KINDS: readonly DemandKind[] = ['play', 'prepare', 'background'];

export interface WantedOptions {
  readonly demands: readonly Demand[];
  readonly geometry: Geometry;
  /** True when the piece is verified and on disk. */
  readonly has: (piece: PieceIndex) => boolean;
  /** Length of the list at most. */
  readonly limit: number;
}

interface Cursor {
  next: number;
  readonly end: number;
}

/**
 * The missing pieces of all demands, most urgent first, each once: the first missing piece of every reader, then the
 * second of every reader, and so on, kinds mixed by odds. Cost is proportional to the windows, not to the torrent.
 */
export function wantedPieces(options: WantedOptions): PieceIndex[] {
  const groups = KINDS.map((kind) => ({ turns: TURNS[kind], cursors: cursorsOf(options, kind) }));
  const taken = new Set<number>();
  const list: PieceIndex[] = [];
  const isMissing = (piece: number): boolean => !taken.has(piece) && !options.has(piece as PieceIndex);
  let found = true;
  while (found && list.length < options.limit) {
    found = false;
    for (const group of groups) {
      for (let turn = 0; turn < group.turns && list.length < options.limit; turn++) {
        const cursor = group.cursors.shift();
        if (cursor === undefined) break;
        while (cursor.next < cursor.end && !isMissing(cursor.next)) cursor.next++;
        if (cursor.next >= cursor.end) continue;
        taken.add(cursor.next);
        list.push(cursor.next as PieceIndex);
        cursor.next++;
        group.cursors.push(cursor);
        found = true;
      }
      found ||= group.cursors.length > 0;
    }
  }
  return list;
}

/**
 * The pieces somebody is waiting for this moment: the one under each playing or preparing position, when it is missing.
 */
export function urgentPieces(options: Omit<WantedOptions, 'limit'>): PieceIndex[] {
  const pieces = new Set<PieceIndex>();
  for (const demand of options.demands) {
    if (demand.kind === 'background' || demand.end <= demand.start) continue;
    const piece = options.geometry.pieceAt(demand.start);
    if (!options.has(piece)) pieces.add(piece);
  }
  return [...pieces];
}

function cursorsOf(options: WantedOptions, kind: DemandKind): Cursor[] {
  return options.demands
    .filter((demand) => demand.kind === kind)
    .map((demand) => options.geometry.piecesOf(demand))
    .map((pieces) => ({ next: pieces.first, end: pieces.end }))
    .filter((cursor) => cursor.next < cursor.end);
}
