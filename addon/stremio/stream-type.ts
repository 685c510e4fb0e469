// What a stream comes over, in the words of those who read lists. Pure.

import type { Source } from '../../backend/content/index.js';

export type StreamType = 'p2p' | 'usenet' | 'http';

const TYPES = { torrent: 'p2p', 'torrent-url': 'p2p', nzb: 'usenet', 'nzb-url': 'usenet', http: 'http' } as const;

export function streamTypeOf({ kind }: Source): StreamType {
  return TYPES[kind];
}
