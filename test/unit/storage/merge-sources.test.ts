// The same torrent, submitted again.

import { describe, expect, it } from '@jest/globals';
import type { ContentId, InfoHash, NzbSource, TorrentSource } from '../../../backend/content/index.js';
import { mergeSources } from '../../../backend/storage/merge-sources.js';

const bare: TorrentSource = {
  kind: 'torrent',
  infoHash: 'a'.repeat(40) as InfoHash,
  trackers: [],
  webSeeds: [],
  peers: [],
};

describe('merging', () => {
  it('info and name - stay when the new source has none', () => {
    const kept = { ...bare, info: Uint8Array.of(1), name: 'Sintel' };
    expect(mergeSources(kept, bare)).toEqual(kept);
    expect(mergeSources(kept, { ...bare, name: 'Other' })).toEqual({ ...kept, name: 'Other' });
  });

  it('trackers, web seeds and peers - are united, new ones first, within bounds', () => {
    const many = Array.from({ length: 100 }, (_, place) => `udp://t${place}.example.org/`);
    const merged = mergeSources(
      { ...bare, trackers: many, peers: ['b', 'a'] },
      { ...bare, trackers: ['udp://new/'], peers: ['a'] },
    );
    expect(merged).toMatchObject({ peers: ['a', 'b'], trackers: expect.arrayContaining(['udp://new/', many[0]]) });
    expect((merged as TorrentSource).trackers).toHaveLength(64);
  });

  it('passwords of an NZB - are united, new ones first, within bounds; its name is the newest', () => {
    const contentId = 'c'.repeat(64) as ContentId;
    const kept: NzbSource = { kind: 'nzb', contentId, name: 'Old', passwords: ['a', 'b'] };
    const merged = mergeSources(kept, { ...kept, name: '', passwords: ['c', 'b'] });
    expect(merged).toEqual({ ...kept, passwords: ['c', 'b', 'a'] });
    expect(mergeSources(kept, { ...kept, name: 'New' })).toMatchObject({ name: 'New' });
    const many = Array.from({ length: 30 }, (_, place) => `password ${place}`);
    const bounded = mergeSources({ ...kept, passwords: many }, { ...kept, passwords: ['new'] }) as NzbSource;
    expect([bounded.passwords.length, bounded.passwords[0]]).toEqual([16, 'new']);
    const other: NzbSource = { ...kept, contentId: 'd'.repeat(64) as ContentId, passwords: [] };
    expect(mergeSources(kept, other)).toBe(other);
  });

  it('another kind or torrent - replaces', () => {
    const next = { kind: 'http', url: 'http://a/' } as const;
    expect(mergeSources(bare, next)).toBe(next);
    const other = { ...bare, infoHash: 'b'.repeat(40) as InfoHash };
    expect(mergeSources({ ...bare, trackers: ['a'] }, other)).toBe(other);
  });
});
