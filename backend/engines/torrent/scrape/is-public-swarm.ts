// Whether a torrent may be spoken of to trackers that it does not name itself. Pure.

import type { TorrentSource } from '../../../content/index.js';
import { readDictionary, readInteger } from '../bencode-reader.js';

/**
 * What `info` says (BEP 27). Before it is known: a magnet counts as public, unless all the trackers it names are asked over
 * HTTP, as those of closed communities are.
 */
export function isPublicSwarm({ info, trackers }: Pick<TorrentSource, 'info' | 'trackers'>): boolean {
  if (info !== undefined) {
    const flag = readDictionary(info).values.get('private');
    return flag === undefined || (readInteger(flag) ?? 0) === 0;
  }
  return trackers.length === 0 || trackers.some((tracker) => tracker.startsWith('udp:'));
}
