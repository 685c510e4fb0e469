import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { fitRelease } from '../../../backend/naming/index.js';
import { wishedTitles } from './wished-titles.js';

const table = readFileSync(new URL('../../fixtures/names/releases.txt', import.meta.url), 'utf8');
const cases = table
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => /^(\S+) +(\S+) +(.*)$/.exec(line)?.slice(1) as [key: string, expected: string, name: string]);

function answerOf(key: string, name: string): string {
  const title = wishedTitles[key];
  if (title === undefined) throw new Error(`No title ${key}`);
  const fit = fitRelease(name, title);
  if (!fit.fits) return fit.because;
  const season = fit.releaseSeason === undefined ? '' : `:S${fit.releaseSeason}`;
  return `${fit.isPack ? 'pack' : 'fits'}${season}`;
}

describe('fit release', () => {
  it.each(cases)('fit release - for %s, what a viewer says is %s: %s', (key, expected, name) => {
    expect(answerOf(key, name)).toBe(expected);
  });

  it('fit release - the table is as large as it claims', () => {
    expect(cases.length).toBeGreaterThanOrEqual(300);
  });
});
