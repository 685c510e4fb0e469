import { describe, expect, it } from '@jest/globals';
import { holdsSeveral } from '../../../backend/naming/index.js';

describe('holds several', () => {
  it.each([
    ['nothing', [], false],
    ['a film with a sample and subtitles', ['film.mkv 900', 'sample.mkv 20', 'film.srt 1'], false],
    ['a season', ['e1.mkv 900', 'e2.mkv 400', 'info.nfo 900'], true],
    ['two archives', ['e1.rar 900', 'e2.rar 900'], false],
  ] as const)('%s - %j: %j', (_what, files, expected) => {
    const some = files.map((file) => file.split(' ')).map(([name = '', size]) => ({ name, sizeBytes: Number(size) }));
    expect(holdsSeveral(some)).toBe(expected);
  });
});
