import { describe, expect, it } from '@jest/globals';
import type { ContentId, Job } from '../../../backend/content/index.js';
import { MediaNotes } from '../../../backend/jobs/index.js';
import { MemoryMediaFile } from '../../support/memory-media-file.js';
import { NotedLog } from '../../support/noted-log.js';
import { until } from '../../support/until.js';

const contentId = 'a'.repeat(40) as ContentId;

describe('MediaNotes', () => {
  it('a completed file - is looked at once and noted; what cannot be told is left out', async () => {
    let tell = (_: Job): void => undefined;
    const opened: number[] = [];
    const noted: unknown[] = [];
    const isOne = (...indexes: readonly number[]): boolean => indexes.includes(opened.at(-1) ?? -1);
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
      probe: async () => {
        if (isOne(4)) throw new Error('ffprobe is at odds with it');
        return isOne(2) ? null : { container: 'matroska' };
      },
      hash: async () => {
        if (isOne(3)) throw new Error('its end cannot be had');
        return isOne(1, 4) ? '00000000000000ff' : null;
      },
      note: (...args) => noted.push(args),
      log: new NotedLog(),
    });
    notes.start();
    const job = (state: Job['state'], fileIndex: number): Job => ({ state, fileIndex, contentId }) as Job;
    tell(job('streamable', 1));
    tell(job('completed', 1));
    tell(job('completed', 1));
    for (const fileIndex of [2, 3, 4, 5]) tell(job('completed', fileIndex));
    await until('all are noted', () => noted.length === 4);
    await notes.close();
    expect(opened).toEqual([1, 2, 3, 4, 5]);
    expect(noted).toEqual([
      [contentId, 1, { container: 'matroska', videoHash: '00000000000000ff' }],
      [contentId, 3, { container: 'matroska' }],
      [contentId, 4, { videoHash: '00000000000000ff' }],
      [contentId, 5, { container: 'matroska' }],
    ]);
  });
});
