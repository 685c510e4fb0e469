import { describe, expect, it } from '@jest/globals';
import { formatInstallUrl, formatManifestUrl } from '../../../addon/index.js';
import fc from 'fast-check';
import { formatPlayUrl, formatWebInstallUrl, parsePlayFile, type PlayFile } from '../../../addon/links.js';

const caller = { origin: 'https://tv.example/headstart', addonKey: 'k' };
const play = (fileName: string, file: PlayFile = { index: 0 }): string =>
  formatPlayUrl(caller, { sourceId: 's', file, fileName });

describe('links', () => {
  it('install - begin with the caller’s origin and prefix', () => {
    expect(formatManifestUrl(caller)).toBe('https://tv.example/headstart/stremio/k/manifest.json');
    expect(formatInstallUrl(caller)).toBe('stremio://tv.example/headstart/stremio/k/manifest.json');
    expect(formatWebInstallUrl(caller)).toMatch(/#\/addons\?addon=https%3A%2F%2Ftv\.example%2Fheadstart/);
  });

  it('play - ends in one segment, whatever the name holds', () => {
    expect(play('a/b\\c?d#e%f.mkv')).toBe('https://tv.example/headstart/stremio/k/play/s/0/a_b_c%3Fd%23e%25f.mkv');
    expect(play('\ud800.mkv')).toMatch(/\/_\.mkv$/);
    for (const name of ['', '.', '..']) expect(new URL(play(name)).pathname).toMatch(/\/play\/s\/0\/video$/);
  });

  it('play - says auto where the file is not known', () => {
    expect(play('Film.mkv', { index: null, episode: null })).toMatch(/\/play\/s\/auto\/Film\.mkv$/);
  });

  it('play - says which episode where the file is not known, so that two episodes of a pack are two addresses', () => {
    const episode = { season: 2, episode: 5, absolute: 17, airDate: '2024-03-05', releaseSeason: 3 };
    expect(play('Show.mkv', { index: null, episode: { season: 2, episode: 5 } })).toMatch(/\/s\/s2e5\/Show\.mkv$/);
    expect(play('Show.mkv', { index: null, episode })).toMatch(/\/s\/s2e5a17d2024-03-05r3\/Show\.mkv$/);
    expect(parsePlayFile('s2e5a17d2024-03-05r3')).toEqual({ index: null, episode });
    expect(parsePlayFile('s2e5a17')).toEqual({ index: null, episode: { season: 2, episode: 5, absolute: 17 } });
  });

  it('play - what was written is read back, anything else is refused', () => {
    const number = fc.nat({ max: 999_999_999 });
    const file = fc.oneof(
      fc.record({ index: number }),
      fc.constant({ index: null, episode: null }),
      fc.record({
        index: fc.constant(null),
        episode: fc.record(
          { season: number, episode: number, absolute: number, releaseSeason: number },
          { requiredKeys: ['season', 'episode'] },
        ),
      }),
    );
    fc.assert(
      fc.property(file, (meant) => {
        const [, written = ''] = /\/play\/s\/([^/]+)\//.exec(play('x.mkv', meant)) ?? [];
        expect(parsePlayFile(written)).toEqual(meant);
      }),
    );
    fc.assert(
      fc.property(fc.string(), (text) => /^(?:auto|\d{1,9}|s\d.*)$/.test(text) || parsePlayFile(text) === null),
    );
    for (const odd of ['', '-1', '1.5', 's1', 'e1', 's1e', 's1e2x', 'AUTO', '1234567890']) {
      expect(parsePlayFile(odd)).toBeNull();
    }
  });
});
