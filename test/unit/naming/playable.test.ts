import { describe, expect, it } from '@jest/globals';
import { isPlayable, isVideo } from '../../../backend/naming/index.js';

describe('playable', () => {
  const cases: [name: string, video: boolean, playable: boolean][] = [
    ['film.mkv', true, true],
    ['FILM.MP4', true, true],
    ['a.m2ts', true, true],
    ['song.flac', false, true],
    ['disc.iso', false, false],
    ['readme.txt', false, false],
    ['.mkv', false, false],
    ['mkv', false, false],
    ['film.mkv.exe', false, false],
    ['', false, false],
  ];
  it.each(cases)('playable - %s', (name, video, playable) => {
    expect([isVideo(name), isPlayable(name)]).toEqual([video, playable]);
  });
});
