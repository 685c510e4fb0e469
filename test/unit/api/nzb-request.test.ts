import { describe, expect, it } from '@jest/globals';
import { InputError } from '../../../backend/content/index.js';
import type { UploadedNzb } from '../../../backend/api/nzb-form.js';
import { addressMd5sOf } from '../../../backend/api/nzb-address.js';
import { cleanCategory, readNzbRequest } from '../../../backend/api/nzb-request.js';

const url = 'http://indexer.example/get/film';
const read = (fields: Readonly<Record<string, string>>, file: UploadedNzb | null = null) =>
  readNzbRequest({ fields: new Map(Object.entries(fields)), file });

describe('nzb request', () => {
  it('nzb request - takes an address in its one form, and waits at most 90 s', () => {
    const written = 'HTTP://Indexer.example:80/get?a=1#x';
    expect(read({ nzb_url: ` ${written} ` })).toEqual({
      nzb: { kind: 'url', url: 'http://indexer.example/get?a=1', addressMd5s: addressMd5sOf(written) },
      category: 'stremio',
      waitMs: 90_000,
      isForced: false,
    });
    expect(['1', '89', '90', '300', ''].map((timeout) => read({ nzb_url: url, timeout }).waitMs)).toEqual([
      1_000, 89_000, 90_000, 90_000, 90_000,
    ]);
  });

  it('nzb request - an upload counts more than an address, unless it is empty', () => {
    const file = { name: 'a.nzb', bytes: Buffer.from('x'), release: () => undefined };
    expect(read({ nzb_url: url }, file).nzb).toEqual({ kind: 'file', file });
    expect(() => read({}, { ...file, bytes: Buffer.alloc(0) })).toThrow(InputError);
  });

  it('nzb request - half an episode is refused in words', () => {
    expect(() => read({ nzb_url: url, season: '1' })).toThrow('season and episode together');
    expect(() => read({ nzb_url: url, episode: '1', season: '' })).toThrow(InputError);
  });

  it('nzb request - the fields, the id, the address: the first that tells the episode counts', () => {
    expect(read({ nzb_url: url, season: '', episode: '', id: 'tt1:2:3' }).episode).toEqual({ season: 2, episode: 3 });
    expect(read({ nzb_url: `${url}?season=4&episode=5`, id: 'tt1' })).toMatchObject({
      titleId: 'tt1',
      episode: { season: 4, episode: 5 },
    });
    expect(read({ nzb_url: `${url}?season=S04&episode=5` }).episode).toBeUndefined();
    expect(read({ nzb_url: url, id: 'kitsu:1:2:3' })).not.toHaveProperty('titleId');
  });

  it('nzb request - force is true or 1', () => {
    expect(['true', '1', 'false', '0', ''].map((force) => read({ nzb_url: url, force }).isForced)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });

  it('category - is one part of a path', () => {
    const cases = {
      '': 'stremio',
      '.': 'stremio',
      '..': 'stremio',
      ' tv ': 'tv',
      'a/b\\c\nd': 'a_b_c_d',
      'tv\u202e\u200b': 'tv__',
      Séries: 'Séries',
    };
    for (const [given, clean] of Object.entries(cases)) expect(cleanCategory(given)).toBe(clean);
    expect([...cleanCategory('😀'.repeat(100))]).toHaveLength(64);
  });
});
