import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatContentId, parseStremioId } from '../../../manifest/index.js';

const HASH = '08ada5a7a6183aae1e09d831df6748d566095a10';
const title = (titleId: string, season: number | null = null, episode: number | null = null): object => ({
  kind: 'title',
  titleId,
  season,
  episode,
});

describe('stremio id', () => {
  it.each([
    ['tt1254207', title('tt1254207')],
    ['tt0903747:1:2', title('tt0903747', 1, 2)],
    ['tt0903747%3A1%3A2', title('tt0903747', 1, 2)],
    ['tmdb:1396', title('tmdb:1396')],
    ['tmdb:1396:0:12', title('tmdb:1396', 0, 12)],
    ['tvdb:81189:5:1', title('tvdb:81189', 5, 1)],
    ['kitsu:7442', title('kitsu:7442')],
    ['kitsu:7442:25', title('kitsu:7442', null, 25)],
    [`headstart:${HASH}`, { kind: 'content', contentId: HASH, fileIndex: null }],
    [`headstart%3A${HASH}%3A3`, { kind: 'content', contentId: HASH, fileIndex: 3 }],
    [`headstart:${'0'.repeat(64)}`, { kind: 'content', contentId: '0'.repeat(64), fileIndex: null }],
  ])('parse - reads %s', (text, expected) => {
    expect(parseStremioId(text)).toEqual(expected);
  });

  it.each([
    '',
    'tt',
    'tt1:2',
    'tt1:1:2:3',
    'tt1:a:b',
    'kitsu:1:2:3',
    'imdb:tt1',
    'headstart:xyz',
    `headstart:${HASH.toUpperCase()}`,
    '%',
    'tt1%',
    'TT1',
  ])('parse - knows nothing of %p', (text) => {
    expect(parseStremioId(text)).toBeNull();
  });

  it('parse - never throws, whatever it is fed', () => {
    fc.assert(fc.property(fc.string({ maxLength: 300, unit: 'binary' }), (text) => parseStremioId(text) !== undefined));
  });

  it('format - is what parse reads', () => {
    expect(parseStremioId(formatContentId(HASH, 7))).toEqual({ kind: 'content', contentId: HASH, fileIndex: 7 });
  });
});
