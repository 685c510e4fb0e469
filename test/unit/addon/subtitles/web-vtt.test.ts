import { describe, expect, it } from '@jest/globals';
import { languageOf } from '../../../../addon/subtitles/languages.js';
import { decodeSubtitle, formatWebVtt } from '../../../../addon/subtitles/web-vtt.js';

describe('web vtt', () => {
  it('srt - times take the form of WebVTT, text stays', () => {
    const srt =
      '\uFEFF1\r\n00:00:01,5 --> 00:00:02,500\r\n<i>One</i>\r\n\r\n2\r\n01:02,000 --> 1:02:03,000 X1:5\r\nTwo --> three\r\n';
    expect(formatWebVtt(srt)).toBe(
      'WEBVTT\n\n1\n00:00:01.500 --> 00:00:02.500\n<i>One</i>\n\n2\n00:01:02.000 --> 01:02:03.000\nTwo → three\n',
    );
  });

  it('vtt - stays what it is', () => {
    expect(formatWebVtt('WEBVTT - x\r\n\r\n00:01.000 --> 00:02.000\r\na')).toBe(
      'WEBVTT - x\n\n00:01.000 --> 00:02.000\na\n',
    );
  });

  it('encodings - UTF-8, UTF-16 by its mark, and what the West wrote before', () => {
    expect(decodeSubtitle(Buffer.from('ça', 'utf8'))).toBe('ça');
    expect(decodeSubtitle(Buffer.from('\uFEFFça', 'utf16le'))).toBe('ça');
    expect(decodeSubtitle(Buffer.from('\uFEFFça', 'utf16le').swap16())).toBe('ça');
    expect(decodeSubtitle(Buffer.from('ça', 'latin1'))).toBe('ça');
  });

  it.each([
    ['en', 'eng'],
    ['pt-br', 'pob'],
    ['German', 'ger'],
    ['en.forced', 'eng'],
    ['2_english', 'eng'],
    ['', 'und'],
    ['xx', 'und'],
  ])('language - %p is %s', (tag, language) => {
    expect(languageOf(tag)).toBe(language);
  });
});
