import { describe, expect, it } from '@jest/globals';
import { ask, createHarness, film, finish, signal, source } from './job-harness.js';

const id = film.contentId;
const WHOLE = { start: 0, end: 10 };

describe('what is in use', () => {
  it('job manager - a content is in use while it is prepared, and not once that is done', async () => {
    const harness = createHarness();
    expect(harness.jobs.isInUse(id)).toBe(false);
    await ask(harness, { source });
    expect(harness.jobs.isInUse(id)).toBe(true);
    await finish(harness);
    expect(harness.jobs.isInUse(id)).toBe(false);
  });

  it('job manager - a content is in use while somebody reads it, and was used until then', async () => {
    const harness = createHarness();
    harness.library.remember(film);
    const { jobs, library } = harness;
    const reader = (await jobs.openContent(id, 1, { signal })).open(WHOLE, { signal })[Symbol.asyncIterator]();
    const other = (await jobs.openContent(id, 1, { signal })).open(WHOLE, { signal })[Symbol.asyncIterator]();
    expect(jobs.isInUse(id)).toBe(false);
    await reader.next();
    await other.next();
    expect(jobs.isInUse(id)).toBe(true);
    const touched = library.touched.length;
    await reader.return?.();
    expect(jobs.isInUse(id)).toBe(true);
    await other.return?.();
    expect([jobs.isInUse(id), library.touched.length - touched]).toEqual([false, 2]);
  });
});
