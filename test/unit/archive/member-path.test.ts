import { describe, expect, it } from '@jest/globals';
import { baseNameOf, cleanMemberPath } from '../../../backend/archive/member-path.js';

describe('paths of members', () => {
  it.each([
    ['a/b.mkv', 'a/b.mkv'],
    ['..\\..\\etc\\passwd', 'etc/passwd'],
    ['/top/./b.mkv', 'top/b.mkv'],
    ['C:\\films\\b.mkv', 'films/b.mkv'],
    ['a\u0000b\u202e.mkv', 'ab.mkv'],
    ['../..', 'file'],
    ['', 'file'],
  ])('paths of members - %j becomes %j', (path, cleaned) => {
    expect(cleanMemberPath(path)).toBe(cleaned);
  });

  it('paths of members - keep the end of a name that is too long', () => {
    expect(cleanMemberPath(`${'x'.repeat(400)}.mkv`)).toMatch(/^x{251}\.mkv$/);
  });

  it('paths of members - end with the name', () => {
    expect(baseNameOf('a/b/c.mkv')).toBe('c.mkv');
    expect(baseNameOf('c.mkv')).toBe('c.mkv');
  });
});
