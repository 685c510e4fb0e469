import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { isInfoHash, type ContentId, type Job } from '../../../../backend/content/index.js';
import type { TriedReleasesOptions } from '../../../../backend/discovery/health/tried-releases.js';
import { candidateOfFile, TriedReleases, type Candidate } from '../../../../backend/discovery/index.js';
import { contentKeyOf, contentKeyOfJobId } from '../../../../backend/jobs/index.js';
import { Sealer } from '../../../../backend/platform/index.js';
import { FailedReleases, openDatabase, type Database } from '../../../../backend/storage/index.js';
import { ManualClock } from '../../../support/manual-clock.js';
import { NotedLog } from '../../../support/noted-log.js';
import { makeRelease } from '../../../support/stremio-harness.js';

const release = makeRelease('The.Paper.Lantern.2019.1080p', [['film.mkv', 10]]);
const candidate = candidateOfFile({ ...release, titleId: 'tt1' }, release.files[0]!);
const byUrl: Candidate = {
  ...candidate,
  source: { kind: 'nzb-url', url: 'https://indexer.example/1' },
  contentId: null,
};

const log = new NotedLog();

describe('tried releases', () => {
  let clock: ManualClock;
  let database: Database;
  let tried: TriedReleases;
  let tell: (job: Job) => void;

  beforeEach(() => {
    clock = new ManualClock();
    database = openDatabase(':memory:', { sealer: new Sealer('k'.repeat(32)) });
    tell = () => undefined;
    tried = startTried();
  });

  afterEach(() => database.close());

  function startTried(keeper: TriedReleasesOptions['keeper'] = new FailedReleases(database)): TriedReleases {
    const jobs = {
      subscribe: (listener: (job: Job) => void) => {
        tell = listener;
        return () => {
          tell = () => undefined;
        };
      },
    };
    const keys = { keyOfJob: contentKeyOfJobId, keyOfSource: contentKeyOf };
    const started = new TriedReleases({ jobs, ...keys, keeper, clock, log });
    started.start();
    return started;
  }

  function job(
    state: Job['state'],
    code: string | null,
    of: Candidate = candidate,
    contentId: ContentId | null = null,
    fileIndex: number | null = null,
  ): Job {
    return {
      id: `${contentKeyOf(of.source)}:auto:1`,
      contentId,
      sourceKind: of.source.kind,
      fileIndex,
      state,
      progress: 0,
      message: '',
      method: null,
      fileName: null,
      fileSizeBytes: null,
      error: code === null ? null : { code, message: code },
      createdAt: 0,
      usedAt: 0,
      expiresAt: 0,
    };
  }

  it('never tried - nothing is known', () => {
    expect(tried.healthOf(candidate)).toEqual({ state: 'unknown' });
  });

  it('failed by its own fault - is dead for an hour, with the reason', async () => {
    tell(job('failed', 'ARTICLE_MISSING'));
    expect(tried.healthOf(candidate)).toEqual({ state: 'dead', reason: 'ARTICLE_MISSING' });
    await clock.advance(3600e3);
    expect(tried.healthOf(candidate)).toEqual({ state: 'unknown' });
  });

  it.each(['EPISODE_NOT_FOUND', 'PROVIDER_AUTH', 'STORAGE_FULL', 'INTERNAL', 'TIMEOUT', 'BUSY', 'PEERS_UNKNOWN'])(
    'failed by %s - says nothing of it',
    (code) => {
      tell(job('failed', code));
      expect(tried.healthOf(candidate)).toEqual({ state: 'unknown' });
    },
  );

  it('played after all - is alive', () => {
    tell(job('failed', 'NO_PEERS'));
    tell(job('streamable', null));
    expect(tried.healthOf(candidate)).toEqual({ state: 'alive', percent: 100 });
  });

  it('an address that led to a content - tells of both', () => {
    const contentId = 'b'.repeat(40);
    if (!isInfoHash(contentId)) throw new Error('no infohash');
    tell(job('failed', 'NO_VIDEO', byUrl, contentId));
    expect(tried.healthOf(byUrl)).toMatchObject({ state: 'dead' });
    expect(
      tried.healthOf({ ...byUrl, source: { kind: 'nzb-url', url: 'https://other.example/' }, contentId }),
    ).toMatchObject({
      state: 'dead',
    });
  });

  const pack = makeRelease('Harbour.Lights.S01', [
    ['Harbour.Lights.S01E01.mkv', 10],
    ['Harbour.Lights.S01E02.mkv', 10],
  ]);
  const [first, second] = pack.files.map((file) => candidateOfFile({ ...pack, titleId: 'tt2' }, file));

  it('articles of one episode missing - says nothing of the other episodes of the pack, after a restart neither', () => {
    tell(job('failed', 'ARTICLE_MISSING', first, pack.contentId, 0));
    for (const told of [tried, startTried()]) {
      expect(told.healthOf(first!)).toEqual({ state: 'dead', reason: 'ARTICLE_MISSING' });
      expect(told.healthOf(second!)).toEqual({ state: 'unknown' });
    }
  });

  it('one episode plays, another lacks articles - each is told as it fared, whichever was last', () => {
    tell(job('failed', 'ARTICLE_MISSING', first, pack.contentId, 0));
    tell(job('streamable', null, second, pack.contentId, 1));
    expect([first, second].map((one) => tried.healthOf(one!).state)).toEqual(['dead', 'alive']);
    tell(job('streamable', null, first, pack.contentId, 0));
    expect(tried.healthOf(first!).state).toBe('alive');
    expect(startTried().healthOf(first!).state).toBe('unknown');
  });

  it('a password of the whole pack - is held against every episode', () => {
    tell(job('failed', 'ARCHIVE_PASSWORD', first, pack.contentId, 0));
    expect([first, second].map((one) => tried.healthOf(one!).state)).toEqual(['dead', 'dead']);
  });

  it('closed - hears nothing more', () => {
    tried.close();
    tell(job('failed', 'NO_PEERS'));
    expect(tried.healthOf(candidate)).toEqual({ state: 'unknown' });
  });

  it('failed before a restart - is dead for the rest of its hour', async () => {
    tell(job('failed', 'ARTICLE_MISSING'));
    tell(job('failed', 'NO_VIDEO', byUrl));
    tried.close();
    await clock.advance(1800e3);
    const restarted = startTried();
    expect(restarted.healthOf(candidate)).toEqual({ state: 'dead', reason: 'ARTICLE_MISSING' });
    expect(restarted.healthOf(byUrl)).toEqual({ state: 'dead', reason: 'NO_VIDEO' });
    await clock.advance(1800e3);
    expect(restarted.healthOf(candidate)).toEqual({ state: 'unknown' });
    startTried();
    expect(new FailedReleases(database).list()).toEqual([]);
  });

  it.each(['NZB_UNFETCHABLE', 'NZB_INVALID'])('%s - may be the moment’s: dead for five minutes only', async (code) => {
    tell(job('failed', code, byUrl));
    await clock.advance(4 * 60e3);
    expect(tried.healthOf(byUrl)).toEqual({ state: 'dead', reason: code });
    await clock.advance(60e3);
    expect(tried.healthOf(byUrl)).toEqual({ state: 'unknown' });
  });

  it('other news servers - what was missing is unknown, after a restart too, and nothing else', () => {
    tell(job('failed', 'ARTICLE_MISSING'));
    tell(job('failed', 'NO_VIDEO', byUrl));
    tried.forgetMissing();
    for (const one of [tried, startTried()]) {
      expect(one.healthOf(candidate)).toEqual({ state: 'unknown' });
      expect(one.healthOf(byUrl)).toEqual({ state: 'dead', reason: 'NO_VIDEO' });
    }
  });

  it('a preparation that was begun at the former news servers - says nothing of what is missing', async () => {
    const begun = { ...job('failed', 'ARTICLE_MISSING'), createdAt: clock.now() };
    tried.forgetMissing();
    tell(begun);
    expect(tried.healthOf(candidate)).toEqual({ state: 'unknown' });
    await clock.advance(1);
    tell({ ...begun, createdAt: clock.now() });
    expect(tried.healthOf(candidate)).toMatchObject({ state: 'dead' });
  });

  it('failed, then played, then a restart - is not dead any more', () => {
    tell(job('failed', 'NO_PEERS'));
    tell(job('streamable', null));
    tried.close();
    expect(startTried().healthOf(candidate)).toEqual({ state: 'unknown' });
  });

  it('a database that cannot be written - is logged, and the failure known until the next restart', () => {
    const broken = (): never => {
      throw new Error('disk full');
    };
    tried.close();
    tried = startTried({ put: broken, delete: broken, forget: broken, sweep: broken, list: broken });
    tell(job('failed', 'NO_PEERS'));
    expect(tried.healthOf(candidate)).toMatchObject({ state: 'dead' });
    expect(log.messages).toContain('How releases fared cannot be kept over a restart');
  });
});
