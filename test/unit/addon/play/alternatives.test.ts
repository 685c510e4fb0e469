import { describe, expect, it } from '@jest/globals';
import { Alternatives } from '../../../../addon/play/alternatives.js';
import { NotFoundError } from '../../../../backend/content/index.js';
import { formatSourceIdentity, type Candidate } from '../../../../backend/discovery/index.js';
import { DEFAULT_PREFERENCES } from '../../../../manifest/index.js';
import { infoHashOf, makeCandidate, torrentOf } from '../../../support/candidates.js';

const wish = { titleId: 'tt1', type: 'movie' } as const;
const { signal } = new AbortController();

function alternativesOf(...candidates: readonly Candidate[]): Alternatives {
  return new Alternatives({
    discovery: {
      find: () => Promise.resolve({ candidates, title: null, notes: [] }),
      follow: () => undefined,
      isDeserted: () => false,
    },
    preferences: () => DEFAULT_PREFERENCES,
    jobs: { list: () => [] } as never,
    torrents: { status: () => null },
    access: { sourceId: (identity) => `id of ${identity}` },
    listedSources: { listedFor: () => [] },
  });
}

const large = makeCandidate('The.Paper.Lantern.2019.2160p', { source: torrentOf('a'), seeders: 10, sizeBytes: 20e9 });
const small = makeCandidate('The.Paper.Lantern.2019.720p', { source: torrentOf('b'), seeders: 10, sizeBytes: 2e9 });
const dead: Candidate = { ...small, source: torrentOf('c'), health: { state: 'dead', reason: 'NO_PEERS' } };
const pressed = {
  request: { source: torrentOf('d') },
  contentId: infoHashOf('d'),
  sizeBytes: null,
  identity: 'd',
  wish,
  bingeGroup: null,
};

describe('alternatives', () => {
  it('next - is the best of the list that was not tried and is not dead', async () => {
    const alternatives = alternativesOf(dead, small, large);
    const first = await alternatives.next(pressed, new Set(), { signal });
    expect(first?.identity).toBe(formatSourceIdentity(large.source));
    const second = await alternatives.next(pressed, new Set([first?.identity ?? '']), { signal });
    expect(second?.identity).toBe(formatSourceIdentity(small.source));
    const tried = new Set([first?.identity ?? '', second?.identity ?? '']);
    expect(await alternatives.next(pressed, tried, { signal })).toBeNull();
  });

  it('next - waits for slow indexers only where nothing else is left', async () => {
    const waits: (number | undefined)[] = [];
    const alternatives = new Alternatives({
      discovery: {
        find: (_wish, { maxWaitMs }) => {
          waits.push(maxWaitMs);
          return Promise.resolve({
            candidates: [large, ...(maxWaitMs === undefined ? [small] : [])],
            title: null,
            notes: [],
          });
        },
        follow: () => undefined,
        isDeserted: () => false,
      },
      preferences: () => DEFAULT_PREFERENCES,
      jobs: { list: () => [] } as never,
      torrents: { status: () => null },
      access: { sourceId: (identity) => `id of ${identity}` },
      listedSources: { listedFor: () => [] },
    });
    const first = await alternatives.next(pressed, new Set(), { signal });
    expect([first?.identity, waits]).toEqual([formatSourceIdentity(large.source), [1_000]]);
    const second = await alternatives.next(pressed, new Set([first?.identity ?? '']), { signal });
    expect([second?.identity, waits]).toEqual([formatSourceIdentity(small.source), [1_000, 1_000, undefined]]);
  });

  it('next - of what belongs to no title is nothing', async () => {
    expect(await alternativesOf(large).next({ ...pressed, wish: null }, new Set(), { signal })).toBeNull();
  });

  it('found again - by its name and nearly its size', async () => {
    const alternatives = alternativesOf(small, large);
    const again = (name: string, sizeBytes: number | null) =>
      alternatives.findAgain({ sourceId: 'other', wish, labels: [{ name, sizeBytes }] }, { signal });
    expect((await again('The.Paper.Lantern.2019.720p', 2.01e9)).identity).toBe(formatSourceIdentity(small.source));
    expect((await again('The.Paper.Lantern.2019.720p', null)).identity).toBe(formatSourceIdentity(small.source));
    await expect(again('The.Paper.Lantern.2019.720p', 3e9)).rejects.toThrow(NotFoundError);
    await expect(again('Another', null)).rejects.toThrow(NotFoundError);
  });

  it('found again - where nobody knows its files any more, by what the release was called', async () => {
    const file = { name: 'Harbour.Lights.S01E02.mkv', sizeBytes: 1e9 };
    const labels = [file, { name: 'Harbour.Lights.S01', sizeBytes: 8e9 }];
    const pack = makeCandidate('Harbour Lights S01', { source: torrentOf('e'), sizeBytes: 8.02e9 });
    const found = await alternativesOf(small, pack).findAgain({ sourceId: 'other', wish, labels }, { signal });
    expect(found.identity).toBe(formatSourceIdentity(pack.source));
  });

  it('found again - the very source, whatever it is called now', async () => {
    const sourceId = `id of ${formatSourceIdentity(small.source)}`;
    const labels = [{ name: large.releaseName, sizeBytes: large.sizeBytes }];
    const found = await alternativesOf(large, small).findAgain({ sourceId, wish, labels }, { signal });
    expect(found.identity).toBe(formatSourceIdentity(small.source));
  });
});
