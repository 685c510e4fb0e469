import { describe, expect, it } from '@jest/globals';
import { BLOCK_BYTES } from '../../../../../backend/engines/torrent/geometry.js';
import type { FakePeer } from './scheduler-lab.js';
import { SchedulerLab } from './scheduler-lab.js';

const mebibyte = 1024 * 1024;

/** Two peers, and one that has just become slow: the reader waits for piece 20, of which `slow` was asked for blocks. */
function labWithSlowPeer(): { lab: SchedulerLab; slow: FakePeer; fast: FakePeer } {
  const lab = new SchedulerLab({ pieces: 24 });
  const fast = lab.peer({ limit: 2 });
  lab.want(lab.demand(0, 20));
  while (fast.outstanding > 0) {
    lab.now += 100;
    fast.give(2);
  }
  fast.isReady = false;
  const slow = lab.peer({ limit: 2 });
  lab.want(lab.demand(20, 21));
  fast.isReady = true;
  return { lab, slow, fast };
}

describe('scheduler', () => {
  it('scheduler - asks a second peer for a late block that a reader waits for, and withdraws the loser', () => {
    const { lab, slow, fast } = labWithSlowPeer();
    expect(slow.open).toEqual(['20/0', '20/1']);
    lab.advance(100);
    expect(fast.open).toEqual([]);
    lab.advance(1000);
    expect(fast.open).toEqual(['20/0', '20/1']);
    fast.giveAll();
    expect(slow.withdrawn).toEqual(['20/0', '20/1']);
    expect(slow.open).toEqual([]);
    expect(lab.here).toContain(20);
  });

  it('scheduler - when the slow peer wins after all, the second one is withdrawn', () => {
    const { lab, slow, fast } = labWithSlowPeer();
    lab.advance(1000);
    slow.giveAll();
    expect(fast.withdrawn).toEqual(['20/0', '20/1']);
    expect(lab.here).toContain(20);
  });

  it('scheduler - asks no third peer, and asks no one twice', () => {
    const { lab, fast } = labWithSlowPeer();
    const third = lab.peer();
    lab.advance(10_000);
    expect(fast.open.length + third.open.length).toBe(2);
  });

  it('scheduler - leaves late blocks alone that nobody waits for yet', () => {
    const lab = new SchedulerLab({ pieces: 24 });
    const slow = lab.peer({ limit: 2, pieces: [1] });
    const other = lab.peer({ limit: 2 });
    lab.want(lab.demand(0, 2));
    other.giveAll();
    expect(slow.open).toEqual(['1/0', '1/1']);
    lab.want({ ...lab.demand(1, 2), kind: 'background' });
    lab.advance(10_000);
    expect(other.open).toEqual([]);
  });

  it('scheduler - asks a late peer for less, once for all its late blocks', () => {
    const lab = new SchedulerLab({ pieces: 1, pieceLength: 16 * BLOCK_BYTES });
    const late = lab.peer();
    for (let block = 0; block < 28; block++) late.pipeline.received(BLOCK_BYTES, 0);
    lab.want(lab.demand(0, 1));
    lab.peer({ limit: 16 });
    const before = late.pipeline.limit;
    lab.advance(2100);
    expect(late.pipeline.limit).toBe(before / 2);
  });

  it('scheduler - a web seed that lost is not interrupted, and is asked again when its answer comes', () => {
    const lab = new SchedulerLab({ pieces: 3 });
    const seed = lab.peer({ limit: 1, maxRunBlocks: 2 });
    lab.want(lab.demand(0, 1));
    const fast = lab.peer({ limit: 2 });
    lab.advance(2100);
    fast.giveAll();
    expect(seed.open).toEqual(['0/0']);
    lab.scheduler.removePeer(fast);
    lab.want(lab.demand(1, 3));
    expect(seed.open).toEqual(['0/0']);
    seed.give();
    expect(seed.open).toEqual(['1/0']);
  });

  it('scheduler - bans the only peer of a bad piece, and fetches the piece from another', () => {
    const lab = new SchedulerLab({ pieces: 1 });
    const liar = lab.peer({ limit: 2 });
    const honest = lab.peer({ limit: 2 });
    lab.want(lab.demand(0, 1));
    liar.lie(2);
    expect(liar.isBanned).toBe(true);
    expect(honest.open).toEqual(['0/0', '0/1']);
    honest.giveAll();
    expect(lab.here).toEqual([0]);
    expect(honest.isBanned).toBe(false);
  });

  it('scheduler - fetches a bad piece of several peers from one alone, so that only the liar is banned', () => {
    const lab = new SchedulerLab({ pieces: 40 });
    const liar = lab.peer({ limit: 1 });
    const honest = lab.peer({ limit: 1 });
    lab.want(lab.demand(0, 40));
    for (let step = 0; step < 400 && lab.here.length < 40; step++) {
      if (!liar.isBanned && liar.outstanding > 0) liar.lie();
      if (honest.outstanding > 0) honest.give();
      lab.scheduler.wake();
    }
    expect(liar.isBanned).toBe(true);
    expect(honest.isBanned).toBe(false);
    expect(lab.here).toHaveLength(40);
  });

  it('scheduler - a suspected piece whose peer went is begun again by another', () => {
    const lab = new SchedulerLab({ pieces: 1, pieceLength: 4 * BLOCK_BYTES });
    const first = lab.peer({ limit: 2 });
    const second = lab.peer({ limit: 2 });
    lab.want(lab.demand(0, 1));
    first.lie(2);
    second.give(2);
    lab.scheduler.wake();
    const [alone, other] = first.outstanding > 0 ? [first, second] : [second, first];
    expect(other.open).toEqual([]);
    alone.give(1);
    alone.leave();
    other.giveAll();
    expect(lab.here).toEqual([0]);
  });

  it('scheduler - keeps no more than 64 MiB in assembly when full, beyond what readers wait for', () => {
    const lab = new SchedulerLab({ pieces: 80, pieceLength: mebibyte });
    const peer = lab.peer({ limit: 100_000 });
    lab.want(lab.demand(0, 80));
    expect(lab.store.mostBytesOut).toBe(64 * mebibyte);
    lab.want(lab.demand(0, 78), lab.demand(79, 80));
    expect(peer.open).toContain('79/0');
    expect(lab.store.mostBytesOut).toBeLessThanOrEqual(65 * mebibyte);
  });

  it('scheduler - keeps no more than 16 MiB of half-done pieces for a seek back', () => {
    const lab = new SchedulerLab({ pieces: 80, pieceLength: mebibyte });
    const peer = lab.peer({ limit: 40 * 64 });
    lab.want(lab.demand(0, 40));
    for (let piece = 0; piece < 40; piece++) {
      const at = peer.requests.findIndex((request) => request.piece === piece);
      peer.requests.unshift(...peer.requests.splice(at, 1));
      peer.give(1);
    }
    lab.want();
    expect(lab.store.buffersOut).toBe(16);
  });

  it('scheduler - lets go of half-done pieces at once when room is short', () => {
    const lab = new SchedulerLab({ pieces: 8 });
    const peer = lab.peer({ limit: 8 });
    lab.store.room = lab.content.length;
    lab.want(lab.demand(0, 4));
    peer.give(1);
    lab.want(lab.demand(6, 7));
    lab.scheduler.dropLeftovers();
    expect(lab.store.buffersOut).toBe(1);
    expect(peer.open).toEqual(['6/0', '6/1']);
  });
});
