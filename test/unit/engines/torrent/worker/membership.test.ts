import { EventEmitter } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import type { Torrent } from 'webtorrent';
import type { InfoHash } from '../../../../../backend/content/index.js';
import type { SwarmAddress } from '../../../../../backend/engines/torrent/protocol.js';
import { Membership } from '../../../../../backend/engines/torrent/worker/membership.js';
import type { JoinOptions } from '../../../../../backend/engines/torrent/worker/swarm-client.js';

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const tracker = (name: string): string => `http://${name}.example/announce`;
const swarmOf = (...names: string[]): SwarmAddress => ({ trackers: names.map(tracker), webSeeds: [], peers: [] });

/** A membership in a swarm that notes how it was entered and left. */
function visit(swarm: SwarmAddress, connected = 1) {
  const log: string[] = [];
  const peers = new Map<string, object>();
  const events = new EventEmitter();
  const join = ({ swarm: way }: JoinOptions): Promise<Torrent> => {
    log.push(`in by ${way.trackers.join(' ')}`);
    const torrent = {
      destroyed: false,
      received: 0,
      uploaded: 0,
      _peers: peers,
      once: (event: string, listener: () => void) => events.once(event, listener),
      destroy: (_options: unknown, done: () => void) => {
        log.push('out');
        done();
      },
    };
    return Promise.resolve(torrent as unknown as Torrent);
  };
  const membership = new Membership({
    client: { join },
    swarm,
    after: Promise.resolve(),
    describe: () => ({ infoHash: 'a'.repeat(40) as InfoHash, info: null, isPrivate: false }) as never,
    connected: () => connected,
    left: () => undefined,
    failed: (error) => log.push(error.message),
  });
  return { membership, log, peers, announced: () => void events.emit('trackerAnnounce') };
}

describe('membership', () => {
  it('a torrent that turns out to be private - leaves and comes back by its own trackers alone', async () => {
    const { membership, log } = visit(swarmOf('own', 'open'));
    membership.join();
    await nextTurn();
    membership.confine(swarmOf('own'));
    await nextTurn();
    await membership.leave();
    expect(log).toEqual([`in by ${tracker('own')} ${tracker('open')}`, 'out', `in by ${tracker('own')}`, 'out']);
  });

  it('a torrent known to be private before - goes in by its own trackers alone', async () => {
    const { membership, log } = visit(swarmOf('own', 'open'));
    membership.confine(swarmOf('own'));
    membership.join();
    await nextTurn();
    await membership.leave();
    expect(log).toEqual([`in by ${tracker('own')}`, 'out']);
  });

  it('a swarm - is deserted once a tracker has answered and there is nobody, and no more when somebody turns up', async () => {
    const { membership, peers, announced } = visit(swarmOf('own'));
    const isDeserted = (): boolean => membership.numbers().isDeserted;
    expect(isDeserted()).toBe(false);
    membership.join();
    await nextTurn();
    expect(isDeserted()).toBe(false);
    announced();
    expect(isDeserted()).toBe(true);
    peers.set('127.0.0.1:1', {});
    expect(isDeserted()).toBe(false);
    peers.clear();
    await membership.leave();
    membership.join();
    await nextTurn();
    expect(isDeserted()).toBe(false);
  });

  it('an answer of a tracker - is known whoever is there, and only for this stay', async () => {
    const { membership, peers, announced } = visit(swarmOf('own'));
    membership.join();
    await nextTurn();
    expect(membership.numbers().hasAnswer).toBe(false);
    announced();
    peers.set('127.0.0.1:1', {});
    expect(membership.numbers().hasAnswer).toBe(true);
    await membership.leave();
    expect(membership.numbers().hasAnswer).toBe(false);
  });

  it('a peer that is dialled - is known until it is connected', async () => {
    const { membership, peers } = visit(swarmOf('own'), 1);
    membership.join();
    await nextTurn();
    const queued = (): number => membership.numbers().peersQueued;
    peers.set('127.0.0.1:1', {});
    expect(queued()).toBe(0);
    peers.set('127.0.0.1:2', {});
    expect(queued()).toBe(1);
    await membership.leave();
    expect(queued()).toBe(0);
  });

  it('new ways - are not tried at once while somebody is connected', async () => {
    const { membership, log } = visit(swarmOf('own'));
    membership.join();
    await nextTurn();
    membership.learn(swarmOf('more'));
    await nextTurn();
    await membership.leave();
    expect(log).toEqual([`in by ${tracker('own')}`, 'out']);
  });
});
