// Which requests are the same preparation, by what was wished for.

import { describe, expect, it } from '@jest/globals';
import { UnplayableError, type EpisodeWish } from '../../../backend/content/index.js';
import { torrentRelease } from '../../support/fake-engine.js';
import { ask, createHarness, finish } from './job-harness.js';

const two = (number: number): string => String(number).padStart(2, '0');
/** Twelve episodes of each of two seasons, counted through. */
const pack = torrentRelease(
  'pack',
  Array.from({ length: 24 }, (_, at) => [`Show - ${two(at + 1)}.mkv`, 5_000 + at] as [string, number]),
);
const { source } = pack;
const third: EpisodeWish = { season: 2, episode: 3 };

describe('job wishes', () => {
  it.each<[string, EpisodeWish, string, string]>([
    ['the number counted through', { ...third, absolute: 15 }, 'Show - 03.mkv', 'Show - 15.mkv'],
    ['the season of the release', { ...third, season: 1, releaseSeason: 2 }, 'S02E03.mkv', 'S02E03.mkv'],
    ['the day', { ...third, airDate: '2024-03-05' }, 'Show 2x03.mkv', 'Show 2x03.mkv'],
  ])('%s - told or not are two wishes, and each gets its own file', async (_what, more, plainFile, toldFile) => {
    const files = [...pack.files.map(({ name }) => name), ...(plainFile === toldFile ? [plainFile] : [])];
    const release = torrentRelease(
      'mixed',
      files.map((name) => [name, 5_000]),
    );
    const harness = createHarness();
    const plain = await ask(harness, { source: release.source, episode: third });
    const told = await ask(harness, { source: release.source, episode: more });
    expect(told.id).not.toBe(plain.id);
    await finish(harness, release);
    const nameOf = (id: string) => harness.jobs.get(id)?.fileName;
    expect([nameOf(plain.id), nameOf(told.id)]).toEqual([plainFile, toldFile]);
    expect(harness.jobs.list()).toHaveLength(plainFile === toldFile ? 1 : 2);
  });

  it('find - is the job of exactly this wish, however many others the content has', async () => {
    const harness = createHarness();
    const { jobs } = harness;
    expect(jobs.find({ source })).toBeNull();
    const episode = await ask(harness, { source, episode: { ...third, absolute: 15 } });
    expect(jobs.find({ source })).toBeNull();
    expect(jobs.find({ source, episode: third })).toBeNull();
    const film = await ask(harness, { source });
    expect(jobs.find({ source, episode: { ...third, absolute: 15 } })?.id).toBe(episode.id);
    expect(jobs.find({ source })?.id).toBe(film.id);
    await finish(harness, pack);
    expect(jobs.find({ source, fileIndex: 14 })?.id).toBe(episode.id);
    expect(jobs.find({ source, fileIndex: 23 })?.id).toBe(film.id);
    expect(jobs.find({ source, fileIndex: 5 })).toBeNull();
  });

  it('find - is the newest one that failed, before and after a restart', async () => {
    const harness = createHarness();
    const wish = { source, episode: { ...third, absolute: 15 } };
    const fail = async (): Promise<string> => {
      const { id } = await ask(harness, wish);
      for (const call of harness.engine.resolving.splice(0)) call.resolve(pack);
      await harness.clock.advance(0);
      for (const call of harness.engine.preparing.splice(0))
        call.reject(new UnplayableError('Gone.', 'ARTICLE_MISSING'));
      await harness.clock.advance(0);
      return id;
    };
    await fail();
    const last = await fail();
    const again = harness.again();
    await again.start();
    for (const jobs of [harness.jobs, again]) {
      expect(jobs.find(wish)).toMatchObject({ id: last, state: 'failed' });
      expect(jobs.find({ source, fileIndex: 14 })?.id).toBe(last);
      expect(jobs.find({ source, episode: third })).toBeNull();
      expect(jobs.find({ source })).toBeNull();
    }
  });
});
