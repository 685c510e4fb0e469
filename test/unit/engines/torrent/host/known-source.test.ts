import { describe, expect, it } from '@jest/globals';
import type { InfoHash, TorrentSource } from '../../../../../backend/content/index.js';
import { KnownSource } from '../../../../../backend/engines/torrent/host/known-source.js';

const infoHash = 'a'.repeat(40) as InfoHash;

function knownOf(some: Partial<TorrentSource> = {}) {
  const source: TorrentSource = { kind: 'torrent', infoHash, trackers: ['own'], webSeeds: [], peers: ['a:1'], ...some };
  return new KnownSource(source, {
    trackers: () => ['added', 'bad'],
    allowsTracker: (tracker) => tracker !== 'bad',
  });
}

describe('known source', () => {
  it('known source - of a public torrent has the added trackers too, of a private one only its own', () => {
    expect(knownOf().swarm({ isPrivate: false }).trackers).toEqual(['own', 'added']);
    expect(knownOf().swarm({ isPrivate: true }).trackers).toEqual(['own']);
  });

  it('known source - learns ways once, and gives none that is not allowed', () => {
    const known = knownOf();
    expect(known.learnWays({ trackers: ['own'], webSeeds: [], peers: ['a:1'] })).toBeNull();
    expect(known.learnWays({ trackers: ['own', 'bad', 'new'], webSeeds: ['seed'], peers: [] })).toEqual({
      trackers: ['own', 'new'],
      webSeeds: ['seed'],
      peers: [],
    });
    expect(known.source).toMatchObject({ trackers: ['own', 'bad', 'new'], webSeeds: ['seed'], peers: ['a:1'] });
    expect(known.swarm({ isPrivate: false }).trackers).toEqual(['own', 'new', 'added']);
  });

  it('known source - keeps what it learns of the torrent itself', () => {
    const known = knownOf();
    const info = new Uint8Array([1]);
    known.learnInfo(info);
    known.learnWays({ trackers: ['new'], webSeeds: [], peers: [] });
    expect(known.source.info).toBe(info);
  });
});
