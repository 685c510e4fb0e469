import { describe, expect, it } from '@jest/globals';
import { exampleOf } from '../../../../addon/pages/example-releases.js';
import { previewList } from '../../../../addon/pages/list-preview.js';
import { DEFAULT_PREFERENCES, type Preferences } from '../../../../manifest/index.js';

const withThese = (changes: Partial<Preferences>): Preferences => ({ ...DEFAULT_PREFERENCES, ...changes });

describe('list preview', () => {
  it('defaults - what plays at once is first, what is dead is last, what was filmed in a cinema is left out', () => {
    const { streams, leftOut } = previewList(DEFAULT_PREFERENCES, 'film');
    expect(streams[0]?.name).toBe('Headstart ⚡\n1080p');
    expect(streams[0]?.description).toBe(
      'The.Paper.Lantern.2019.1080p.WEB-DL.H264.AAC2.0-LAMP\n💾 4.30 GB 👤 41 🔍 Library\nWEB-DL · H.264 · AAC',
    );
    expect(streams.at(-1)?.description).toContain('❌ articles missing');
    expect(leftOut).toEqual([{ release: 'The.Paper.Lantern.2019.1080p.TELESYNC.x264-WAVE', reason: 'quality' }]);
  });

  it.each([
    [{ resolutions: ['2160p'] }, 'resolution'],
    [{ maxFilmBytes: 2e9 }, 'too large'],
    [{ maxBitrate: 5e6 }, 'bitrate too high'],
    [{ excludedCodecs: ['hevc'] }, 'codec'],
    [{ hdr: 'only' }, 'HDR'],
    [{ dolbyVision: 'withFallback' }, 'Dolby Vision'],
    [{ languages: ['en'], onlyLanguages: true }, 'language'],
    [{ excludedWords: ['atmos'] }, 'words in the name'],
    [{ dead: 'hidden' }, 'does not play'],
    [{ maxStreams: 1 }, 'enough better ones are listed'],
    [{ maxPerResolution: 1 }, 'enough better ones are listed'],
  ] satisfies [Partial<Preferences>, string][])('%j - leaves out with the reason “%s”', (changes, reason) => {
    const { leftOut } = previewList(withThese(changes), 'film');
    expect(leftOut.map((one) => one.reason)).toContain(reason);
  });

  it('any preferences - show each release of the example once, listed or left out', () => {
    for (const kind of ['film', 'episode'] as const) {
      const { candidates } = exampleOf(kind);
      const { streams, leftOut } = previewList(withThese({ maxPerResolution: 1, hdr: 'never' }), kind);
      const shown = [
        ...streams.map(({ description }) => description.split('\n')[0]),
        ...leftOut.map((one) => one.release),
      ];
      expect(shown.sort()).toEqual(candidates.map(({ releaseName }) => releaseName).sort());
    }
  });

  it('episode - is held against the size of episodes, not of films', () => {
    const tooLarge = (changes: Partial<Preferences>): number =>
      previewList(withThese(changes), 'episode').leftOut.filter(({ reason }) => reason === 'too large').length;
    expect([tooLarge({ maxFilmBytes: 1 }), tooLarge({ maxEpisodeBytes: 5e9 })]).toEqual([0, 3]);
  });

  it('names for AIOStreams - mark what is on Usenet', () => {
    const { streams } = previewList(withThese({ namesForAioStreams: true }), 'film');
    expect(streams.filter(({ name }) => name.startsWith('Headstart [AM⏳]'))).toHaveLength(4);
  });
});
