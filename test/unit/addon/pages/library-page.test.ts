import { describe, expect, it } from '@jest/globals';
import { libraryPage } from '../../../../addon/pages/library-page.js';

const textOf = (ttlMs: number): string =>
  libraryPage({ url: '/hs/api/library', configureUrl: '/hs/configure', ttlMs }).text.replace(/\s+/g, ' ');

describe('library page', () => {
  it.each([
    [0, 'Items stay until you remove them.'],
    [30 * 86_400e3, 'An item that nobody uses for 30 days goes, favourites stay.'],
    [3600e3, 'An item that nobody uses for the time set by LIBRARY_TTL goes, favourites stay.'],
  ])('page - says how long things are kept (%d ms)', (ttlMs, sentence) => {
    expect(textOf(ttlMs)).toContain(sentence);
  });

  it('page - leads to the settings and to the playlist, below the path the browser sees', () => {
    expect(textOf(0)).toContain('href="/hs/configure"');
    expect(textOf(0)).toContain('href="/hs/api/library/playlist.m3u8"');
  });
});
