import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ArticleRank } from '../../../../../backend/engines/usenet/article.js';
import { ManualClock } from '../../../../support/manual-clock.js';
import { PoolLab, request, wanted } from '../../../../support/pool-lab.js';
import { postedArticle } from '../../../../support/small-news-server.js';
import { until } from '../../../../support/until.js';

const { data, body } = postedArticle(3000);

describe('hedging', () => {
  let lab: PoolLab;
  let clock: ManualClock;
  beforeEach(() => {
    lab = new PoolLab();
    clock = new ManualClock();
  });
  afterEach(async () => {
    await lab.close();
    expect(lab.slots.out).toBe(0);
  });

  it('a late article of a reader - is had from another provider, and the late copy is dropped', async () => {
    const stuck = await lab.server({ answer: (line) => (line.startsWith('BODY') ? null : undefined) });
    const other = await lab.server({ articles: { a: body } });
    const pool = lab.pool([stuck.provider(), other.provider({ priority: 1 })], { clock });
    const fetched = pool.fetch(request('a'), wanted('play'));
    await until('it was asked for', () => stuck.count('BODY') === 1);
    const keepTurning = until('it came', async () => {
      await clock.advance(500);
      return other.count('BODY') === 1;
    });
    const { bytes, slot } = await fetched;
    await keepTurning;
    expect(Buffer.from(bytes)).toEqual(data);
    lab.slots.give(slot);
    expect(pool.isIdle).toBe(true);
  });

  it('with one provider - another connection is asked', async () => {
    const server = await lab.server({
      articles: { a: body },
      answer: (line, session) => (line.startsWith('BODY') && session.number === 1 ? null : undefined),
    });
    const pool = lab.pool([server.provider()], { clock });
    const fetched = pool.fetch(request('a'), wanted('play'));
    await until('it was asked for', () => server.count('BODY') === 1);
    const keepTurning = until('it came', async () => {
      await clock.advance(200);
      return server.count('BODY') === 2;
    });
    lab.slots.give((await fetched).slot);
    await keepTurning;
    expect(server.sessions).toHaveLength(2);
  });

  it('what nobody waits for yet - is not asked for twice, until somebody does', async () => {
    const stuck = await lab.server({ answer: (line) => (line.startsWith('BODY') ? null : undefined) });
    const other = await lab.server({ articles: { a: body } });
    const pool = lab.pool([stuck.provider(), other.provider({ priority: 1 })], { clock });
    const now: { rank: ArticleRank } = { rank: 'ahead' };
    const demand = { owner: now, urgency: () => ({ rank: now.rank, distance: 0 }) };
    const fetched = pool.fetch(request('a'), { demand, signal: new AbortController().signal });
    await until('it was asked for', () => stuck.count('BODY') === 1);
    await clock.advance(5000);
    expect(other.count('BODY')).toBe(0);
    now.rank = 'play';
    const keepTurning = until('it came', async () => {
      await clock.advance(100);
      return other.count('BODY') === 1;
    });
    lab.slots.give((await fetched).slot);
    await keepTurning;
  });

  it('a provider that fell silent - has its backup asked before itself, for what is prepared too', async () => {
    const silent = await lab.server({ answer: (line) => (line.startsWith('BODY') ? null : undefined) });
    const backup = await lab.server({ articles: { a: body } });
    const pool = lab.pool([silent.provider(), backup.provider({ isBackup: true })], { clock });
    const fetched = pool.fetch(request('a'), wanted('prepare'));
    await until('it was asked for', () => silent.count('BODY') === 1);
    const keepTurning = until('it came', async () => {
      await clock.advance(200);
      return backup.count('BODY') === 1;
    });
    lab.slots.give((await fetched).slot);
    await keepTurning;
    expect(silent.count('BODY')).toBe(1);
  });
});
