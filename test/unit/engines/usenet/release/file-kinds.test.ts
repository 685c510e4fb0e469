import { describe, expect, it } from '@jest/globals';
import { isTelling, kindOf } from '../../../../../backend/engines/usenet/release/file-kinds.js';
import type { FileKind } from '../../../../../backend/engines/usenet/release/file-kinds.js';

describe('kinds of files', () => {
  it.each<[FileKind, readonly string[]]>([
    ['playable', ['Film.2024.mkv', 'FILM.MP4', 'song.flac']],
    ['subtitle', ['Film.en.srt', 'Film.IDX', 'Film.sup']],
    [
      'archive',
      ['a.rar', 'a.part01.rar', 'a.r00', 'a.r100', 'a.s01', 'a.7z', 'a.7z.001', 'a.zip', 'a.z01', 'a.mkv.001'],
    ],
    ['par2', ['a.par2', 'a.vol003+04.PAR2']],
    ['ignored', ['a.nfo', 'a.sfv', 'cover.JPG', 'a.nzb', 'setup.exe']],
    ['unknown', ['d41d8cd98f00b204e9800998ecf8427e', 'abc.bin', '', 'mkv', 'film.mkv.x1']],
  ])('%s - is told by the name', (kind, names) => {
    expect(names.map((name) => [name, kindOf(name)])).toEqual(names.map((name) => [name, kind]));
  });

  it('a name - tells something when it has a kind', () => {
    expect([isTelling('a.mkv'), isTelling('a.nfo'), isTelling('d41d8cd9'), isTelling(null)]).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});
