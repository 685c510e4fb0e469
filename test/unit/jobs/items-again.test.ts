// Items that failed, and may play after all.

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { UnplayableError, type NzbSource } from '../../../backend/content/index.js';
import { Items, JobManager, type Submission } from '../../../backend/jobs/index.js';
import { Sealer } from '../../../backend/platform/index.js';
import { ItemStore, JobStore, Library, openDatabase, type Database } from '../../../backend/storage/index.js';
import { ManualClock } from '../../support/manual-clock.js';
import { NotedLog } from '../../support/noted-log.js';
import { FakeUsenet, nzbRelease } from '../../support/nzb-lab.js';

const film = nzbRelease('Film.2024', [['Film.2024.mkv', 2_000]]);
const source = film.source as NzbSource;
const timeouts = { prepareTimeoutMs: 120_000, linkGenerationTimeoutMs: 300_000, progressUpdateIntervalMs: 5_000 };

describe('items that failed', () => {
  let clock: ManualClock;
  let database: Database;
  let engine: FakeUsenet;
  let jobs: JobManager;
  let items: Items;

  beforeEach(() => {
    clock = new ManualClock();
    const log = new NotedLog();
    database = openDatabase(':memory:', { sealer: new Sealer('k'.repeat(32)) });
    engine = new FakeUsenet();
    const [library, store] = [new Library(database, clock), new ItemStore(database)];
    jobs = new JobManager({ engines: [engine], store: new JobStore(database), library, clock, log, timeouts });
    items = new Items({ store, jobs, library, removeContent: () => Promise.resolve(), clock, log });
    items.start();
  });

  afterEach(async () => {
    items.close();
    await jobs.close();
    database.close();
  });

  async function submit(): Promise<Submission> {
    const submitting = items.submit({ source, category: 'stremio' });
    submitting.catch(() => undefined);
    await clock.advance(300);
    return submitting;
  }

  async function failWith(code: string): Promise<number> {
    engine.releases.set(film.contentId, new UnplayableError('It does not play.', code));
    const { item } = await submit();
    await clock.advance(0);
    await expect(submit()).rejects.toMatchObject({ code });
    engine.know(film);
    return item.id;
  }

  it.each([
    ['ARTICLE_MISSING', 'is tried again at once'],
    ['ARCHIVE_PASSWORD', 'is refused as before'],
  ])('with %s, and the news servers are others by now - %s', async (code, outcome) => {
    const id = await failWith(code);
    items.forgiveMissing();
    if (outcome.includes('refused')) return expect(submit()).rejects.toMatchObject({ code });
    await submit();
    await clock.advance(0);
    expect(items.get(id)?.status).toBe('completed');
  });

  it('and play for somebody who did not submit them - play here, too', async () => {
    const id = await failWith('ARTICLE_MISSING');
    await clock.advance(timeouts.linkGenerationTimeoutMs + 1);
    await jobs.prepare({ source });
    await clock.advance(300);
    expect(items.get(id)?.status).toBe('completed');
    expect(await submit()).toMatchObject({ isCached: true, item: { id } });
  });
});
