import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ContentId } from '../../../../backend/content/index.js';
import { AvailabilityCheck } from '../../../../backend/engines/usenet/availability-check.js';
import type { ArticleRequest } from '../../../../backend/engines/usenet/article.js';
import type { PostedFile } from '../../../../backend/engines/usenet/files/posted-file.js';
import { ManualClock } from '../../../support/manual-clock.js';
import { NotedLog } from '../../../support/noted-log.js';
import { MemoryArticles, post, testContent } from '../../../support/posted-files.js';
import { until } from '../../../support/until.js';

const other = 'd'.repeat(64) as ContentId;

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
  let check: AvailabilityCheck;
  beforeEach(() => {
    check = new AvailabilityCheck({ source, isIdle: () => isIdle, clock, log: new NotedLog() });
    asked.length = 0;
    isIdle = true;
  });
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

  it('files of any length - are gone through one after the other, their requests made as they come', async () => {
    const lengths = [0, 70, 0, 0, 30, 0];
    let made = 0;
    const files = lengths.map((segmentCount, place) => ({
      segmentCount,
      request: (index: number) => {
        made += 1;
        return { messageId: `${place}/${index}`, sizeBytes: 1, contentId: other };
      },
    }));
    isIdle = false;
    check.add(other, files as unknown as readonly PostedFile[]);
    expect([made, check.resultOf(other)?.articles]).toEqual([0, 100]);
    isIdle = true;
    await until('all are asked for', async () => {
      await clock.advance(250);
      return check.resultOf(other)?.checked === 100;
    });
    expect(asked).toEqual(
      lengths.flatMap((length, place) => Array.from({ length }, (_, index) => `${place}/${index}`)),
    );
  });

  it('what waits - is bounded by its articles; the newest is checked in any case', async () => {
    const huge = (name: string) => ({
      segmentCount: 1_000_000,
      request: () => ({ messageId: name, sizeBytes: 1, contentId: other }),
    });
    for (const [name, id] of [
      ['old', testContent],
      ['new', other],
    ] as const)
      // prettier-ignore
      check.add(id, [huge(name)] as unknown as readonly PostedFile[]);
    await until('a round was asked', async () => {
      await clock.advance(250);
      return asked.length > 0;
    });
    expect(new Set(asked)).toEqual(new Set(['new']));
  });
});
