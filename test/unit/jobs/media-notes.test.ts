import { describe, expect, it } from '@jest/globals';
import type { ContentId, Job } from '../../../backend/content/index.js';
import { MediaNotes } from '../../../backend/jobs/index.js';
import { MemoryMediaFile } from '../../support/memory-media-file.js';
import { NotedLog } from '../../support/noted-log.js';
import { until } from '../../support/until.js';

const contentId = 'a'.repeat(40) as ContentId;

describe('MediaNotes', () => {
  it('a completed file - is looked at once and noted; one that cannot be told is left out', async () => {
    let tell = (_: Job): void => undefined;
    const opened: number[] = [];
    const noted: unknown[] = [];
    const notes = new MediaNotes({
      jobs: {
        subscribe: (listener) => {
          tell = listener;
          return () => undefined;
        },
        openContent: async (_id, fileIndex) => {
          opened.push(fileIndex);
          return new MemoryMediaFile(new Uint8Array(10));
        },
      },
      probe: async () => (opened.at(-1) === 2 ? null : { container: 'matroska' }),
      note: (...args) => noted.push(args),
      log: new NotedLog(),
    });
    notes.start();
    const job = (state: Job['state'], fileIndex: number): Job => ({ state, fileIndex, contentId }) as Job;
    tell(job('streamable', 1));
    tell(job('completed', 1));
    tell(job('completed', 1));
    tell(job('completed', 2));
    await until('both are opened', () => opened.length === 2);
    await notes.close();
    expect(opened).toEqual([1, 2]);
    expect(noted).toEqual([[contentId, 1, { container: 'matroska' }]]);
  });
});
