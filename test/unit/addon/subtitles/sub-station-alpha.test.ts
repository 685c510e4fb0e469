import { describe, expect, it } from '@jest/globals';
import { isSubStationAlpha, parseSubStationAlpha } from '../../../../addon/subtitles/sub-station-alpha.js';
import { formatWebVtt } from '../../../../addon/subtitles/web-vtt.js';

const dialogue = (text: string, times = '0:00:01.00,0:00:02.50'): string =>
  `Dialogue: 0,${times},Default,,0,0,0,,${text}`;
const script = (...lines: readonly string[]): string =>
  ['[Script Info]', 'Title: Harbour Lights', '', '[Events]', ...lines].join('\r\n');
const textsOf = (text: string): string[] => parseSubStationAlpha(text).map((cue) => cue.text);

describe('sub station alpha', () => {
  it.each([
    ['[Script Info]\nTitle: x', true],
    ['\uFEFF\r\n[script info]', true],
    ['[V4+ Styles]', true],
    ['[Events]', true],
    ['1\n00:00:01,000 --> 00:00:02,000\n[Events]', false],
    ['WEBVTT\n\n[Script Info]', false],
    ['', false],
  ])('telling it apart - %j: %s', (text, isOne) => {
    expect(isSubStationAlpha(text)).toBe(isOne);
  });

  it.each([
    ['Good evening, all', 'Good evening, all'],
    ['One\\NTwo\\nThree', 'One\nTwo\nThree'],
    ['One\\N\\N  \\NTwo', 'One\nTwo'],
    ['One\\hTwo', 'One\u00A0Two'],
    ['{\\an8}{\\fad(200,200)\\pos(3,4)}Up here', 'Up here'],
    ['{\\i1}Far away{\\i0} and near', '<i>Far away</i> and near'],
    ['{\\b1\\i1}Far\\NAway', '<i>Far</i>\n<i>Away</i>'],
    ['{\\i1}Far{\\r}near', '<i>Far</i>near'],
    ['{\\i1}{\\i0}', null],
    ['{\\p1}m 0 0 l 10 10{\\p0}Text', 'Text'],
    ['{\\p4}m 0 0 l 10 10', null],
    ['{\\pbo20}Text', 'Text'],
    ['a < b & c --> d', 'a &lt; b &amp; c --&gt; d'],
    ['<script>', '&lt;script&gt;'],
    ['A { bracket', 'A { bracket'],
    ['Cut {\\pos(1', 'Cut'],
    ['A note {for whoever writes}here', 'A note here'],
    ['Bell\u0007', 'Bell'],
    ['', null],
  ])('text - %j is read as %j', (text, read) => {
    expect(textsOf(script(dialogue(text)))).toEqual(read === null ? [] : [read]);
  });

  it.each([
    ['0:00:01.00,0:00:02.50', [1_000, 2_500]],
    ['1:02:03.4,1:02:03.456', [3_723_400, 3_723_456]],
    ['0:00:01:00, 0:00:02,5', null],
    ['0:00:02.00,0:00:02.00', null],
    ['0:00:03.00,0:00:02.00', null],
    ['now,later', null],
  ])('times - %s', (times, read) => {
    const cues = parseSubStationAlpha(script(dialogue('x', times)));
    expect(cues.map(({ startMs, endMs }) => [startMs, endMs])).toEqual(read === null ? [] : [read]);
  });

  it('fields - stand where the file says they do; without a word of it, where they always stand', () => {
    const format = 'Format: Start, Text, End\nFormat: Marked, End, Start, Text';
    expect(parseSubStationAlpha(script(format, 'Dialogue: Marked=0,0:00:05.00,0:00:04.00,a, b'))).toEqual([
      { startMs: 4_000, endMs: 5_000, text: 'a, b' },
    ]);
    expect(textsOf(script('Dialogue: 0,0:00:05.00'))).toEqual([]);
  });

  it('lines - only dialogue of the events is read, each once, in order', () => {
    const text = script(
      dialogue('Later', '0:00:03.00,0:00:04.00'),
      'Comment: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,for nobody',
      dialogue('{\\bord3}Sooner'),
      dialogue('Sooner'),
      '[Fonts]',
      dialogue('Not an event'),
    );
    expect(textsOf(text)).toEqual(['Sooner', 'Later']);
  });

  it('length - what was made to be endless is cut, in little time', () => {
    const brackets = script(...Array.from({ length: 40 }, () => dialogue('{'.repeat(100_000))));
    const many = script(...Array.from({ length: 30_000 }, (_, at) => dialogue(String(at))));
    expect(textsOf(brackets)).toEqual(['{'.repeat(2_000)]);
    expect(parseSubStationAlpha(many)).toHaveLength(20_000);
  });

  it('WebVTT - is what comes of it', () => {
    expect(formatWebVtt(script(dialogue('One\\NTwo'), dialogue('{\\i1}Late', '1:01:01.05,100:00:00.00')))).toBe(
      'WEBVTT\n\n00:00:01.000 --> 00:00:02.500\nOne\nTwo\n\n01:01:01.050 --> 100:00:00.000\n<i>Late</i>\n',
    );
    expect(formatWebVtt('[Script Info]')).toBe('WEBVTT\n');
  });
});
