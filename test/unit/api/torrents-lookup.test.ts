// Which torrent a URL means, and what is said of one that was removed.

import { describe, expect, it } from '@jest/globals';
import type { TorrentEntry, TorrentLibrary } from '../../../backend/api/torrents-deps.js';
import { findTorrent } from '../../../backend/api/torrents-lookup.js';
import type { ContentId } from '../../../backend/content/index.js';
import { GoneError, NotFoundError } from '../../../backend/content/index.js';

const HASH = '08ada5a7a6183aae1e09d831df6748d566095a10' as ContentId;
const ENTRY: TorrentEntry = {
  contentId: HASH,
  name: 'Sintel',
  torrentId: 2,
  isPaused: false,
  included: [],
  files: [],
  source: { kind: 'http', url: 'http://files.example/' },
};

function libraryOf(entry: TorrentEntry | null): TorrentLibrary {
  return {
    get: (contentId) => (contentId === HASH ? entry : null),
    byTorrentId: (id) => (id === 2 ? entry : null),
    listTorrents: () => [],
    isRemoved: (contentId) => entry === null && contentId === HASH,
    isRemovedTorrentId: (id) => entry === null && id === 2,
    remember: () => ENTRY,
    setPaused: () => undefined,
    setIncluded: () => undefined,
  };
}

describe('torrent lookup', () => {
  it.each(['2', HASH, HASH.toUpperCase(), 'BCW2LJ5GDA5K4HQJ3AY56Z2I2VTASWQQ', '02'])(
    'torrent lookup - finds a torrent by %s, and says when it was removed',
    (text) => {
      expect(findTorrent(libraryOf(ENTRY), text)).toBe(ENTRY);
      expect(() => findTorrent(libraryOf(null), text)).toThrow(GoneError);
    },
  );

  it.each(['3', '', 'x', '-2', '2.0', '1e9', '9999999999', HASH.slice(1), '__proto__'])(
    'torrent lookup - knows nothing of %j',
    (text) => {
      expect(() => findTorrent(libraryOf(null), text)).toThrow(NotFoundError);
    },
  );

  it('torrent lookup - takes no other content for a torrent', () => {
    expect(() => findTorrent(libraryOf({ ...ENTRY, torrentId: null }), HASH)).toThrow(NotFoundError);
  });
});
