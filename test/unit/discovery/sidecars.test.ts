import { describe, expect, it } from '@jest/globals';
import { findSidecars } from '../../../backend/discovery/index.js';
import { makeRelease } from '../../support/stremio-harness.js';

describe('sidecars', () => {
  it('one video - gets every subtitle file of its release', () => {
    const { files } = makeRelease('Film', [
      ['Film.mkv', 9],
      ['Film.en.srt', 5],
      ['Subs/2_German.srt', 5],
      ['Film.srt', 5],
      ['Film.fr.ass', 5],
      ['Film.ja.SSA', 5],
      ['a.nfo', 1],
    ]);
    expect(findSidecars(files, files[0]!).map(({ tag }) => tag)).toEqual(['en', 'german', '', 'fr', 'ja']);
  });

  it('a pack - gives each episode only what is named after it', () => {
    const { files } = makeRelease('Show', [
      ['S01E01.mkv', 9],
      ['S01E02.mkv', 9],
      ['S01E02.fr.vtt', 5],
      ['S01E020.srt', 5],
    ]);
    expect(findSidecars(files, files[1]!).map(({ file }) => file.name)).toEqual(['S01E02.fr.vtt']);
    expect(findSidecars(files, files[0]!)).toEqual([]);
  });

  it('size - what is far too large for subtitles is left out', () => {
    const { files } = makeRelease('Film', [
      ['Film.mkv', 9],
      ['Film.srt', 5_000_000],
    ]);
    expect(findSidecars(files, files[0]!)).toEqual([]);
  });
});
