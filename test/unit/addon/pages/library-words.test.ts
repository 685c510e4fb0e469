// The sentences of the library's script, which browsers load as it is.

import { beforeAll, describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

interface Words {
  size(bytes: number): string;
  sizesSentence(item: object): string;
  timesSentence(item: object, now: number): string;
  healthOf(item: object): { text: string; isGood: boolean | null };
  factsSentence(file: object): string;
}

const MINUTE_MS = 60_000;
const NOW = Date.UTC(2030, 0, 1);

describe('library words', () => {
  let words: Words;

  beforeAll(async () => {
    const file = join(process.cwd(), 'addon/pages/assets/library-words.js');
    words = (await import(pathToFileURL(file).href)) as Words;
  });

  it.each([
    [0, '0 KB'],
    [1, '1 KB'],
    [1_500_000, '2 MB'],
    [8_204_000_000, '8.20 GB'],
  ])('size - %d bytes are %s', (bytes, text) => {
    expect(words.size(bytes)).toBe(text);
  });

  it.each([
    [{ kind: 'nzb', diskBytes: 5e8 }, '2.00 GB, 500 MB on disk'],
    [{ kind: 'torrent', diskBytes: 0 }, '2.00 GB, nothing on disk'],
    [{ kind: 'nzb', diskBytes: null }, '2.00 GB'],
    [{ kind: 'http', diskBytes: 0 }, '2.00 GB, played from where it is'],
  ])('sizes - %j', (item, sentence) => {
    expect(words.sizesSentence({ sizeBytes: 2e9, ...item })).toBe(sentence);
  });

  it.each([
    [null, 0, 'Not played yet · added just now'],
    [5, 180, 'Played 5 minutes ago · added 3 hours ago'],
    [1500, 1440 * 9, 'Played 25 hours ago · added 9 days ago'],
  ])('times - played %p minutes ago, added %d', (played, added, sentence) => {
    const item = { playedAt: played === null ? null : NOW - played * MINUTE_MS, addedAt: NOW - added * MINUTE_MS };
    expect(words.timesSentence(item, NOW)).toBe(sentence);
  });

  const articles = { articles: 1000, checked: 1000, missing: 0, holes: 0, bytes: 0 };
  const peers = (connected: number): object => ({ state: 'live', error: null, peers: { connected } });
  it.each([
    ['nzb', null, '', null],
    ['nzb', articles, 'Ready', true],
    ['nzb', { ...articles, checked: 0 }, '', null],
    ['nzb', { ...articles, missing: 1 }, '99.9 % of 1000 articles', false],
    ['nzb', { ...articles, checked: 10, missing: 1 }, '90 % of 10 checked articles', false],
    ['nzb', { ...articles, holes: 1 }, '1 gap', false],
    ['torrent', peers(0), '0 peers', null],
    ['torrent', peers(1), '1 peer', true],
    ['torrent', { state: 'paused', error: null, peers: { connected: 0 } }, 'Paused', null],
    ['torrent', { state: 'error', error: 'The disk is full.', peers: { connected: 0 } }, 'The disk is full.', false],
  ])('health - %s %j', (kind, health, text, isGood) => {
    expect(words.healthOf({ kind, status: 'completed', health })).toEqual({ text, isGood });
  });

  it('facts - what is in a file, as far as anybody looked', () => {
    const media = {
      container: 'matroska',
      durationSeconds: 5_430,
      video: { codec: 'hevc', width: 3840, height: 2160, hdr: 'DV', frameRate: 24 },
      audio: [
        { codec: 'eac3', channels: 6, language: 'eng' },
        { codec: 'aac', channels: 2, language: 'ger' },
      ],
      subtitles: [{}, {}],
    };
    expect(words.factsSentence({ sizeBytes: 2e9, media: null })).toBe('2.00 GB');
    expect(words.factsSentence({ sizeBytes: 2e9, media })).toBe(
      '2.00 GB · 1 h 31 min · 3840×2160 HEVC DV · EAC3 5.1 · eng, ger · 2 subtitles',
    );
    for (const [durationSeconds, text] of [
      [0.2, '1 s'],
      [30.4, '30 s'],
      [119, '119 s'],
      [120, '2 min'],
    ] as const) {
      expect(words.factsSentence({ sizeBytes: 2e9, media: { ...media, durationSeconds } })).toContain(`GB · ${text} ·`);
    }
    const bare = { container: 'avi', durationSeconds: null, video: null, audio: [], subtitles: [] };
    expect(words.factsSentence({ sizeBytes: 2e9, media: bare })).toBe('2.00 GB');
  });
});
