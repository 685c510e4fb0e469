import { EventEmitter } from 'node:events';
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Wire } from 'webtorrent';
import type { PieceIndex } from '../../../../../backend/engines/torrent/geometry.js';
import { WirePeer } from '../../../../../backend/engines/torrent/worker/wire-peer.js';

type Answer = (error: Error | null, data: Uint8Array | null) => void;
const at = (piece: number): PieceIndex => piece as PieceIndex;

/** As much of a wire as a peer needs, every part of it in the test's hands. */
class FakeWire extends EventEmitter {
  type = 'tcpOutgoing';
  destroyed = false;
  peerChoking = false;
  peerAllowedFastSet: number[] = [];
  peerExtendedHandshake: { reqq?: unknown } = {};
  requests: Answer[] = [];
  log: string[] = [];
  peerPieces = { get: (piece: number) => piece < 10 };

  request(piece: number, offset: number, length: number, answer: Answer): void {
    this.log.push(`request ${piece} ${offset} ${length}`);
    this.requests.push(answer);
  }

  cancel(piece: number): void {
    this.log.push(`cancel ${piece}`);
  }

  interested(): void {
    this.log.push('interested');
  }

  uninterested(): void {
    this.log.push('uninterested');
  }
}

describe('wire peer', () => {
  let wire: FakeWire;
  let banned: unknown[];
  beforeEach(() => {
    wire = new FakeWire();
    banned = [];
  });

  const peerOf = (): WirePeer => new WirePeer(wire as unknown as Wire, 0, (bad) => banned.push(bad));

  it('wire peer - is ready while it is open and does not choke, and has what it says', () => {
    const peer = peerOf();
    expect([peer.isReady, peer.hasPiece(at(3)), peer.hasPiece(at(10))]).toEqual([true, true, false]);
    wire.peerChoking = true;
    expect([peer.isReady, peer.hasPiece(at(3))]).toEqual([false, false]);
    wire.peerAllowedFastSet = [3, 10];
    expect([peer.isReady, peer.hasPiece(at(3)), peer.hasPiece(at(4)), peer.hasPiece(at(10))]).toEqual([
      true,
      true,
      false,
      false,
    ]);
    wire.destroyed = true;
    expect(peer.isReady).toBe(false);
  });

  it('wire peer - answers with bytes, or with null when there are none', () => {
    const peer = peerOf();
    const answers: (Uint8Array | null)[] = [];
    peer.ask(at(1), 16, 32, (data) => answers.push(data));
    peer.ask(at(1), 48, 32, (data) => answers.push(data));
    expect([wire.log, peer.outstanding]).toEqual([['request 1 16 32', 'request 1 48 32'], 2]);
    const bytes = new Uint8Array(32);
    wire.requests[0]!(null, bytes);
    wire.requests[1]!(new Error('rejected'), null);
    expect(answers).toEqual([bytes, null]);
  });

  it('wire peer - queues what the peer says it queues; a web seed gets a few long runs', () => {
    const peer = peerOf();
    for (let block = 0; block < 50; block++) peer.pipeline.received(16_384, 1);
    const before = peer.pipeline.limit;
    wire.peerExtendedHandshake = { reqq: 'many' };
    peer.readHandshake();
    expect(peer.pipeline.limit).toBe(before);
    wire.peerExtendedHandshake = { reqq: 7 };
    peer.readHandshake();
    expect([peer.pipeline.limit, peer.maxRunBlocks]).toEqual([7, 1]);
    wire.type = 'webSeed';
    const seed = peerOf();
    for (let block = 0; block < 50; block++) seed.pipeline.received(16_384, 1);
    seed.readHandshake();
    expect(seed.pipeline.limit).toBe(4);
    expect(seed.maxRunBlocks).toBeGreaterThan(1);
  });

  it('wire peer - says what it wants, takes requests back, and touches no closed wire', () => {
    const peer = peerOf();
    peer.setInterest(true);
    peer.withdraw(at(1), 0, 10);
    peer.setInterest(false);
    wire.destroyed = true;
    peer.setInterest(true);
    peer.withdraw(at(2), 0, 10);
    expect(wire.log).toEqual(['interested', 'cancel 1', 'uninterested']);
    peer.ban();
    expect(banned).toEqual([wire]);
  });
});
