import { existsSync, statSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { CLIP_REASONS, reasonOf } from '../../../../addon/play/failure-reason.js';

describe('failure reason', () => {
  it.each([
    ['NO_PEERS', 'no-peers'],
    ['PEERS_UNKNOWN', 'no-peers'],
    ['NO_METADATA', 'no-peers'],
    ['ARTICLE_MISSING', 'articles-missing'],
    ['ARCHIVE_PASSWORD', 'archive'],
    ['EPISODE_NOT_FOUND', 'wrong-episode'],
    ['STORAGE_FULL', 'busy'],
    ['TOO_SLOW', 'preparing'],
    ['NO_VIDEO', 'unplayable'],
    ['INTERNAL', 'unplayable'],
  ])('%s - is shown as %s', (code, reason) => {
    expect(reasonOf(code, true)).toBe(reason);
  });

  it('clips - one lies ready for every reason, none over 200 KB', () => {
    for (const reason of CLIP_REASONS) {
      const path = `addon/clips/${reason}.mp4`;
      expect([reason, existsSync(path) && statSync(path).size < 200_000]).toEqual([reason, true]);
    }
  });
});
