// Scrapes over HTTP: addresses and answers.

import { describe, expect, it } from '@jest/globals';
import bencode from 'bencode';
import { formatScrapeUrl, parseScrapeAnswer } from '../../../../../backend/engines/torrent/scrape/http-scrape.js';
import { infoHashOf } from '../../../../support/candidates.js';

/** With bytes that other encodings of text would mix up. */
const known = infoHashOf('80819f00ff25');
const other = infoHashOf('b2');

describe('the address of a scrape', () => {
  it.each([
    ['http://t.example/announce', 'http://t.example/scrape?'],
    ['https://t.example/x/announce.php?key=1', 'https://t.example/x/scrape.php?key=1&'],
    ['http://t.example/announce?x2%0644', 'http://t.example/scrape?x2%0644&'],
    ['http://t.example:81/a/announce/', null],
    ['http://t.example/x%064announce', null],
    ['http://t.example/', null],
  ])('%s - is %s', (tracker, start) => {
    const url = formatScrapeUrl(tracker, [known, other]);
    const expected = [known, other].map((infoHash) => `info_hash=${infoHash.replace(/../g, '%$&')}`).join('&');
    expect(url).toBe(start === null ? null : `${start}${expected}`);
  });
});

describe('the answer to a scrape', () => {
  const answerOf = (files: readonly (readonly [string, object])[]): Uint8Array =>
    Buffer.concat([
      Buffer.from('d5:filesd'),
      ...files.flatMap(([infoHash, numbers]) => [
        Buffer.from('20:'),
        Buffer.from(infoHash, 'hex'),
        bencode.encode(numbers),
      ]),
      Buffer.from('ee'),
    ]);

  it('a known torrent - has the counted; one that is not known has nobody', () => {
    const answer = answerOf([[known, { complete: 5, downloaded: 9, incomplete: 2 }]]);
    expect([...parseScrapeAnswer(answer, [known, other])]).toEqual([
      [known, { seeders: 5, leechers: 2 }],
      [other, { seeders: 0, leechers: 0 }],
    ]);
  });

  it('numbers below zero and words - count as nobody', () => {
    const answer = answerOf([[known, { complete: -5, incomplete: 'many' }]]);
    expect(parseScrapeAnswer(answer, [known]).get(known)).toEqual({ seeders: 0, leechers: 0 });
  });

  it.each([
    ['a page', Buffer.from('<html></html>')],
    ['nothing', new Uint8Array()],
    ['a refusal', bencode.encode({ 'failure reason': 'no scrape here' })],
    ['an answer that ends early', answerOf([[known, { complete: 5 }]]).subarray(0, 30)],
    ['files that are none', bencode.encode({ files: 5 })],
    ['a torrent that is none', answerOf([[known, []]])],
  ])('%s - is refused', (_what, answer) => {
    expect(() => parseScrapeAnswer(answer, [known])).toThrow(expect.objectContaining({ code: 'PROTOCOL' }));
  });
});
