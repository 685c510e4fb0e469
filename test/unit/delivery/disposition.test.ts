import { describe, expect, it } from '@jest/globals';
import { parse } from 'content-disposition';
import fc from 'fast-check';

import { formatDisposition, formatPlainDisposition } from '../../../backend/delivery/disposition.js';

describe('disposition', () => {
  it.each([
    ['film.mkv', `inline; filename*=UTF-8''film.mkv; filename="film.mkv"`],
    [
      'Les Misérables (1).mkv',
      `inline; filename*=UTF-8''Les%20Mis%C3%A9rables%20%281%29.mkv; filename="Les Mis_rables (1).mkv"`,
    ],
    ['a"b.mkv', `inline; filename*=UTF-8''a%22b.mkv; filename="a\\"b.mkv"`],
    ['../../etc/passwd', `inline; filename*=UTF-8''.._.._etc_passwd; filename=".._.._etc_passwd"`],
    ['x\r\nSet-Cookie: a', `inline; filename*=UTF-8''x__Set-Cookie%3A%20a; filename="x__Set-Cookie: a"`],
    ['100%41.mkv', `inline; filename*=UTF-8''100%2541.mkv; filename="100_41.mkv"`],
    ['🎬\ud800.mkv', `inline; filename*=UTF-8''%F0%9F%8E%AC%EF%BF%BD.mkv; filename="__.mkv"`],
  ])('disposition - %s', (name, expected) => expect(formatDisposition('inline', name)).toBe(expected));

  it('disposition - the plain form is quoted, and doubled only where ASCII does not do', () => {
    expect(formatPlainDisposition('attachment', 'a-playlist.m3u8')).toBe('attachment; filename="a-playlist.m3u8"');
    expect(formatPlainDisposition('attachment', 'é.m3u8')).toBe(
      `attachment; filename="_.m3u8"; filename*=UTF-8''%C3%A9.m3u8`,
    );
  });

  it('disposition - a name without end is cut, its extension kept', () => {
    const header = formatDisposition('inline', `${'🎬'.repeat(50_000)}.mkv`);
    expect(header.length).toBeLessThan(4000);
    expect(parse(header).parameters['filename']).toMatch(/🎬\.mkv$/u);
  });

  it('disposition - any name makes one valid header line, and is read back as far as it was safe', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (name) => {
        const header = formatDisposition('attachment', name);
        expect(header).toMatch(/^[\x20-\x7e]+$/);
        const isSafe = !/[\x00-\x1f\x7f/\\]|\p{Surrogate}/u.test(name);
        if (isSafe) expect(parse(header).parameters['filename']).toBe(name);
      }),
    );
  });
});
