import { afterEach, describe, expect, it } from '@jest/globals';
import { AvailabilityCheck } from '../../../../backend/engines/usenet/availability-check.js';
import type { ArticleRequest } from '../../../../backend/engines/usenet/article.js';
import { ManualClock } from '../../../support/manual-clock.js';
import { NotedLog } from '../../../support/noted-log.js';
import { MemoryArticles, post, testContent } from '../../../support/posted-files.js';
import { until } from '../../../support/until.js';

describe('AvailabilityCheck', () => {
  const clock = new ManualClock();
  let isIdle = true;
  const asked: string[] = [];
  const source = {
    exists: async ({ messageId }: ArticleRequest): Promise<boolean | null> => {
      asked.push(messageId);
      return messageId !== 'film.mkv/7';
    },
  };
  const check = new AvailabilityCheck({ source, isIdle: () => isIdle, clock, log: new NotedLog() });
  afterEach(() => check.close());

  it('every article - is asked for once, and only while nothing else is to be done', async () => {
    const file = post(new MemoryArticles(), new Uint8Array(120_000));
    isIdle = false;
    check.add(testContent, [file]);
    await clock.advance(5_000);
    expect(asked).toEqual([]);
    isIdle = true;
    await until('all are asked for', async () => {
      await clock.advance(250);
      return check.resultOf(testContent)?.checked === 120;
    });
    expect(check.resultOf(testContent)).toEqual({ articles: 120, checked: 120, missing: 1 });
    expect(new Set(asked).size).toBe(120);
    check.add(testContent, [file]);
    await clock.advance(5_000);
    expect(asked).toHaveLength(120);
  });
});
