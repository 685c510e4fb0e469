// Which tracker is asked about which torrents.

import { describe, expect, it } from '@jest/globals';
import { planScrapes, trackerKey, type SwarmWish } from '../../../../backend/discovery/health/plan-scrapes.js';
import { infoHashOf } from '../../../support/candidates.js';

const limits = { maxTorrents: 2, maxRequests: 10 };
const wish = (digits: string, own: readonly string[], wider: readonly string[] = []): SwarmWish => ({
  infoHash: infoHashOf(digits),
  own,
  wider,
});
const told = (wishes: readonly SwarmWish[], more: Partial<typeof limits> = {}): string[] =>
  planScrapes(wishes, { ...limits, ...more }).map(
    ({ tracker, infoHashes }) => `${tracker} ${infoHashes.map((infoHash) => infoHash.slice(0, 2)).join(' ')}`,
  );

describe('scrapes', () => {
  it('torrents with a tracker in common - are asked for together, as many as fit', () => {
    const wishes = ['a1', 'a2', 'a3'].map((digits) => wish(digits, ['udp://one']));
    expect(told(wishes)).toEqual(['udp://one a1 a2', 'udp://one a3']);
  });

  it('a torrent with many trackers - is asked for at three, the most shared ones', () => {
    const wishes = [wish('a1', ['u:1', 'u:2', 'u:3', 'u:4', 'u:5']), wish('a2', ['u:5']), wish('a3', ['u:4', 'u:5'])];
    expect(told(wishes, { maxTorrents: 70 })).toEqual(['u:5 a1 a2 a3', 'u:4 a1 a3', 'u:1 a1']);
  });

  it('its own trackers - come before those that may be asked besides', () => {
    const wider = ['u:8', 'u:9'];
    const wishes = [wish('a1', ['u:1', 'u:2', 'u:3'], wider), wish('a2', [], wider)];
    expect(told(wishes, { maxTorrents: 70 })).toEqual(['u:8 a1 a2', 'u:1 a1', 'u:2 a1', 'u:9 a2']);
  });

  it('too many requests - are not made, those for fewest torrents first', () => {
    const wishes = [wish('a1', ['u:1']), wish('a2', ['u:2']), wish('a3', ['u:2'])];
    expect(told(wishes, { maxRequests: 1 })).toEqual(['u:2 a2 a3']);
  });

  it('a torrent without trackers - is not asked for', () => {
    expect(told([wish('a1', [])])).toEqual([]);
  });

  it.each([
    ['udp://t.example:80/announce', 'udp://t.example:80'],
    ['udp://t.example:80', 'udp://t.example:80'],
    ['http://t.example/key/announce', 'http://t.example/key/announce'],
  ])('%s - is known as %s', (tracker, key) => {
    expect(trackerKey(tracker)).toBe(key);
  });
});
