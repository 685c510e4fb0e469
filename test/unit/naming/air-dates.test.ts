import { describe, expect, it } from '@jest/globals';
import { readDates } from '../../../backend/naming/air-dates.js';

describe('air dates', () => {
  it.each([
    ['Show.2024.03.05.720p', ['2024-03-05']],
    ['Show 2024-03-05', ['2024-03-05']],
    ['Show_2024_03_05', ['2024-03-05']],
    ['Show.20240305.720p', ['2024-03-05']],
    ['Show 05.03.2024', ['2024-03-05']],
    ['Show 03.25.2024', ['2024-03-25']],
    ['Show 2024.03.05 2024.03.06', ['2024-03-05', '2024-03-06']],
    ['Show 2024.13.05', []],
    ['Show 2024.00.05', []],
    ['Show 2024.03-05', []],
    ['Show 2024 1080p', []],
    ['Show 120240305', []],
    ['', []],
  ])('air dates - %s', (text, expected) => {
    expect(readDates(text).map(({ date }) => date)).toEqual(expected);
  });
});
