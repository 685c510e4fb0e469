import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import type { EpisodeWish, ReleaseFile } from '../../../backend/content/index.js';
import { chooseFile } from '../../../backend/naming/index.js';

type Case = [release: string, wish: string, expected: string, files: readonly ReleaseFile[]];

const table = readFileSync(new URL('../../fixtures/names/packs.txt', import.meta.url), 'utf8');
const cases = table
  .split('\n\n')
  .map((block) => block.split('\n').filter((line) => line !== '' && !line.startsWith('#')))
  .flatMap(([release = '', ...lines]): Case[] => {
    const files = lines.filter((line) => line.startsWith('  ')).flatMap(filesOf);
    const indexed = files.map((file, index) => ({ ...file, index }));
    return lines
      .filter((line) => !line.startsWith('  '))
      .map((line) => {
        const [wish = '', expected = ''] = line.split(' > ');
        return [release, wish, expected, indexed];
      });
  });

function filesOf(line: string): ReleaseFile[] {
  const [, megabytes, template = ''] = /^ +(\d+) (.*)$/.exec(line) ?? [];
  return expand(template).map((path) => {
    const name = path.split('/').at(-1) ?? path;
    return { index: 0, path, name, sizeBytes: Number(megabytes) * 1_000_000, isPadding: false };
  });
}

function expand(template: string): string[] {
  const [span, from = '', to = ''] = /\{(\d+)\.\.(\d+)\}/.exec(template) ?? [];
  if (span === undefined) return [template];
  const count = Number(to) - Number(from) + 1;
  return Array.from({ length: count }, (_, n) =>
    template.replace(span, String(Number(from) + n).padStart(from.length, '0')),
  );
}

function wishOf(text: string): { episode?: EpisodeWish } {
  const [, season, episode, absolute, airDate, releaseSeason] =
    /^S(\d+)E(\d+)(?: =(\d+))?(?: (\d\S+))?(?: in S(\d+))?$/.exec(text) ?? [];
  if (season === undefined) return {};
  const more = {
    ...(absolute === undefined ? {} : { absolute: Number(absolute) }),
    ...(airDate === undefined ? {} : { airDate }),
    ...(releaseSeason === undefined ? {} : { releaseSeason: Number(releaseSeason) }),
  };
  return { episode: { season: Number(season), episode: Number(episode), ...more } };
}

describe('files of packs', () => {
  it.each(cases)('choose file - %s, %s: %s', (_release, wish, expected, files) => {
    expect(chooseFile(files, wishOf(wish))?.path ?? 'none').toBe(expected);
  });

  it('choose file - the table is as large as it claims', () => {
    expect(cases.length).toBeGreaterThanOrEqual(60);
  });
});
