// Releases that were tried in vain, as they are kept.

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ContentId } from '../../../backend/content/index.js';
import { Sealer } from '../../../backend/platform/index.js';
import { FailedReleases, openDatabase } from '../../../backend/storage/index.js';
import type { Database, FailedRelease } from '../../../backend/storage/index.js';

const failure = (digit: string, failedAt: number, code = 'NO_PEERS'): FailedRelease => ({
  contentKey: digit.repeat(40) as ContentId,
  fileIndex: null,
  code,
  failedAt,
});
let database: Database;
let failures: FailedReleases;

beforeEach(() => {
  database = openDatabase(':memory:', { sealer: new Sealer('k'.repeat(32)) });
  failures = new FailedReleases(database);
});

afterEach(() => database.close());

describe('failed releases', () => {
  it('a failure - is there until it is deleted, the last one of a content', () => {
    failures.put(failure('a', 1));
    failures.put(failure('b', 2));
    failures.put(failure('a', 3, 'NO_VIDEO'));
    expect(failures.list()).toEqual([failure('b', 2), failure('a', 3, 'NO_VIDEO')]);
    failures.delete(failure('b', 2));
    failures.delete(failure('b', 2));
    expect(failures.list()).toEqual([failure('a', 3, 'NO_VIDEO')]);
  });

  it('a failure of one file - stands beside those of others, and of the whole', () => {
    const all = [failure('a', 1), { ...failure('a', 2), fileIndex: 0 }, { ...failure('a', 3), fileIndex: 12 }];
    for (const one of all) failures.put(one);
    expect(failures.list()).toEqual(all);
    failures.delete({ ...failure('a', 0), fileIndex: 0 });
    expect(failures.list()).toEqual([all[0], all[2]]);
  });

  it('sweeping - drops the old', () => {
    for (const at of [1, 2, 3]) failures.put(failure(String(at), at));
    failures.sweep(1, 10);
    expect(failures.list().map(({ failedAt }) => failedAt)).toEqual([2, 3]);
  });

  it('sweeping when full - leaves the latest', () => {
    for (const at of [1, 2, 3, 4]) failures.put(failure(String(at), at));
    failures.sweep(0, 2);
    expect(failures.list().map(({ failedAt }) => failedAt)).toEqual([3, 4]);
  });
});
