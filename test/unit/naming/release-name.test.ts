import { describe, expect, it } from '@jest/globals';
import { parseReleaseName } from '../../../backend/naming/index.js';

describe('release name', () => {
  it('release name - reads title, resolution, quality, codec, audio and group', () => {
    expect(parseReleaseName('Big.Buck.Bunny.2008.2160p.BluRay.HDR.DTS.x265-GRP')).toMatchObject({
      title: 'Big Buck Bunny',
      year: '2008',
      resolution: '2160p',
      group: 'GRP',
      seasons: [],
      episodes: [],
    });
  });

  it.each([
    ['Harbour.Lights.2011.4K.HDR', '2160p'],
    ['Harbour.Lights.2011.2160p.UHD.BluRay', '2160p'],
    ['Harbour.Lights.2011.1080P.WEB', '1080p'],
    ['Harbour.Lights.2011.DVDRip', undefined],
  ])('release name - one picture size has one name: %s', (text, resolution) => {
    expect(parseReleaseName(text).resolution).toBe(resolution);
  });

  it('release name - reads season and episodes of a pack', () => {
    expect(parseReleaseName('Show.S02E03.720p.WEB-DL')).toMatchObject({ seasons: [2], episodes: [3] });
  });

  it('release name - takes any text, however long', () => {
    for (const text of ['', '....', '\u0000', 'x'.repeat(1_000_000), '((((((((', '🎬'.repeat(600)]) {
      expect(Array.isArray(parseReleaseName(text).hdr)).toBe(true);
    }
  });
});
