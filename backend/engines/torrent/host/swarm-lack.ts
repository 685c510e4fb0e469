// What a torrent that gets nothing waits for, by the numbers of its present stay in the swarm. Pure.

import type { TorrentNumbers } from '../protocol.js';

/** `swarm`: no word of it yet, which may be the fault of one's own connection; `peers`: there was word of it, and nobody is connected. */
export type SwarmLack = 'swarm' | 'peers';

/** Null while somebody is connected. Who was met once is word of the swarm, addresses that were merely told are none. */
export function swarmLackOf(
  numbers: Pick<TorrentNumbers, 'hasAnswer' | 'peersConnected' | 'peersSeen'> | null,
): SwarmLack | null {
  if (numbers === null) return 'swarm';
  if (numbers.peersConnected > 0) return null;
  return numbers.hasAnswer || numbers.peersSeen > 0 ? 'peers' : 'swarm';
}
