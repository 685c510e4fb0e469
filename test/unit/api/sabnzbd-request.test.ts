import { describe, expect, it } from '@jest/globals';
import { InputError } from '../../../backend/content/index.js';
import { parseSabnzbdRequest } from '../../../backend/api/sabnzbd-request.js';

const parse = (fields: Readonly<Record<string, string>>) => parseSabnzbdRequest(new Map(Object.entries(fields)));

describe('sabnzbd request', () => {
  it('sabnzbd request - what is not given is empty, none or zero', () => {
    expect(parse({})).toEqual({
      ...{ mode: '', name: '', values: [], secondValue: '', category: null, nzbName: '', password: '' },
      ...{ priority: 0, start: 0, limit: 0, search: '', isFailedOnly: false, nzoIds: null },
    });
  });

  it('sabnzbd request - reads lists, numbers and switches as clients write them', () => {
    expect(
      parse({ value: 'a, b,,a', nzo_ids: 'c', start: ' 5 ', limit: '60', priority: '-100', failed_only: '1' }),
    ).toMatchObject({ values: ['a', 'b'], nzoIds: ['c'], start: 5, limit: 60, priority: -100, isFailedOnly: true });
  });

  it.each(['x', '-3', '1e3', '5.5', '99999999999'])('sabnzbd request - %s is no number of lines', (limit) => {
    expect(parse({ limit }).limit).toBe(0);
  });

  it('sabnzbd request - cat is the category, else category is', () => {
    expect(parse({ cat: 'tv', category: 'movies' }).category).toBe('tv');
    expect(parse({ category: 'movies' }).category).toBe('movies');
  });

  it('sabnzbd request - takes at most 1000 ids, and refuses what is longer than anything could be', () => {
    const ids = Array.from({ length: 1_200 }, (_none, number) => String(number)).join(',');
    expect(parse({ nzo_ids: ids }).nzoIds).toHaveLength(1_000);
    expect(() => parse({ name: 'x'.repeat(8_193) })).toThrow(InputError);
  });
});
