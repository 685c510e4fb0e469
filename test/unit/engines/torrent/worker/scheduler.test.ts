import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { PieceIndex } from '../../../../../backend/engines/torrent/geometry.js';
import { BLOCK_BYTES } from '../../../../../backend/engines/torrent/geometry.js';
import { SchedulerLab } from './scheduler-lab.js';

const mebibyte = 1024 * 1024;

describe('scheduler', () => {
  it('scheduler - asks for the piece under the reader first, block by block, then for its window', () => {
    const lab = new SchedulerLab({ pieces: 10 });
    const peer = lab.peer({ limit: 6 });
    lab.want(lab.demand(3, 6));
    expect(peer.open).toEqual(['3/0', '3/1', '4/0', '4/1', '5/0', '5/1']);
    peer.giveAll();
    expect(lab.here).toEqual([3, 4, 5]);
    expect(peer.open).toEqual([]);
  });

  it('scheduler - serves two readers in turn', () => {
    const lab = new SchedulerLab({ pieces: 30, pieceLength: BLOCK_BYTES });
    const peer = lab.peer({ limit: 6 });
    lab.want(lab.demand(0, 9), lab.demand(20, 29));
    expect(peer.open).toEqual(['0/0', '20/0', '1/0', '21/0', '2/0', '22/0']);
  });

  it('scheduler - asks several peers for different blocks', () => {
    const lab = new SchedulerLab({ pieces: 4 });
    lab.want(lab.demand(0, 4));
    const first = lab.peer({ limit: 3 });
    const second = lab.peer({ limit: 3 });
    expect([...first.open, ...second.open]).toEqual(['0/0', '0/1', '1/0', '1/1', '2/0', '2/1']);
    expect(new Set([...first.open, ...second.open]).size).toBe(6);
  });

  it('scheduler - asks a peer only for what it has', () => {
    const lab = new SchedulerLab({ pieces: 4, pieceLength: BLOCK_BYTES });
    const peer = lab.peer({ pieces: [1, 3] });
    lab.want(lab.demand(0, 4));
    expect(peer.open).toEqual(['1/0', '3/0']);
  });

  it('scheduler - on a seek takes back what the old window asked for before it asks for the new one', () => {
    const lab = new SchedulerLab({ pieces: 40 });
    const peer = lab.peer({ limit: 8 });
    lab.want(lab.demand(0, 10));
    peer.give(1);
    const before = peer.open;
    lab.want(lab.demand(30, 40));
    expect(peer.withdrawn).toEqual(before);
    expect(peer.open).toEqual(['30/0', '30/1', '31/0', '31/1', '32/0', '32/1', '33/0', '33/1']);
  });

  it('scheduler - keeps what a seek left half done, and asks only for the rest on the way back', () => {
    const lab = new SchedulerLab({ pieces: 40 });
    const peer = lab.peer({ limit: 2 });
    lab.want(lab.demand(0, 2));
    peer.give(1);
    lab.want(lab.demand(30, 32));
    expect(peer.open).toEqual(['30/0', '30/1']);
    lab.want(lab.demand(0, 2));
    expect(peer.open).toEqual(['0/1', '1/0']);
  });

  it('scheduler - a reader that leaves is no longer fetched for, and the peers hear it', () => {
    const lab = new SchedulerLab({ pieces: 10 });
    const peer = lab.peer();
    expect(peer.isInterested).toBe(false);
    lab.want(lab.demand(0, 10));
    expect(peer.isInterested).toBe(true);
    lab.want();
    expect(peer.open).toEqual([]);
    expect(peer.isInterested).toBe(false);
    expect(lab.store.buffersOut).toBe(0);
  });

  it('scheduler - a peer that leaves in the middle of a piece is replaced where it stopped', () => {
    const lab = new SchedulerLab({ pieces: 1, pieceLength: 4 * BLOCK_BYTES });
    const leaving = lab.peer({ limit: 4 });
    const staying = lab.peer({ limit: 4 });
    lab.want(lab.demand(0, 1));
    expect(leaving.open).toHaveLength(4);
    leaving.give(2);
    leaving.leave();
    expect(staying.open).toEqual(['0/2', '0/3']);
    staying.giveAll();
    expect(lab.here).toEqual([0]);
  });

  it('scheduler - a peer that leaves without a word holds up nothing', () => {
    const lab = new SchedulerLab({ pieces: 1 });
    const silent = lab.peer({ limit: 2 });
    lab.want(lab.demand(0, 1));
    expect(silent.open).toHaveLength(2);
    lab.scheduler.removePeer(silent);
    const other = lab.peer();
    other.giveAll();
    expect(lab.here).toEqual([0]);
  });

  it('scheduler - tells when a request came back empty, so that others take it over', () => {
    const lab = new SchedulerLab({ pieces: 1 });
    const choking = lab.peer({ limit: 2 });
    const other = lab.peer({ limit: 2 });
    lab.want(lab.demand(0, 1));
    choking.isReady = false;
    choking.refuse(2);
    expect(lab.releases).toBeGreaterThan(0);
    lab.scheduler.wake();
    expect(other.open).toEqual(['0/0', '0/1']);
  });

  it('scheduler - asks a peer that refuses a piece for others, and for that one again later', () => {
    const lab = new SchedulerLab({ pieces: 2, pieceLength: BLOCK_BYTES });
    const peer = lab.peer({ limit: 1 });
    lab.want(lab.demand(0, 2));
    peer.refuse();
    lab.scheduler.wake();
    expect(peer.open).toEqual(['1/0']);
    peer.refuse();
    lab.scheduler.wake();
    expect(peer.open).toEqual([]);
    lab.advance(10_000);
    expect(peer.open).toEqual(['0/0']);
  });

  it('scheduler - does not spin on a peer that refuses at once', () => {
    const lab = new SchedulerLab({ pieces: 500 });
    const peer = lab.peer();
    peer.refusesAtOnce = true;
    lab.want(lab.demand(0, 500));
    expect(peer.asked.length).toBeLessThan(5);
    peer.refusesAtOnce = false;
    lab.advance(10_000);
    peer.giveAll();
    expect(lab.here).toHaveLength(500);
  });

  it('scheduler - takes an answer of the wrong length for none', () => {
    const lab = new SchedulerLab({ pieces: 1, pieceLength: BLOCK_BYTES });
    const peer = lab.peer({ limit: 1 });
    lab.want(lab.demand(0, 1));
    peer.giveShort();
    lab.advance(10_000);
    peer.giveAll();
    expect(lab.here).toEqual([0]);
  });

  it('scheduler - paused asks nothing, and goes on where it was', () => {
    const lab = new SchedulerLab({ pieces: 4 });
    lab.scheduler.setPaused(true);
    const peer = lab.peer({ limit: 2 });
    lab.want(lab.demand(1, 3));
    lab.advance(1000);
    expect(peer.asked).toEqual([]);
    expect(lab.missingCalls).toBe(0);
    expect(lab.scheduler.missingPieces()).toEqual([1, 2]);
    lab.scheduler.setPaused(false);
    expect(peer.open).toEqual(['1/0', '1/1']);
  });

  it('scheduler - says that a swarm is needed only while something is missing', () => {
    const lab = new SchedulerLab({ pieces: 2 });
    lab.want(lab.demand(0, 1));
    expect(lab.missingCalls).toBe(1);
    lab.peer().giveAll();
    const calls = lab.missingCalls;
    lab.want(lab.demand(0, 1));
    lab.scheduler.wake();
    expect(lab.missingCalls).toBe(calls);
  });

  it('scheduler - has claimed pieces checked before anybody is asked for them, and fetches what was claimed in vain', () => {
    const lab = new SchedulerLab({ pieces: 2, pieceLength: BLOCK_BYTES });
    const peer = lab.peer({ limit: 4 });
    lab.store.claims.add(0 as PieceIndex).add(1 as PieceIndex);
    lab.want(lab.demand(0, 2));
    expect(lab.store.checks).toEqual([0, 1]);
    expect(peer.open).toEqual([]);
    expect(lab.missingCalls).toBe(0);
    lab.store.claims.delete(0 as PieceIndex);
    lab.scheduler.pieceChanged();
    lab.scheduler.wake();
    expect(peer.open).toEqual(['0/0']);
  });

  it('scheduler - waits while there is no space, and goes on when it is granted', () => {
    const lab = new SchedulerLab({ pieces: 4 });
    lab.store.room = 0;
    const peer = lab.peer({ limit: 8 });
    lab.want(lab.demand(0, 4));
    expect(peer.open).toEqual([]);
    lab.store.room = 2 * lab.geometry.pieceLength;
    lab.scheduler.wake();
    expect(peer.open).toEqual(['0/0', '0/1', '1/0', '1/1']);
    peer.giveAll();
    lab.store.room = 2 * lab.geometry.pieceLength;
    lab.scheduler.wake();
    peer.giveAll();
    expect(lab.here).toEqual([0, 1, 2, 3]);
  });

  it('scheduler - without space goes on with the pieces it has space for', () => {
    const lab = new SchedulerLab({ pieces: 20, pieceLength: 4 * BLOCK_BYTES });
    const peer = lab.peer({ limit: 1 });
    lab.want(lab.demand(10, 12));
    lab.store.room = 0;
    lab.want(lab.demand(0, 2), lab.demand(10, 12));
    peer.giveAll();
    expect(lab.here).toEqual([10]);
  });

  it('scheduler - gives space and memory back when it is closed, and listens to no late answer', () => {
    const lab = new SchedulerLab({ pieces: 8 });
    lab.store.room = mebibyte;
    const peer = lab.peer({ limit: 8 });
    lab.want(lab.demand(0, 8));
    const [request] = peer.requests;
    peer.give(3);
    lab.scheduler.close();
    expect(peer.open).toEqual([]);
    request!.answer(new Uint8Array(request!.length));
    expect(lab.store.buffersOut).toBe(0);
    expect(lab.store.room).toBe(mebibyte - lab.here.length * lab.geometry.pieceLength);
  });

  it('scheduler - gathers pieces of 1 KiB, one request each', () => {
    const lab = new SchedulerLab({ pieces: 50, pieceLength: 1024, lastPieceLess: 1000 });
    const peer = lab.peer();
    lab.want(lab.demand(0, 50));
    peer.giveAll();
    expect(lab.here).toHaveLength(50);
    expect(peer.asked).toHaveLength(50);
  });

  it('scheduler - asks a web seed for runs of blocks', () => {
    const lab = new SchedulerLab({ pieces: 2, pieceLength: 10 * BLOCK_BYTES });
    const seed = lab.peer({ limit: 4, maxRunBlocks: 4 });
    lab.want(lab.demand(0, 2));
    expect(
      seed.requests.map(({ piece, offset, length }) => [piece, offset / BLOCK_BYTES, length / BLOCK_BYTES]),
    ).toEqual([
      [0, 0, 4],
      [0, 4, 4],
      [0, 8, 2],
      [1, 0, 4],
    ]);
    seed.giveAll();
    expect(lab.here).toEqual([0, 1]);
  });

  it('scheduler - looks far ahead in a long window without losing a piece', () => {
    const lab = new SchedulerLab({ pieces: 3000, pieceLength: 1024 });
    const peer = lab.peer();
    lab.want(lab.demand(0, 3000));
    peer.giveAll();
    expect(lab.here).toHaveLength(3000);
  });

  it('scheduler - every piece arrives whole, whatever peers do, as long as one is honest', () => {
    const actions = fc.array(
      fc.record({
        peer: fc.nat(2),
        act: fc.constantFrom('give', 'refuse', 'short', 'lie', 'seek', 'time', 'leave'),
        count: fc.integer({ min: 1, max: 6 }),
      }),
      { maxLength: 80 },
    );
    fc.assert(
      fc.property(actions, fc.integer({ min: 1, max: 70_000 }), (list, pieceLength) => {
        const lab = new SchedulerLab({ pieces: 12, pieceLength });
        const peers = [lab.peer({ limit: 3 }), lab.peer({ limit: 5 }), lab.peer({ limit: 2, maxRunBlocks: 3 })];
        lab.want(lab.demand(0, 12));
        for (const { peer: chosen, act, count } of list) {
          const peer = peers[chosen]!;
          if (act === 'give') peer.give(count);
          else if (act === 'refuse') peer.refuse(Math.min(count, peer.outstanding));
          else if (act === 'short' && peer.outstanding > 0) peer.giveShort();
          else if (act === 'lie') peer.lie(Math.min(count, peer.outstanding));
          else if (act === 'seek') lab.want(lab.demand(count, 12));
          else if (act === 'time') lab.advance(count * 700);
          else if (act === 'leave' && peer.isReady) peer.leave();
        }
        for (const peer of peers) if (peer.isReady) peer.leave();
        const honest = lab.peer();
        lab.want(lab.demand(0, 12));
        for (let round = 0; round < 5; round++) {
          honest.giveAll();
          lab.advance(3000);
        }
        expect(lab.here).toHaveLength(12);
        expect(lab.store.buffersOut).toBe(0);
      }),
      { numRuns: 150 },
    );
  });
});
