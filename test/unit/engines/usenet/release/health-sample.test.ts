import { describe, expect, it } from '@jest/globals';
import type { ArticleRequest } from '../../../../../backend/engines/usenet/article.js';
import {
  askSample,
  chooseSample,
  isDead,
  SAMPLE_SIZE,
} from '../../../../../backend/engines/usenet/release/health-sample.js';
import { requestOf } from '../../../../support/article-lab.js';
import { MemoryArticles, post } from '../../../../support/posted-files.js';

const { signal } = new AbortController();
const requests = (count: number) => Array.from({ length: count }, (_, at) => requestOf(String(at)));

describe('the sample of a release', () => {
  const files = [7_000, 100_000, 3_000].map((bytes, place) =>
    post(new MemoryArticles(), new Uint8Array(bytes), { name: `file${place}`, place }),
  );

  it('articles - are chosen evenly over all files, the first and the last among them', () => {
    const chosen = chooseSample(files, 12).map((request) => request?.messageId);
    expect(chosen).toHaveLength(12);
    expect(new Set(chosen).size).toBe(12);
    expect([chosen[0], chosen.at(-1)]).toEqual(['file0/0', 'file2/2']);
    expect(chosen.filter((id) => id?.startsWith('file1/')).length).toBe(10);
  });

  it('a small release - is asked for whole, one of one article and one of none too', () => {
    expect(chooseSample(files.slice(0, 1), SAMPLE_SIZE).map((request) => request?.messageId)).toEqual(
      Array.from({ length: 7 }, (_, at) => `file0/${at}`),
    );
    expect(chooseSample(files, 1)).toHaveLength(1);
    expect(chooseSample([], SAMPLE_SIZE)).toEqual([]);
  });

  it('more than two in a hundred missing - is dead, whatever was not answered', () => {
    expect(isDead({ asked: 100, missing: 2, unknown: 0 })).toBe(false);
    expect(isDead({ asked: 100, missing: 3, unknown: 0 })).toBe(true);
    expect(isDead({ asked: 100, missing: 1, unknown: 60 })).toBe(true);
    expect(isDead({ asked: 0, missing: 0, unknown: 0 })).toBe(false);
    expect(isDead({ asked: 10, missing: 0, unknown: 10 })).toBe(false);
  });

  it('answers - are counted; what the NZB lacks is missing, what fails is unknown', async () => {
    const source = {
      exists: async ({ messageId }: ArticleRequest) => {
        if (messageId === '3') throw new Error('down');
        return messageId === '1' ? null : true;
      },
    };
    expect(await askSample(requests(60), { source, rank: 'prepare', signal })).toEqual({
      asked: 60,
      missing: 0,
      unknown: 2,
    });
    expect(await askSample([null, ...requests(99)], { source, rank: 'background', signal })).toMatchObject({
      missing: 1,
    });
    expect(await askSample([], { source, rank: 'prepare', signal })).toEqual({ asked: 0, missing: 0, unknown: 0 });
  });

  it('a dead one - is known before everybody has answered', async () => {
    const source = {
      exists: ({ messageId }: ArticleRequest) =>
        Number(messageId) < 2 ? Promise.resolve(false) : new Promise<boolean>(() => undefined),
    };
    const health = await askSample(requests(60), { source, rank: 'prepare', signal });
    expect(isDead(health)).toBe(true);
  });

  it('the signal - is its end', async () => {
    const leaving = new AbortController();
    const source = {
      exists: (_: ArticleRequest, { signal: theirs }: { signal: AbortSignal }) =>
        new Promise<boolean>((_resolve, reject) =>
          theirs.addEventListener('abort', () => reject(theirs.reason as Error), { once: true }),
        ),
    };
    const asking = askSample(requests(3), { source, rank: 'prepare', signal: leaving.signal });
    leaving.abort(new Error('left'));
    await expect(asking).rejects.toThrow('left');
  });
});
