import { describe, expect, it } from '@jest/globals';
import { absoluteNumber } from '../../../../backend/discovery/metadata/absolute-number.js';

/** `'1:1-3 2:1,3'` */
function list(text: string): { season: number; episode: number }[] {
  return text.split(' ').flatMap((part) => {
    const [season = '', numbers = ''] = part.split(':');
    return numbers.split(',').flatMap((range) => {
      const [from = 0, to = from] = range.split('-').map(Number);
      return Array.from({ length: to - from + 1 }, (_, index) => ({ season: Number(season), episode: from + index }));
    });
  });
}

describe('absolute number', () => {
  it.each([
    ['is counted through the seasons, without specials', '0:1-4 1:1-12 2:1-12', [2, 3], 15],
    ['is the episode in the first season', '1:1-12', [1, 3], 3],
    ['is the episode where seasons are counted through', '1:1-12 2:13-24', [2, 15], 15],
    ['does not mind the order of the list, nor repetitions', '2:2 1:2 1:1-2 2:1', [2, 1], 3],
    ['is told for an episode that its season does not list yet', '1:1-12 2:1-3', [2, 4], 16],
    ['is not known where a season before has a gap', '1:1-5,7-12 2:1-3', [2, 1], null],
    ['is not known where a season before is missing', '1:1-12 3:1-3', [3, 1], null],
    ['is not known where its season is not listed', '1:1-12', [2, 1], null],
    ['is not known where its season begins somewhere else', '1:1-12 2:5-9', [2, 5], null],
    ['is not known for specials', '0:1-4 1:1-12', [0, 1], null],
    ['is not known for an absurd season, at once', '1:1-12', [1e9, 1], null],
  ] as const)('%s', (_what, text, [season, episode], expected) => {
    expect(absoluteNumber(list(text), { season, episode })).toBe(expected);
  });

  it('is not known where nothing is listed', () => {
    expect(absoluteNumber([], { season: 1, episode: 1 })).toBeNull();
  });
});
