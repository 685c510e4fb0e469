import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { exportFilesOf, exportFolderOf, fitPart } from '../../../backend/jobs/export-names.js';
import { folderFilesOf } from '../../../backend/jobs/index.js';
import { nzbRelease } from '../../support/nzb-lab.js';

const pathsOf = (paths: readonly string[]): string[] =>
  exportFilesOf(
    folderFilesOf(
      nzbRelease(
        'Film',
        paths.map((path) => [path, 10]),
      ).files,
    ),
  ).map(({ path }) => path);

describe('export names', () => {
  it('films - stand under their own names, in their folders; subtitles do not', () => {
    expect(pathsOf(['Season 1/Show.S01E01.mkv', 'Season 1/Show.S01E01.en.srt', 'film.rar/Film.2024.MP4'])).toEqual([
      'Film.2024.strm',
      'Season 1/Show.S01E01.strm',
    ]);
  });

  it('films - two that would be called the same are counted, also where capitals do not count', () => {
    expect(pathsOf(['Film.mkv', 'FILM.mp4', 'Film.avi'])).toEqual(['FILM.strm', 'Film (2).strm', 'Film (3).strm']);
  });

  it('films - long names are cut to what a file system takes, with the ending', () => {
    const [path = ''] = pathsOf([`${'é'.repeat(200)}.mkv`]);
    expect(Buffer.byteLength(path)).toBeLessThanOrEqual(255);
    expect(path).toMatch(/^é+\.strm$/);
  });

  it('films - folders deeper than any file system takes are left out', () => {
    expect(pathsOf([`${'deep/'.repeat(400)}Film.mkv`])).toEqual(['Film.strm']);
  });

  it.each([
    ['..', '_'],
    ['.hidden', '_.hidden'],
    ['con', '_con'],
    ['COM1.txt', '_COM1.txt'],
    ['a:b<c>"d"|e?f*g\\h', 'a_b_c__d__e_f_g_h'],
    ['Film. . ', 'Film'],
    ['', '_'],
    ['Öpen 映画 🎬', 'Öpen 映画 🎬'],
  ])('%j - becomes %j', (name, part) => {
    expect(fitPart(name)).toBe(part);
  });

  it('any name - is one part of a path, never hidden, never a way out', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 400 }),
        fc.constantFrom('', '.strm', ' [12]'),
        (name, ending) => {
          const part = fitPart(name, ending);
          expect(part).toMatch(/^[^./\\<>:"|?*\p{Cc}][^/\\<>:"|?*\p{Cc}]*$/u);
          expect(Buffer.byteLength(part)).toBeLessThanOrEqual(255);
          expect(part.endsWith(ending)).toBe(true);
        },
      ),
    );
  });

  it('folders - are category and folder, marked where that is taken', () => {
    expect(exportFolderOf({ category: 'tv', folder: 'A/B' })).toBe('tv/A_B');
    expect(exportFolderOf({ category: '..', folder: 'x'.repeat(300) }, ' [7]')).toBe(`_/${'x'.repeat(251)} [7]`);
  });
});
