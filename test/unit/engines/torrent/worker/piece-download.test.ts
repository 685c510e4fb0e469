import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { PieceIndex } from '../../../../../backend/engines/torrent/geometry.js';
import { BLOCK_BYTES, Geometry } from '../../../../../backend/engines/torrent/geometry.js';
import type { BlockRun } from '../../../../../backend/engines/torrent/worker/piece-download.js';
import { PieceDownload } from '../../../../../backend/engines/torrent/worker/piece-download.js';
import { pseudoRandomBytes } from '../../../../support/pseudo-random.js';

const first = 0 as PieceIndex;

function downloadOf(pieceBytes: number) {
  const geometry = new Geometry(pieceBytes, pieceBytes, pieceBytes);
  const content = pseudoRandomBytes('piece', pieceBytes);
  const download = new PieceDownload<string>(first, Buffer.alloc(pieceBytes), geometry);
  const bytesOf = (run: BlockRun): Uint8Array => content.subarray(run.offset, run.offset + run.length);
  return { download, content, bytesOf };
}

describe('piece download', () => {
  it('piece download - hands out each block once, in order, in runs as long as allowed', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 * BLOCK_BYTES }),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 45 }),
        (bytes, lengths) => {
          const { download } = downloadOf(bytes);
          let reached = 0;
          for (const maxBlocks of lengths) {
            const run = download.take(maxBlocks);
            if (run === null) break;
            expect(run.offset).toBe(reached);
            expect(run.length).toBeLessThanOrEqual(maxBlocks * BLOCK_BYTES);
            reached += run.length;
          }
          expect(reached).toBe(bytes);
          expect(download.hasFreeBlocks).toBe(false);
          expect(download.take(1)).toBeNull();
        },
      ),
    );
  });

  it('piece download - is whole and right whatever order, losses and doubles its blocks come in', () => {
    const script = fc.array(fc.record({ fails: fc.boolean(), peer: fc.constantFrom('a', 'b'), blocks: fc.nat(5) }), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 * BLOCK_BYTES }), script, (bytes, steps) => {
        const { download, content, bytesOf } = downloadOf(bytes);
        const finish = (peer: string, fails: boolean, blocks: number): void => {
          const run = download.take(blocks + 1);
          if (run === null) return;
          download.asked(run, peer, 0);
          if (fails) download.released(run, peer);
          else download.put(run, bytesOf(run), peer);
        };
        for (const { peer, fails, blocks } of steps) finish(peer, fails, blocks);
        while (download.hasFreeBlocks) finish('c', false, 0);
        expect(download.isComplete).toBe(true);
        expect(download.hereBytes).toBe(bytes);
        expect(content.equals(download.buffer)).toBe(true);
      }),
    );
  });

  it('piece download - names the peers that may be spared a block that came from another', () => {
    const { download, bytesOf } = downloadOf(3 * BLOCK_BYTES);
    const run = download.take(1)!;
    download.asked(run, 'slow', 0);
    download.asked({ ...run }, 'fast', 50);
    const spared = download.put(run, bytesOf(run), 'fast');
    expect(spared.map(({ peer }) => peer)).toEqual(['slow']);
    expect(download.isAsked).toBe(false);
  });

  it('piece download - a block stays asked for while one of two peers still may bring it', () => {
    const { download } = downloadOf(BLOCK_BYTES);
    const run = download.take(1)!;
    download.asked(run, 'leaving', 0);
    download.asked({ ...run }, 'staying', 1);
    download.released(run, 'leaving');
    expect(download.hasFreeBlocks).toBe(false);
    download.released(run, 'staying');
    expect(download.hasFreeBlocks).toBe(true);
    expect(download.take(1)).toEqual(run);
  });

  it('piece download - calls late what one peer alone was asked for too long ago', () => {
    const { download, bytesOf } = downloadOf(4 * BLOCK_BYTES);
    const runs = [0, 1, 2].map(() => download.take(1)!);
    runs.forEach((run, index) => download.asked(run, 'peer', index * 100));
    download.asked({ ...runs[1]! }, 'other', 100);
    download.put(runs[0]!, bytesOf(runs[0]!), 'peer');
    expect(download.lateBlocks(150)).toEqual([]);
    expect(download.lateBlocks(200).map(({ run }) => run.block)).toEqual([2]);
  });

  it('piece download - blames only those whose bytes it holds', () => {
    const { download, bytesOf } = downloadOf(2 * BLOCK_BYTES);
    const run = download.take(1)!;
    download.asked(run, 'slow', 0);
    download.asked({ ...run }, 'fast', 50);
    download.put(run, bytesOf(run), 'fast');
    download.put(run, bytesOf(run), 'slow');
    expect([...download.contributors]).toEqual(['fast']);
  });

  it('piece download - lists each outstanding request once, however many blocks it covers', () => {
    const { download } = downloadOf(6 * BLOCK_BYTES);
    const long = download.take(4)!;
    const short = download.take(1)!;
    download.asked(long, 'web seed', 0);
    download.asked(short, 'peer', 0);
    expect(download.outstanding().map(({ run, peer }) => [peer, run.length])).toEqual([
      ['web seed', 4 * BLOCK_BYTES],
      ['peer', BLOCK_BYTES],
    ]);
  });
});
