import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { formatHttpDate, parseHttpDate } from '../../../backend/delivery/http-date.js';

describe('http date', () => {
  // The three spellings of one moment in RFC 9110 §5.6.7.
  it.each(['Sun, 06 Nov 1994 08:49:37 GMT', 'Sunday, 06-Nov-94 08:49:37 GMT', 'Sun Nov  6 08:49:37 1994'])(
    'http date - reads "%s"',
    (text) => expect(parseHttpDate(text)).toBe(Date.UTC(1994, 10, 6, 8, 49, 37)),
  );

  it.each([
    '',
    'tomorrow',
    '1994-11-06T08:49:37Z',
    'Sun, 06 Nov 1994 08:49:37',
    'Sun, 06 Nov 1994 08:49:37 CET',
    'Sun, 31 Feb 1994 08:49:37 GMT',
    'Sun, 06 Foo 1994 08:49:37 GMT',
    'Sun, 06 Nov 1994 24:00:00 GMT',
    'Sun, 6 Nov 1994 08:49:37 GMT',
    '784111777',
  ])('http date - "%s" is none', (text) => expect(parseHttpDate(text)).toBeNull());

  it('http date - two digits mean the years around our own', () => {
    expect(parseHttpDate('Sunday, 06-Nov-69 00:00:00 GMT')).toBe(Date.UTC(2069, 10, 6));
    expect(parseHttpDate('Sunday, 06-Nov-70 00:00:00 GMT')).toBe(Date.UTC(1970, 10, 6));
  });

  it('http date - what is written is read again', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_000_000_000 }), (seconds) => {
        expect(parseHttpDate(formatHttpDate(seconds * 1000))).toBe(seconds * 1000);
      }),
    );
  });
});
