import { describe, expect, it } from '@jest/globals';
import { parseVolumeName } from '../../../backend/archive/volume-name.js';

describe('volume names', () => {
  it('volume names - say scheme, common part and number', () => {
    expect(parseVolumeName('a/Film.part003.rar')).toEqual({ scheme: 'part-rar', base: 'a/Film', number: 3 });
    expect(parseVolumeName('Film.rar')).toEqual({ scheme: 'old-rar', base: 'Film', number: 0 });
    expect(parseVolumeName('Film.r99')).toEqual({ scheme: 'old-rar', base: 'Film', number: 100 });
    expect(parseVolumeName('Film.s00')).toEqual({ scheme: 'old-rar', base: 'Film', number: 101 });
    expect(parseVolumeName('Film.r100')).toEqual({ scheme: 'old-rar', base: 'Film', number: 101 });
    expect(parseVolumeName('Film.7z.010')).toEqual({ scheme: '7z-numbered', base: 'Film', number: 10 });
    expect(parseVolumeName('Film.z01')).toEqual({ scheme: 'zip', base: 'Film', number: 1 });
    expect(parseVolumeName('Film.mkv.001')).toEqual({ scheme: 'numbered', base: 'Film.mkv', number: 1 });
  });

  it('volume names - are null for all others', () => {
    for (const name of ['', '.rar', 'film.mkv', 'film.2024', 'rar', 'film.part1.mkv']) {
      expect({ name, parsed: parseVolumeName(name) }).toEqual({ name, parsed: null });
    }
  });
});
