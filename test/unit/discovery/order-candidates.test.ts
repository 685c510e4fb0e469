import { describe, expect, it } from '@jest/globals';
import { candidateOfFile, orderCandidates, type Candidate } from '../../../backend/discovery/index.js';
import { makeRelease } from '../../support/stremio-harness.js';

function candidate(name: string, sizeBytes: number, seeders: number | null = null): Candidate {
  const release = makeRelease(name, [['film.mkv', sizeBytes]]);
  return { ...candidateOfFile({ ...release, titleId: 'tt1' }, release.files[0]!), seeders };
}

describe('order of candidates', () => {
  const small = candidate('Film.720p', 1_000);
  const big = candidate('Film.2160p', 9_000);
  const plain = candidate('Film', 5_000);
  const seeded = candidate('Film.720p.x265', 500, 40);
  const names = (ordered: readonly Candidate[]): string[] => ordered.map(({ releaseName }) => releaseName);

  it('ready - comes before everything that is better but not here', () => {
    expect(names(orderCandidates([big, plain, small], (one) => one === plain))).toEqual([
      'Film',
      'Film.2160p',
      'Film.720p',
    ]);
  });

  it('then - the better picture, the better attended, the larger file', () => {
    const ordered = orderCandidates([plain, small, seeded, big], () => false);
    expect(names(ordered)).toEqual(['Film.2160p', 'Film.720p.x265', 'Film.720p', 'Film']);
  });

  it('input - is left as it was', () => {
    const input = [small, big];
    orderCandidates(input, () => false);
    expect(input).toEqual([small, big]);
  });
});
