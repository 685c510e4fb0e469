import { describe, expect, it } from '@jest/globals';
import {
  categoryOf,
  formatCategory,
  formatEntryId,
  formatMebibytes,
  formatSize,
  parseEntryId,
} from '../../../backend/api/sabnzbd-words.js';

describe('sabnzbd words', () => {
  it.each([null, '', '*', 'None', 'Default'])('sabnzbd words - %s is no category', (name) => {
    expect([categoryOf(name), formatCategory(categoryOf(name))]).toEqual(['default', '*']);
  });

  it.each([
    ['Movies', 'Movies'],
    ['tv/hd', 'tv_hd'],
    ['nonesuch', 'nonesuch'],
    ['tv*', 'tv_'],
  ])('sabnzbd words - the category %s is %s', (name, category) => {
    expect([categoryOf(name), formatCategory(category)]).toEqual([category, category]);
  });

  it('sabnzbd words - ids of lines tell items and their addresses apart', () => {
    const item = { nzoId: `SABnzbd_nzo_${'a'.repeat(24)}` } as Parameters<typeof formatEntryId>[0]['item'];
    for (const addressMd5 of [null, 'b'.repeat(32)])
      expect(parseEntryId(formatEntryId({ item, addressMd5 }))).toEqual({ nzoId: item.nzoId, addressMd5 });
    expect(parseEntryId(`_${'b'.repeat(32)}`)).toEqual({ nzoId: `_${'b'.repeat(32)}`, addressMd5: null });
  });

  it('sabnzbd words - sizes', () => {
    expect([0, 1_000, 1_500_000, 5_000_000_000, 2 ** 60].map(formatSize)).toEqual([
      ...['0 B', '1000 B', '1.4 MB', '4.7 GB', '1024.0 PB'],
    ]);
    expect([0, 1_500_000].map(formatMebibytes)).toEqual(['0.00', '1.43']);
  });
});
