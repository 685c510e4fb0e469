// What stands in an item's folder.

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ReleaseFile } from '../../../backend/content/index.js';
import { folderFilesOf } from '../../../backend/jobs/index.js';

const MEGABYTE = 1e6;

function files(...paths: readonly (string | readonly [path: string, more: Partial<ReleaseFile>])[]): ReleaseFile[] {
  return paths.map((entry, index) => {
    const [path, more] = typeof entry === 'string' ? [entry, {}] : entry;
    const name = path.split('/').at(-1) ?? path;
    return { index, path, name, sizeBytes: 700 * MEGABYTE, isPadding: false, ...more };
  });
}

function pathsOf(release: readonly ReleaseFile[]): string[] {
  return folderFilesOf(release).map(({ path }) => path);
}

describe('folder files', () => {
  it('films and subtitles - are there; what is neither, is padding or is empty is not', () => {
    const release = files(
      'Harbour Lights.mkv',
      ['Harbour Lights.en.srt', { sizeBytes: 5_000 }],
      ['Harbour Lights.de.srt', { sizeBytes: 0 }],
      ['info.nfo', { sizeBytes: 100 }],
      ['.pad/123.mkv', { isPadding: true }],
    );
    expect(pathsOf(release)).toEqual(['Harbour Lights.en.srt', 'Harbour Lights.mkv']);
  });

  it('films in archives - stand where the archive does', () => {
    const release = files(
      ['Release/film.part1.rar', { sizeBytes: 50 * MEGABYTE }],
      ['Release/film.part1.rar/Film.mkv', { isMember: true }],
      ['Release/film.part1.rar/inner.r00/Other.mkv', { isMember: true }],
    );
    expect(pathsOf(release)).toEqual(['Release/Film.mkv', 'Release/Other.mkv']);
  });

  it('extensions - of videos are lower case, those of others stay', () => {
    const release = files('The Paper Lantern.MKV', ['The Paper Lantern.SRT', { sizeBytes: 5_000 }]);
    expect(pathsOf(release)).toEqual(['The Paper Lantern.SRT', 'The Paper Lantern.mkv']);
  });

  it('equal paths - are counted, also where only capitals differ', () => {
    expect(pathsOf(files('a/Film.mkv', 'a/Film.MKV', 'a/film.mkv'))).toEqual([
      'a/Film.mkv',
      'a/Film (2).mkv',
      'a/film (3).mkv',
    ]);
  });

  it('folder files - of any release are in a fixed order, unique, and fit for a path', () => {
    const name = fc.oneof(
      fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }).map((text) => text.replaceAll('/', '_')),
      fc.constantFrom('..', '.', ' ', 'film.part1.rar', 'a'.repeat(300), 'ä'.repeat(200), '🎬', 'Film', 'film'),
    );
    const path = fc
      .tuple(fc.array(name, { maxLength: 3 }), name, fc.constantFrom('.mkv', '.MKV', '.srt', '.mp4', ''))
      .map(([folders, last, extension]) => [...folders, last + extension].join('/'));
    const release = fc.array(fc.tuple(path, fc.boolean()), { maxLength: 15 });
    fc.assert(
      fc.property(release, (entries) => {
        const all = files(...entries.map(([one, isMember]) => [one, isMember ? { isMember } : {}] as const));
        const shown = folderFilesOf(all);
        const paths = shown.map((one) => one.path);
        expect(new Set(paths.map((one) => one.toLowerCase())).size).toBe(paths.length);
        expect(new Set(shown.map(({ file }) => file)).size).toBe(paths.length);
        for (const part of paths.flatMap((one) => one.split('/'))) {
          expect(part).not.toMatch(/^\.{0,2}$|[/\p{Cc}]/u);
          expect(part.isWellFormed()).toBe(true);
          expect(Buffer.byteLength(part)).toBeLessThanOrEqual(255);
        }
        expect(folderFilesOf([...all].reverse()).map((one) => one.path)).toEqual(paths);
      }),
    );
  });
});
