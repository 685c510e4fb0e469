import { describe, expect, it } from '@jest/globals';
import { findPlayedFile, parseToldFile, type ToldFile } from '../../../../addon/subtitles/played-file.js';
import type { KnownRelease } from '../../../../backend/discovery/index.js';
import { chooseFile } from '../../../../backend/naming/index.js';
import { makeRelease } from '../../../support/stremio-harness.js';

const titleId = 'tt0000005';
const small = {
  ...makeRelease(
    'The.Paper.Lantern.2021.720p-GRP',
    [
      ['Lantern.mkv', 700],
      ['Sample.mkv', 3],
    ],
    'a',
  ),
  titleId,
};
const large = { ...makeRelease('The.Paper.Lantern.2021.1080p-GRP', [['Lantern.mkv', 900]], 'b'), titleId };
const again = { ...makeRelease('The Paper Lantern (2021)', [['lantern-final.mp4', 900]], 'c'), titleId };
const pack = {
  ...makeRelease('Harbour.Lights.S01.1080p-GRP', [
    ['Harbour.Lights.S01E01.mkv', 500],
    ['Harbour.Lights.S01E02.mkv', 600],
  ]),
  titleId,
};
const filmIn = ({ files }: KnownRelease) => chooseFile(files);
const hash = '0123456789abcdef';
const nothing: ToldFile = { name: null, sizeBytes: null, videoHash: null };
const hashOf = (contentId: string): string | null => (contentId === again.contentId ? hash : null);

describe('played file', () => {
  it.each<[string, Partial<ToldFile>, string | null]>([
    ['hash', { videoHash: hash, name: 'other.mkv' }, '(2021)/lantern-final.mp4'],
    ['hash of another size', { videoHash: hash, sizeBytes: 5 }, null],
    [
      'unknown hash, known name',
      { videoHash: 'f'.repeat(16), name: 'Lantern.mkv', sizeBytes: 900 },
      '1080p-GRP/Lantern.mkv',
    ],
    ['name and size', { name: 'Lantern.mkv', sizeBytes: 700 }, '720p-GRP/Lantern.mkv'],
    ['name alone: the one used last', { name: 'Lantern.mkv' }, '720p-GRP/Lantern.mkv'],
    ['name of a lesser file', { name: 'Sample.mkv' }, '720p-GRP/Sample.mkv'],
    ['name of another size', { name: 'Lantern.mkv', sizeBytes: 5 }, null],
    ['name of nothing here', { name: 'Harbour.mkv', sizeBytes: 900 }, null],
    ['name of the release', { name: 'The.Paper.Lantern.2021.1080p-GRP' }, '1080p-GRP/Lantern.mkv'],
    [
      'name of the release, as others write it',
      { name: 'the paper lantern 2021 1080p grp.mkv' },
      '1080p-GRP/Lantern.mkv',
    ],
    ['size of one', { sizeBytes: 700 }, '720p-GRP/Lantern.mkv'],
    ['size of two', { sizeBytes: 900 }, null],
    ['nothing', {}, null],
  ])('%s - is told', (_what, told, found) => {
    const played = findPlayedFile([small, large, again], { ...nothing, ...told }, { hashOf, chosenIn: filmIn });
    const path = played === null ? null : `${played.release.name}/${played.file.path}`;
    expect(path?.endsWith(found ?? '') ?? null).toBe(found === null ? null : true);
  });

  it('a single release - is meant where nothing is told', () => {
    expect(findPlayedFile([large], nothing, { hashOf, chosenIn: filmIn })?.file.name).toBe('Lantern.mkv');
    expect(findPlayedFile([], nothing, { hashOf, chosenIn: filmIn })).toBeNull();
  });

  it('a pack - is asked for the episode, unless the player names another file', () => {
    const chosenIn = ({ files }: KnownRelease) => chooseFile(files, { episode: { season: 1, episode: 2 } });
    const options = { hashOf, chosenIn };
    const nameOf = (told: Partial<ToldFile>): string | undefined =>
      findPlayedFile([pack], { ...nothing, ...told }, options)?.file.name;
    expect(nameOf({})).toBe('Harbour.Lights.S01E02.mkv');
    expect(nameOf({ name: 'Harbour.Lights.S01.1080p-GRP' })).toBe('Harbour.Lights.S01E02.mkv');
    expect(nameOf({ name: 'Harbour.Lights.S01E01.mkv' })).toBe('Harbour.Lights.S01E01.mkv');
  });

  it.each([
    [{}, nothing],
    [
      { filename: 'a&b.mkv', videoSize: '5', videoHash: hash.toUpperCase() },
      { name: 'a&b.mkv', sizeBytes: 5, videoHash: hash },
    ],
    [{ filename: '', videoSize: '0', videoHash: '' }, nothing],
    [{ filename: ['a', 'b'], videoSize: ['1', '2'], videoHash: [hash] }, nothing],
    [{ videoSize: '1e5', videoHash: hash.slice(1) }, nothing],
    [{ videoSize: '9'.repeat(30), videoHash: `${hash}0` }, nothing],
  ])('extras %j - tell %j', (extra, told) => {
    expect(parseToldFile(extra)).toEqual(told);
  });
});
