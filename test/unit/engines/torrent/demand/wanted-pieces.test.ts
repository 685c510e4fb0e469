import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { urgentPieces, wantedPieces } from '../../../../../backend/engines/torrent/demand/wanted-pieces.js';
import type { PieceIndex } from '../../../../../backend/engines/torrent/geometry.js';
import { Geometry } from '../../../../../backend/engines/torrent/geometry.js';
import type { Demand, DemandKind } from '../../../../../backend/engines/torrent/protocol.js';

const PIECE = 1000;
const geometry = new Geometry(200 * PIECE, PIECE, 16 * PIECE);

/** A demand for whole pieces `[first, end)`. */
function demand(kind: DemandKind, first: number, end: number): Demand {
  return { id: first, kind, start: first * PIECE, end: end * PIECE };
}

function wanted(demands: readonly Demand[], limit = 1000, here: readonly number[] = []): number[] {
  return wantedPieces({ demands, geometry, has: (piece) => here.includes(piece), limit });
}

const demands = fc.array(
  fc
    .record({
      kind: fc.constantFrom<DemandKind>('play', 'prepare', 'background'),
      start: fc.integer({ min: 0, max: 200 * PIECE - 1 }),
      length: fc.integer({ min: 0, max: 60 * PIECE }),
      id: fc.nat(),
    })
    .map(({ kind, start, length, id }) => ({ id, kind, start, end: Math.min(200 * PIECE, start + length) })),
  { maxLength: 12 },
);
const here = fc.uniqueArray(fc.integer({ min: 0, max: 199 }), { maxLength: 150 });

describe('wanted pieces', () => {
  it('wanted pieces - are those missing under some demand, each once, and no others', () => {
    fc.assert(
      fc.property(demands, here, (list, has) => {
        const expected = new Set<number>();
        for (const item of list) {
          const { first, end } = geometry.piecesOf(item);
          for (let piece = first; piece < end; piece++) if (!has.includes(piece)) expected.add(piece);
        }
        const pieces = wanted(list, 1000, has);
        expect([...pieces].sort((a, b) => a - b)).toEqual([...expected].sort((a, b) => a - b));
      }),
    );
  });

  it('wanted pieces - a shorter list is the beginning of the longer one', () => {
    fc.assert(
      fc.property(demands, here, fc.integer({ min: 0, max: 40 }), (list, has, limit) => {
        expect(wanted(list, limit, has)).toEqual(wanted(list, 1000, has).slice(0, limit));
      }),
    );
  });

  it('wanted pieces - one reader gets its pieces in order, beginning with the one it waits for', () => {
    expect(wanted([demand('play', 5, 10)], 1000, [5, 7])).toEqual([6, 8, 9]);
  });

  it('wanted pieces - readers get turns, so that each first piece comes before any second', () => {
    const readers = [demand('play', 0, 4), demand('play', 50, 54), demand('play', 100, 104)];
    expect(wanted(readers)).toEqual([0, 50, 100, 1, 51, 101, 2, 52, 102, 3, 53, 103]);
  });

  it('wanted pieces - readers of the same pieces do not name them twice', () => {
    expect(wanted([demand('play', 0, 3), demand('play', 1, 5)])).toEqual([0, 1, 2, 3, 4]);
  });

  it('wanted pieces - players come before preparations and those before the background, and none starves', () => {
    const list = wanted([demand('background', 150, 200), demand('prepare', 100, 150), demand('play', 0, 50)], 26);
    expect(list).toEqual([
      ...[0, 1, 2, 3, 4, 5, 6, 7],
      ...[100, 101, 102, 103],
      150,
      ...[8, 9, 10, 11, 12, 13, 14, 15],
      ...[104, 105, 106, 107],
      151,
    ]);
  });

  it('wanted pieces - of 20 players, every one is served within two rounds', () => {
    const players = Array.from({ length: 20 }, (_, reader) => demand('play', reader * 10, reader * 10 + 10));
    const list = wanted([...players, demand('background', 0, 200)], 30);
    for (const player of players) expect(list).toContain(player.start / PIECE);
  });

  it('urgent pieces - are those under a playing or preparing position, and only while they are missing', () => {
    const list = [demand('play', 3, 9), demand('prepare', 40, 41), demand('background', 90, 99), demand('play', 7, 7)];
    const has = (piece: PieceIndex): boolean => piece === 3;
    expect(urgentPieces({ demands: list, geometry, has })).toEqual([40]);
    expect(urgentPieces({ demands: list, geometry, has: () => false })).toEqual([3, 40]);
  });
});
