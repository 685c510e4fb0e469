import { describe, expect, it } from '@jest/globals';
import { DEFAULT_PREFERENCES, preferencesForm } from '../../../manifest/index.js';

describe('preferences', () => {
  it('nothing chosen - everything is listed but what was filmed in a cinema', () => {
    expect(preferencesForm.parse({})).toEqual({
      resolutions: [],
      maxFilmBytes: null,
      maxEpisodeBytes: null,
      maxBitrate: null,
      excludedQualities: ['cam'],
      excludedCodecs: [],
      hdr: 'any',
      dolbyVision: 'any',
      languages: [],
      onlyLanguages: false,
      excludedWords: [],
      preferredWords: [],
      readyFirst: true,
      kindFirst: 'none',
      dead: 'last',
      maxStreams: 60,
      maxPerResolution: 0,
      namesForAioStreams: false,
    });
    expect(DEFAULT_PREFERENCES).toEqual(preferencesForm.parse({}));
  });

  it('chosen - is kept, the rest has its default', () => {
    const chosen = { resolutions: ['1080p', 'other'], maxFilmBytes: 5e9, languages: ['fr'], excludedWords: [' x265 '] };
    expect(preferencesForm.parse(chosen)).toEqual({ ...DEFAULT_PREFERENCES, ...chosen, excludedWords: ['x265'] });
  });

  it('unknown fields - are dropped', () => {
    const sent: unknown = JSON.parse('{"colour":"green","__proto__":{"maxStreams":1},"hdr":"only"}');
    expect(preferencesForm.parse(sent)).toEqual({ ...DEFAULT_PREFERENCES, hdr: 'only' });
  });

  it.each([
    ['a resolution nobody has', { resolutions: ['999p'] }],
    ['a resolution alone', { resolutions: '1080p' }],
    ['no size', { maxFilmBytes: 0 }],
    ['half a byte', { maxEpisodeBytes: 1.5 }],
    ['a size as text', { maxFilmBytes: '5 GB' }],
    ['an endless bitrate', { maxBitrate: 1e11 }],
    ['an unknown quality', { excludedQualities: ['good'] }],
    ['an unknown codec', { excludedCodecs: ['h264'] }],
    ['an unknown rule for HDR', { hdr: 'always' }],
    ['an unknown rule for Dolby Vision', { dolbyVision: 'only' }],
    ['a language in words', { languages: ['French'] }],
    ['more languages than anybody speaks', { languages: Array.from({ length: 21 }, () => 'fr') }],
    ['an empty word', { excludedWords: ['  '] }],
    ['a word without a letter', { preferredWords: ['-'] }],
    ['a word as long as a text', { excludedWords: ['x'.repeat(61)] }],
    ['too many words', { excludedWords: Array.from({ length: 51 }, (_, n) => `w${n}`) }],
    ['an empty list', { maxStreams: 0 }],
    ['a list without end', { maxStreams: 501 }],
    ['fewer than none of a resolution', { maxPerResolution: -1 }],
    ['a yes in words', { readyFirst: 'yes' }],
    ['nothing at all', null],
    ['a list of preferences', []],
  ])('%s - is refused', (_what, sent) => {
    expect(preferencesForm.safeParse(sent).success).toBe(false);
  });
});
