// Subtitle files from anywhere: any bytes become text, any text becomes WebVTT that a player can read.

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parse } from 'node:querystring';
import { findPlayedFile, parseToldFile } from '../../addon/subtitles/played-file.js';
import { parseSubStationAlpha } from '../../addon/subtitles/sub-station-alpha.js';
import { decodeSubtitle, formatWebVtt } from '../../addon/subtitles/web-vtt.js';
import { makeRelease } from '../support/stremio-harness.js';

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

const order = fc.constantFrom(
  ...[
    '{',
    '}',
    '\\',
    'i1',
    'i0',
    'p1',
    'p0',
    'r',
    '\\N',
    '\\h',
    ',',
    '\n',
    '\r',
    'a',
    '<i>',
    '&',
    '-->',
    '\0',
    '\u2028',
  ],
);
const start = 'Dialogue: 0,0:00:01.00,0:00:02.50,Default,,0,0,0,,';
const event = fc.constantFrom(
  ...[start, 'Dialogue:', 'Format: Start, End, Text', 'Format:', '[Events]', '[Fonts]', '0:00:01.00', '999:99:99.999'],
);
const script = fc
  .array(fc.oneof(event, order, order, order), { maxLength: 60 })
  .map((parts) => `[Script Info]\n[Events]\n${parts.join('')}`);

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

  it('SubStation Alpha - any text is cues in order, each a block that no line of text can break', () => {
    fc.assert(
      fc.property(fc.oneof(script, text), (candidate) => {
        const cues = parseSubStationAlpha(candidate);
        expect(cues.map(({ startMs }) => startMs)).toEqual(cues.map(({ startMs }) => startMs).sort((a, b) => a - b));
        for (const cue of cues) {
          expect(cue.endMs).toBeGreaterThan(cue.startMs);
          expect(cue.text.replaceAll(/<\/?i>/g, '')).not.toMatch(/[<>\r\0]|^\n|\n\n|\n$|^$/);
          expect(cue.text.split('<i>')).toHaveLength(cue.text.split('</i>').length);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('writer - SubStation Alpha has as many time lines as cues', () => {
    fc.assert(
      fc.property(script, (candidate) => {
        const arrows = formatWebVtt(candidate)
          .split('\n')
          .filter((line) => line.includes('-->'));
        expect(arrows).toHaveLength(parseSubStationAlpha(candidate).length);
        expect(arrows.every((line) => /^\d{2,}:\d\d:\d\d\.\d{3} --> \d{2,}:\d\d:\d\d\.\d{3}$/.test(line))).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  it('extras - whatever a player tells, the file is one of the title or none', () => {
    const release = { ...makeRelease('The.Paper.Lantern', [['Lantern.mkv', 7]]), titleId: null };
    const part = fc.constantFrom(
      'filename=',
      'videoSize=',
      'videoHash=',
      '&',
      '7',
      'Lantern.mkv',
      '%26',
      '%ZZ',
      '__proto__=',
    );
    const extra = fc.oneof(
      text,
      fc.array(part).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(extra, (candidate) => {
        const told = parseToldFile(parse(candidate));
        const played = findPlayedFile([release], told, {
          hashOf: () => null,
          chosenIn: () => release.files[0] ?? null,
        });
        expect([null, release.files[0]]).toContain(played?.file ?? null);
      }),
      { numRuns: 1_000 },
    );
  });
});
