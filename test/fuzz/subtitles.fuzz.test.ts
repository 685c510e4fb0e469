// Subtitle files from anywhere: any bytes become text, any text becomes WebVTT that a player can read.

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeSubtitle, formatWebVtt } from '../../addon/subtitles/web-vtt.js';

const token = fc.constantFrom(
  '1',
  '00:00:01,5',
  ' --> ',
  '-->',
  '01:02.003',
  '\n',
  '\r\n',
  '\r',
  '\uFEFF',
  'é',
  'Hello',
  '<b>',
  '\0',
);
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(token, { maxLength: 40 }).map((parts) => parts.join('')),
);

describe('fuzz - subtitles', () => {
  it('decoder - any bytes are text', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        expect(typeof decodeSubtitle(bytes)).toBe('string');
      }),
      { numRuns: 1_000 },
    );
  });

  it('writer - begins as WebVTT, and an arrow stands in time lines only', () => {
    fc.assert(
      fc.property(
        text.filter((candidate) => !/^\uFEFF?WEBVTT/.test(candidate)),
        (candidate) => {
          const lines = formatWebVtt(candidate).split('\n');
          expect(lines[0]).toBe('WEBVTT');
          const arrows = lines.filter((line) => line.includes('-->'));
          expect(arrows.filter((line) => !/^\d{2,}:\d\d:\d\d\.\d{3} --> \d{2,}:\d\d:\d\d\.\d{3}$/.test(line))).toEqual(
            [],
          );
        },
      ),
      { numRuns: 1_000 },
    );
  });
});
