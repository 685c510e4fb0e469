import { describe, expect, it } from '@jest/globals';
import {
  TimeoutError,
  UnplayableError,
  type ContentId,
  type Job,
  type JobState,
} from '../../../backend/content/index.js';
import { afterFailure, atStart, followed } from '../../../backend/jobs/item-progress.js';
import type { Item } from '../../../backend/jobs/index.js';

const contentId = 'a'.repeat(64) as ContentId;
const item: Item = {
  ...{ id: 1, nzoId: 'nzo', itemKey: 'key', contentId, kind: 'nzb', name: 'Film', category: 'tv', folder: 'Film' },
  ...atStart(1),
};

function job(state: JobState, more: Partial<Job> = {}): Job {
  const times = { createdAt: 1, usedAt: 1, expiresAt: 2 };
  const file = { fileIndex: null, fileName: null, fileSizeBytes: null };
  const base = {
    id: 'job',
    contentId,
    sourceKind: 'nzb',
    progress: 42,
    message: 'm',
    method: null,
    error: null,
  } as const;
  return { ...base, ...file, ...times, state, ...more };
}

describe('item progress', () => {
  it('item progress - every state of a job is a status of its item', () => {
    const states: readonly JobState[] = [
      ...(['queued', 'resolving', 'connecting', 'downloading', 'streamable'] as const),
      ...(['completed', 'failed', 'cancelled'] as const),
    ];
    const seen = states.map((state) => followed(item, job(state), { now: 9, isPlayable: false }));
    expect(seen.map(({ status }) => status)).toEqual([
      ...['queued', 'processing', 'processing', 'processing', 'streamable', 'completed', 'failed', 'failed'],
    ]);
    expect(seen.map(({ completedAt }) => completedAt)).toEqual([null, null, null, null, null, 9, 9, 9]);
    expect(seen.every(({ stage, percentage }, place) => stage === states[place] && percentage === 42)).toBe(true);
  });

  it('item progress - a new attempt clears what failed', () => {
    const failed = followed(item, job('failed', { error: { code: 'X', message: 'x' } }), { now: 9, isPlayable: false });
    expect(failed.error).toEqual({ code: 'X', message: 'x' });
    expect(followed({ ...failed, failedAt: 9 }, job('queued'), { now: 10, isPlayable: false })).toMatchObject({
      error: null,
      failedAt: null,
      completedAt: null,
    });
  });

  it('item progress - only the release’s own faults are held against it', () => {
    const errors = [
      new UnplayableError('m', 'ARTICLE_MISSING'),
      new UnplayableError('m', 'EPISODE_NOT_FOUND'),
      new TimeoutError('m', { code: 'ARTICLE_MISSING' }),
      new Error('m'),
    ];
    expect(errors.map((error) => afterFailure(item, error, 9).failedAt)).toEqual([9, null, null, null]);
  });

  it('item progress - what plays is kept as it is by another attempt, until that plays or the release is to blame', () => {
    const playing: Item = { ...item, status: 'streamable', stage: 'streamable', percentage: 100 };
    const after = (state: JobState, isPlayable = true): Item => followed(playing, job(state), { now: 9, isPlayable });
    for (const state of ['queued', 'connecting', 'failed', 'cancelled'] as const) expect(after(state)).toBe(playing);
    expect(after('completed').status).toBe('completed');
    expect(after('failed', false).status).toBe('failed');
    expect(afterFailure(playing, new TimeoutError('m'), 9)).toBe(playing);
    expect(afterFailure(playing, new UnplayableError('m', 'ARTICLE_MISSING'), 9)).toMatchObject({
      ...{ status: 'failed', stage: 'failed', percentage: 0, completedAt: 9, failedAt: 9 },
      error: { code: 'ARTICLE_MISSING', message: 'm' },
    });
  });
});
