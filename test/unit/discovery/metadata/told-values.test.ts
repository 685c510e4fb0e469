import { describe, expect, it } from '@jest/globals';
import { parseAirDate, parseRuntime, parseYears } from '../../../../backend/discovery/metadata/told-values.js';

describe('told values', () => {
  it.each([
    ['45 min', 45],
    ['112', 112],
    ['1h 52min', 112],
    ['1h52', 112],
    ['2 hours', 120],
    ['1 hr. 5 mins.', 65],
    ['45m', 45],
    ['1440 min', 1440],
    ['1441 min', null],
    ['0 min', null],
    ['', null],
    ['about an hour', null],
    ['45 min per episode', null],
  ])('runtime - %j is %j', (text, minutes) => {
    expect(parseRuntime(text)).toBe(minutes);
  });

  it.each([
    ['2008', { first: 2008, last: null }],
    ['2008-', { first: 2008, last: null }],
    ['2008–2013', { first: 2008, last: 2013 }],
    [' 2008 - 2013 ', { first: 2008, last: 2013 }],
    ['2008-2007', { first: 2008, last: null }],
    ['1492', null],
    ['2008-05-02', null],
    ['soon', null],
    ['', null],
  ])('years - %j are %j', (text, years) => {
    expect(parseYears(text)).toEqual(years);
  });

  it.each([
    ['2008-01-20', true, '2008-01-20'],
    ['2008-01-20T00:00:00.000Z', true, '2008-01-20'],
    ['2008-01-20T03:00:00.000Z', true, '2008-01-19'],
    ['2008-01-20T03:00:00.000Z', false, '2008-01-20'],
    ['2008-07-20T04:00:00.000Z', true, '2008-07-20'],
    ['2008-01-20T21:00:00Z', true, '2008-01-20'],
    ['2008-01-20T25:00:00Z', false, null],
    ['2008-13-20', false, null],
    ['0000-01-20', false, null],
    ['20 January 2008', false, null],
    ['', false, null],
  ])('air date - of %j, American: %j, is %j', (text, isAmerican, date) => {
    expect(parseAirDate(text, isAmerican)).toBe(date);
  });
});
