import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { mediaTypeOf } from '../../../backend/delivery/media-type.js';

const words = (text: string): string[] => text.split(' ');

describe('media type', () => {
  it.each([
    ['mkv', 'video/x-matroska'],
    ['mp4', 'video/mp4'],
    ['m4v', 'video/x-m4v'],
    ['webm', 'video/webm'],
    ['ts', 'video/mp2t'],
    ['m2ts', 'video/mp2t'],
    ['avi', 'video/x-msvideo'],
    ['mov', 'video/quicktime'],
    ['srt', 'application/x-subrip'],
    ['vtt', 'text/vtt'],
    ['ass', 'text/x-ssa'],
    ['mp3', 'audio/mpeg'],
    ['flac', 'audio/flac'],
    ['MKV', 'video/x-matroska'],
  ])('media type - .%s is %s', (extension, type) => expect(mediaTypeOf(`A film.2024.${extension}`)).toBe(type));

  it.each(
    words(
      'mkv mp4 m4v webm ts m2ts mts m2t avi mov wmv asf flv f4v mpg mpeg mpe m1v m2v vob ogv ogm 3gp 3g2 divx mk3d qt dv',
    ),
  )('media type - .%s is a video', (extension) => expect(mediaTypeOf(`a.${extension}`)).toMatch(/^video\//));

  it.each(
    words('mp3 m4a m4b aac flac ogg oga opus wav wma ac3 eac3 dts mka ape wv tta aiff aif alac amr mp2 weba mid ra'),
  )('media type - .%s is sound', (extension) => expect(mediaTypeOf(`a.${extension}`)).toMatch(/^audio\//));

  it.each(words('srt vtt ass ssa sub idx sup smi ttml lrc sbv'))(
    'media type - .%s has a type of its own',
    (extension) => expect(mediaTypeOf(`a.${extension}`)).not.toBe('application/octet-stream'),
  );

  it.each([
    '',
    'film',
    '.mkv.',
    'a.html',
    'a.htm',
    'a.xhtml',
    'a.svg',
    'a.xml',
    'a.js',
    'a.constructor',
    'a.__proto__',
  ])('media type - "%s" is bytes and nothing more', (name) =>
    expect(mediaTypeOf(name)).toBe('application/octet-stream'),
  );

  it('media type - no name makes it a page or breaks the header', () => {
    const name = fc.tuple(fc.string({ unit: 'binary' }), fc.string()).map(([stem, rest]) => `${stem}.${rest}`);
    fc.assert(
      fc.property(name, (text) => {
        expect(mediaTypeOf(text)).toMatch(/^[a-z]+\/[\w.+-]+$/);
        expect(mediaTypeOf(text)).not.toMatch(/html|script|svg/);
      }),
    );
  });
});
