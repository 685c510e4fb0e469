import { describe, expect, it } from '@jest/globals';
import { formatHref, parseWebdavPath } from '../../../backend/api/webdav-paths.js';

function outcomeOf(path: string): unknown {
  try {
    return parseWebdavPath(path);
  } catch (error) {
    return (error as { code: string }).code;
  }
}

describe('webdav paths', () => {
  it.each([
    ['', []],
    ['/', []],
    ['/complete', ['complete']],
    ['/complete/', ['complete']],
    ['//complete//tv/', ['complete', 'tv']],
    ['/a%20b%25%23%26%3F+%22%27', [`a b%#&?+"'`]],
    ['/%F0%9F%8E%AC', ['🎬']],
    ['/nzbs/Film%20%5B7%5D.nzb', ['nzbs', 'Film [7].nzb']],
  ])('path %j - is these names', (path, names) => {
    expect(parseWebdavPath(path)).toEqual(names);
  });

  it.each([
    ['/..', 'NOT_FOUND'],
    ['/complete/../../etc/passwd', 'NOT_FOUND'],
    ['/complete/%2e%2e/%2E%2e', 'NOT_FOUND'],
    ['/complete/a%2fb', 'NOT_FOUND'],
    ['/complete/a%00b', 'NOT_FOUND'],
    ['/complete/a%0ab', 'NOT_FOUND'],
    [`/${'a/'.repeat(65)}`, 'NOT_FOUND'],
    ['/complete/%ff', 'INPUT'],
    ['/complete/%c3', 'INPUT'],
    ['/complete/%zz', 'INPUT'],
    [`/${'a'.repeat(20_000)}`, 'INPUT'],
  ])('path %.60j - is an error', (path, code) => {
    expect(outcomeOf(path)).toBe(code);
  });

  it('href - is the path back, in front of it what the client called', () => {
    expect(formatHref('', [], true)).toBe('/webdav/');
    expect(formatHref('/home%20server', ['complete', 'a b#1?'], true)).toBe(
      '/home%20server/webdav/complete/a%20b%231%3F/',
    );
    expect(formatHref('', ['nzbs', '100%.nzb'], false)).toBe('/webdav/nzbs/100%25.nzb');
  });
});
