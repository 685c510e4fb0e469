import { describe, expect, it } from '@jest/globals';
import { formatInstallUrl, formatManifestUrl } from '../../../addon/index.js';
import { formatPlayUrl, formatWebInstallUrl } from '../../../addon/links.js';

const caller = { origin: 'https://tv.example/headstart', addonKey: 'k' };
const play = (fileName: string, fileIndex: number | null = 0): string =>
  formatPlayUrl(caller, { sourceId: 's', fileIndex, fileName });

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
    expect(play('Film.mkv', null)).toMatch(/\/play\/s\/auto\/Film\.mkv$/);
  });
});
