import { describe, expect, it } from '@jest/globals';
import {
  fileNameInSubject,
  segmentCountInSubject,
  subjectKey,
} from '../../../../../backend/engines/usenet/nzb/subject.js';

describe('subject of a posted file', () => {
  it.each([
    ['[01/22] - "some.movie.part01.rar" yEnc (1/50)', 'some.movie.part01.rar', 50],
    ['"a (1 of 2).mkv" yEnc (3/7) 123', 'a (1 of 2).mkv', 7],
    ['[PRiVATE]-[#a.b.test]-[ "intro" ] "b.mkv" (1/3)', 'b.mkv', 3],
    ['"0a9f8b7c6d" yEnc (1/5)', '0a9f8b7c6d', 5],
    ['Some Movie 2020.mkv yEnc (01/50)', 'Some Movie 2020.mkv', 50],
    ['[1/9] some post - file.part01.rar (2 of 8) 1,5 MB', 'file.part01.rar', 8],
    ['see file.r00 for more (1/1)', 'file.r00', 1],
    ['"C:\\\\folder\\\\..\\\\name.mkv" (1/1)', 'name.mkv', 1],
    ['nothing to see (1/1)', null, 1],
    ['"" ".." (0/0)', null, null],
    ['', null, null],
  ])('subject - %s', (subject, name, count) => {
    expect(fileNameInSubject(subject)).toBe(name);
    expect(segmentCountInSubject(subject)).toBe(count);
  });

  it('subject - is one file whichever article it was taken from', () => {
    expect(subjectKey('[1/9] "a" yEnc (1/50)')).toBe(subjectKey('[1/9] "a" yEnc (02/50)'));
    expect(subjectKey('[1/9] "a" yEnc (1/50)')).not.toBe(subjectKey('[2/9] "a" yEnc (1/50)'));
    expect(subjectKey('plain')).toBe('plain');
  });
});
