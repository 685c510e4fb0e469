import { describe, expect, it } from '@jest/globals';
import { findListedEpisode, findOwnListedFile } from '../../../../addon/subtitles/listed-episode.js';
import type { ListedFile } from '../../../../backend/storage/index.js';
import { makeRelease } from '../../../support/stremio-harness.js';

const titleId = 'tt0000005';
const files = (...names: readonly string[]): [string, number][] => names.map((name) => [name, 300]);
const both = {
  ...makeRelease('Show.S01-S02.GRP', files('S01E01.mkv', 'S01E02.mkv', 'S02E01.mkv', 'S02E02.mkv')),
  titleId,
};
const counted = {
  ...makeRelease('[Group] Show 1-4', files('Show - 01.mkv', 'Show - 02.mkv', 'Show - 03.mkv')),
  titleId,
};
const daily = { ...makeRelease('Show 2024', files('Show.2024.03.04.mkv', 'Show.2024.03.05.mkv')), titleId };

const row = (file: string, more: Partial<ListedFile> = {}): ListedFile => ({ sourceId: 'other', file, ...more });

describe('listed episode', () => {
  it.each([
    ['nothing was listed', both, [], 'S01E02.mkv'],
    ['its own file', both, [row('s1e2'), row('3', { sourceId: 'own' })], 'S02E02.mkv'],
    ['another release by its file', both, [row('3')], 'S01E02.mkv'],
    ['a file that it does not have', both, [row('9', { sourceId: 'own' })], 'S01E02.mkv'],
    ['by the season it counts', both, [row('s1e2r2', { sourceId: 'own' })], 'S02E02.mkv'],
    ['by another address, under its name', both, [row('s1e2r2', { releaseName: 'Show S01-S02 GRP' })], 'S02E02.mkv'],
    ['another release by the season it counts', both, [row('s1e2r2', { releaseName: 'Other' })], 'S01E02.mkv'],
    ['with the number counted through', counted, [row('9', { episode: { season: 1, episode: 2, absolute: 3 } })], '03'],
    ['with its day', daily, [row('9', { episode: { season: 1, episode: 2, airDate: '2024-03-05' } })], '03.05'],
    ['only its number, where there are days', daily, [], null],
  ])('%s - tells the file', (_what, release, listed, name) => {
    const file = findListedEpisode(release, { season: 1, episode: 2 }, { sourceId: 'own', listed });
    expect(file?.name.includes(name ?? '') ?? null).toBe(name === null ? null : true);
  });

  it.each([
    ['nothing', [], null],
    ['another release', [row('s1e2r2', { releaseName: 'Other' })], null],
    ['its own file', [row('3', { sourceId: 'own' })], 'S02E02.mkv'],
    ['a file that it does not have', [row('9', { sourceId: 'own' })], null],
    ['by the season it counts', [row('s1e2r2', { sourceId: 'own' })], 'S02E02.mkv'],
    ['by its numbers', [row('s1e2', { sourceId: 'own' })], 'S01E02.mkv'],
    ['by another address, under its name', [row('s1e2r2', { releaseName: 'Show S01-S02 GRP' })], 'S02E02.mkv'],
    ['a file of another address, under its name', [row('3', { releaseName: 'Show S01-S02 GRP' })], null],
  ])('what itself was listed with - %s: %j', (_what, listed, name) => {
    const file = findOwnListedFile(both, { season: 1, episode: 2 }, { sourceId: 'own', listed });
    expect(file?.name ?? null).toBe(name);
  });
});
