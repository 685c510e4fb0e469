import { describe, expect, it } from '@jest/globals';
import { formatStreamPath, formatTarget, parseTarget } from '../../../backend/api/stream-token.js';
import type { ContentId } from '../../../backend/content/index.js';

const infoHash = '08ada5a7a6183aae1e09d831df6748d566095a10' as ContentId;
const longId = 'ab'.repeat(32) as ContentId;
const access = { sign: (scope: string) => Buffer.from(scope.slice(0, 32)).toString('base64url') };

describe('stream token', () => {
  const targets: [ContentId, number][] = [
    [infoHash, 0],
    [infoHash, 1],
    [infoHash, 255],
    [infoHash, 256],
    [infoHash, 999_999],
    [longId, 0],
    [longId, 70_000],
  ];
  it.each(targets)('stream token - %s, file %i comes back', (contentId, fileIndex) => {
    const text = formatTarget({ contentId, fileIndex });
    expect(text).toMatch(/^[A-Za-z0-9_-]{28,64}$/);
    expect(parseTarget(text)).toEqual({ contentId, fileIndex });
  });

  it.each(['', 'A', 'FA', formatTarget({ contentId: infoHash, fileIndex: 1 }).slice(0, -3), 'A'.repeat(64)])(
    'stream token - %j is none',
    (text) => expect(parseTarget(text)).toBeNull(),
  );

  it('stream token - only one text stands for one file', () => {
    const padded = Buffer.concat([Buffer.of(20), Buffer.from(infoHash, 'hex'), Buffer.of(0, 1)]).toString('base64url');
    expect(parseTarget(padded)).toBeNull();
  });

  const names: [string, string][] = [
    ['film.mkv', 'film.mkv'],
    [`it's (a) "film" 100%?#.mkv`, '%22film%22'],
    ['../../x', '..%2F..%2Fx'],
    ['..', 'file'],
    ['', 'file'],
  ];
  it.each(names)('stream token - the name %j is one segment', (name, expected) => {
    const path = formatStreamPath(access, infoHash, 0, name);
    expect(path.split('/')).toHaveLength(4);
    expect(path).toContain(expected);
    expect(new URL(path, 'http://a.example').pathname).toBe(path);
  });
});
