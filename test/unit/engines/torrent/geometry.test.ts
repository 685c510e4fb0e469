import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ExtentIndex, PieceIndex } from '../../../../backend/engines/torrent/geometry.js';
import { BLOCK_BYTES, extentBytesFor, Geometry } from '../../../../backend/engines/torrent/geometry.js';

const kibibyte = 1024;
const mebibyte = 1024 * 1024;

/** Piece lengths as they are met: powers of two from 1 KiB to 16 MiB, and any number between. */
const pieceLengths = fc.oneof(
  fc.integer({ min: 0, max: 14 }).map((exponent) => kibibyte * 2 ** exponent),
  fc.integer({ min: kibibyte, max: 16 * mebibyte }),
);
const geometries = fc
  .record({
    pieceLength: pieceLengths,
    pieces: fc.integer({ min: 0, max: 200 }),
    rest: fc.double({ min: 0, max: 1, noNaN: true }),
    extentBytes: fc.integer({ min: 1, max: 64 * mebibyte }),
  })
  .map(({ pieceLength, pieces, rest, extentBytes }) => {
    const last = Math.max(1, Math.round(rest * pieceLength));
    return new Geometry(pieces * pieceLength + last, pieceLength, extentBytes);
  });

function piecesOf(geometry: Geometry): PieceIndex[] {
  return Array.from({ length: geometry.pieceCount }, (_, index) => index as PieceIndex);
}

describe('geometry', () => {
  it('pieces - cover the torrent from end to end, none empty, none longer than the piece length', () => {
    fc.assert(
      fc.property(geometries, (geometry) => {
        let reached = 0;
        for (const piece of piecesOf(geometry)) {
          expect(geometry.pieceStart(piece)).toBe(reached);
          expect(geometry.pieceBytes(piece)).toBeGreaterThan(0);
          expect(geometry.pieceBytes(piece)).toBeLessThanOrEqual(geometry.pieceLength);
          reached += geometry.pieceBytes(piece);
        }
        expect(reached).toBe(geometry.totalBytes);
      }),
    );
  });

  it('blocks - cover each piece from end to end, none empty, none longer than 16 KiB', () => {
    fc.assert(
      fc.property(geometries, fc.nat(), (geometry, chosen) => {
        const piece = (chosen % geometry.pieceCount) as PieceIndex;
        let bytes = 0;
        for (let block = 0; block < geometry.blockCount(piece); block++) {
          const blockBytes = geometry.blockBytes(piece, block);
          expect(blockBytes).toBeGreaterThan(0);
          expect(blockBytes).toBeLessThanOrEqual(BLOCK_BYTES);
          bytes += blockBytes;
        }
        expect(bytes).toBe(geometry.pieceBytes(piece));
      }),
    );
  });

  it('extents - cover the torrent with whole pieces, each piece where its extent says', () => {
    fc.assert(
      fc.property(geometries, (geometry) => {
        let reached = 0;
        for (let index = 0; index < geometry.extentCount; index++) {
          const extent = index as ExtentIndex;
          const range = geometry.extentRange(extent);
          const { first, end } = geometry.piecesOfExtent(extent);
          expect(range.start).toBe(reached);
          expect(range.end - range.start).toBeLessThanOrEqual(geometry.extentBytes);
          expect(geometry.pieceStart(first)).toBe(range.start);
          reached = range.end;
          for (let piece = first; piece < end; piece++) {
            expect(geometry.extentOf(piece)).toBe(extent);
            expect(range.start + geometry.offsetInExtent(piece)).toBe(geometry.pieceStart(piece));
          }
        }
        expect(reached).toBe(geometry.totalBytes);
      }),
    );
  });

  it('ranges - are held by exactly the pieces named for them', () => {
    fc.assert(
      fc.property(geometries, fc.nat(), fc.nat(), (geometry, from, length) => {
        const start = from % geometry.totalBytes;
        const end = Math.min(geometry.totalBytes, start + 1 + (length % geometry.totalBytes));
        const { first, end: pastLast } = geometry.piecesOf({ start, end });
        expect(geometry.pieceAt(start)).toBe(first);
        expect(geometry.pieceAt(end - 1)).toBe(pastLast - 1);
        expect(geometry.pieceStart(first)).toBeLessThanOrEqual(start);
        const last = (pastLast - 1) as PieceIndex;
        expect(geometry.pieceStart(last) + geometry.pieceBytes(last)).toBeGreaterThanOrEqual(end);
      }),
    );
    const geometry = new Geometry(100_000, 10_000, mebibyte);
    expect(geometry.piecesOf({ start: 30_000, end: 30_000 })).toEqual({ first: 0, end: 0 });
  });

  it('an extent - holds one piece where pieces are longer than it', () => {
    const geometry = new Geometry(100 * mebibyte, 16 * mebibyte, mebibyte);
    expect(geometry.piecesPerExtent).toBe(1);
    expect(geometry.extentCount).toBe(geometry.pieceCount);
  });

  it('extent length - is 16 MiB, and less where the cache is small, 1 MiB at least', () => {
    expect(extentBytesFor(50 * 1024 * mebibyte)).toBe(16 * mebibyte);
    expect(extentBytesFor(64 * mebibyte)).toBe(2 * mebibyte);
    expect(extentBytesFor(mebibyte)).toBe(mebibyte);
  });
});
