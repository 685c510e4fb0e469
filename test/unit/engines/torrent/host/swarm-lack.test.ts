import { describe, expect, it } from '@jest/globals';
import { swarmLackOf } from '../../../../../backend/engines/torrent/host/swarm-lack.js';

describe('swarm lack', () => {
  it.each([
    ['nothing was heard at all', { hasAnswer: false, peersConnected: 0, peersSeen: 0 }, 'swarm'],
    ['a tracker has answered', { hasAnswer: true, peersConnected: 0, peersSeen: 0 }, 'peers'],
    ['somebody was met, and went', { hasAnswer: false, peersConnected: 0, peersSeen: 1 }, 'peers'],
    ['somebody is connected', { hasAnswer: false, peersConnected: 1, peersSeen: 1 }, null],
    ['it did not begin', null, 'swarm'],
  ] as const)('%s - %j: %j', (_what, numbers, lack) => {
    expect(swarmLackOf(numbers)).toBe(lack);
  });
});
