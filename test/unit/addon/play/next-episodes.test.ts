import { beforeEach, describe, expect, it } from '@jest/globals';
import { NextEpisodes, type ListedTitle } from '../../../../addon/play/next-episodes.js';
import type { PlayTarget } from '../../../../addon/play/play-target.js';
import { BusyError } from '../../../../backend/content/index.js';
import { candidateOfFile } from '../../../../backend/discovery/index.js';
import type { PrepareRequest } from '../../../../backend/jobs/index.js';
import { ManualClock } from '../../../support/manual-clock.js';
import { NotedLog } from '../../../support/noted-log.js';
import { makeRelease } from '../../../support/stremio-harness.js';

const release = makeRelease('Harbour.Lights.S01.1080p', [['Harbour.Lights.S01E02.mkv', 10]]);
const candidate = candidateOfFile({ ...release, titleId: 'tt1' }, release.files[0]!);

function wishFor(season: number, episode: number) {
  return { titleId: 'tt1', type: 'series', episode: { season, episode } } as const;
}

function listed(season: number, episode: number, bingeGroup = 'pack'): ListedTitle {
  const other = { candidate: { ...candidate, releaseName: 'Other' }, bingeGroup: 'other' };
  return { wish: wishFor(season, episode), follows: null, candidates: [other, { candidate, bingeGroup }] };
}

describe('next episodes', () => {
  let prepared: PrepareRequest[];
  let clock: ManualClock;
  const begin = (isEnabled = true, refusal: Error | null = null) =>
    new NextEpisodes({
      jobs: {
        prepare: (request) => {
          prepared.push(request);
          return refusal === null ? Promise.resolve({ id: 'x' } as never) : Promise.reject(refusal);
        },
      },
      isEnabled,
      clock,
      log: new NotedLog(),
    });
  const playing = (season: number, episode: number): PlayTarget => ({
    request: { source: release.source, priority: 'play' },
    contentId: release.contentId,
    sizeBytes: null,
    identity: 'x',
    wish: wishFor(season, episode),
    bingeGroup: 'pack',
  });

  beforeEach(() => {
    prepared = [];
    clock = new ManualClock();
  });

  it('the list after what is watched - its stream of the same group is prepared, behind everything else', () => {
    const next = begin();
    next.noteStarted(playing(1, 1));
    next.noteListed(listed(1, 2));
    expect(prepared).toEqual([
      { source: release.source, fileIndex: 0, titleId: 'tt1', priority: 'background', refusesRemoved: true },
    ]);
  });

  it('listed while the player still waits for the one before - is prepared once that one begins, and once only', () => {
    const next = begin();
    next.noteListed(listed(1, 2));
    next.noteStarted(playing(1, 1));
    next.noteStarted(playing(1, 1));
    expect(prepared).toEqual([
      { source: release.source, fileIndex: 0, titleId: 'tt1', priority: 'background', refusesRemoved: true },
    ]);
  });

  it('listed long before the one before it begins, or not listed last - is not prepared', async () => {
    const next = begin();
    next.noteListed(listed(1, 2));
    await clock.advance(3 * 60e3);
    next.noteStarted(playing(1, 1));
    const browsing = begin();
    browsing.noteListed(listed(1, 2));
    browsing.noteListed(listed(1, 1));
    browsing.noteStarted(playing(1, 1));
    expect(prepared).toEqual([]);
  });

  it('two who watch one series - each has the next one prepared', () => {
    const next = begin();
    next.noteStarted(playing(1, 1));
    next.noteStarted(playing(1, 4));
    next.noteListed(listed(1, 2));
    next.noteListed(listed(1, 5));
    expect(prepared).toHaveLength(2);
  });

  it('two who watch one episode - the group of who began last counts, and the next is prepared once', () => {
    const next = begin();
    next.noteStarted({ ...playing(1, 1), bingeGroup: 'elsewhere' });
    next.noteStarted(playing(1, 1));
    next.noteListed(listed(1, 2));
    expect(prepared).toHaveLength(1);
  });

  it('the first of the next season - comes after any of this one only where nobody knows its last', () => {
    const next = begin();
    next.noteStarted(playing(1, 8));
    next.noteListed(listed(2, 1));
    expect(prepared).toHaveLength(1);
  });

  it.each([
    [7, 0],
    [8, 1],
  ])('the first of the next season, after eight - while episode %i is watched, %i are prepared', (episode, count) => {
    const next = begin();
    next.noteStarted(playing(1, episode));
    next.noteListed({ ...listed(2, 1), follows: { season: 1, episode: 8 } });
    expect(prepared).toHaveLength(count);
  });

  it('seasons that are counted through - the first of the next comes after the last of this one', () => {
    const next = begin();
    next.noteStarted(playing(1, 12));
    next.noteListed({ ...listed(2, 13), follows: { season: 1, episode: 12 } });
    expect(prepared).toHaveLength(1);
  });

  it.each([
    ['the same episode', listed(1, 1)],
    ['one further on', listed(1, 3)],
    ['one before', listed(1, 0)],
    ['no stream of the group', listed(1, 2, 'elsewhere')],
    ['another title', { ...listed(1, 2), wish: { ...wishFor(1, 2), titleId: 'tt2' } }],
    ['a film', { ...listed(1, 2), wish: { titleId: 'tt1', type: 'movie' } as const }],
  ])('%s - is not prepared', (_what, list) => {
    const next = begin();
    next.noteStarted(playing(1, 1));
    next.noteListed(list);
    expect(prepared).toEqual([]);
  });

  it('nobody watches, or nobody wants it - nothing is prepared', async () => {
    begin().noteListed(listed(1, 2));
    const off = begin(false);
    off.noteStarted(playing(1, 1));
    off.noteListed(listed(1, 2));
    const old = begin();
    old.noteStarted(playing(1, 1));
    await clock.advance(5 * 3600e3);
    old.noteListed(listed(1, 2));
    expect(prepared).toEqual([]);
  });

  it('dead, or no room - harms nobody', async () => {
    const next = begin(true, new BusyError('full'));
    next.noteStarted(playing(1, 1));
    next.noteListed(listed(1, 2));
    await clock.advance(1);
    const { candidates, ...list } = listed(1, 2);
    const dead = candidates.map((one) => ({
      ...one,
      candidate: { ...one.candidate, health: { state: 'dead', reason: 'NO_PEERS' } as const },
    }));
    next.noteListed({ ...list, candidates: dead });
    expect(prepared).toHaveLength(1);
  });
});
