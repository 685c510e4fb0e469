import { describe, expect, it } from '@jest/globals';
import { holdsSeasons } from '../../../backend/naming/index.js';
import { makeRelease } from '../../support/stremio-harness.js';

describe('holds seasons', () => {
  it.each([
    ['one season', ['S01E01.mkv', 'S01E02.mkv'], false],
    ['two seasons', ['S01E01.mkv', 'S02E01.mkv'], true],
    ['two seasons by their folders', ['Season 1/01.mkv', 'Season 2/01.mkv'], true],
    ['a season and its specials', ['S01E01.mkv', 'S00E01.mkv'], false],
    ['numbers without a season', ['Show - 01.mkv', 'Show - 02.mkv'], false],
    ['nothing', [], false],
  ])('%s - %j: %j', (_what, names, expected) => {
    const release = makeRelease(
      'Show',
      names.map((name) => [name, 10]),
    );
    expect(holdsSeasons(release.files)).toBe(expected);
  });
});
