import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  isActive,
  isFailed,
  isReady,
  QUEUED,
  transition,
  type JobEvent,
  type JobStatus,
} from '../../../backend/jobs/job-machine.js';

const report = (stage: 'resolving' | 'connecting' | 'downloading', fraction: number, message = stage): JobEvent => ({
  type: 'stageReported',
  report: { stage, fraction, message },
  method: 'p2p',
});
const streamable: JobEvent = { type: 'becameStreamable', method: 'p2p' };
const completed: JobEvent = { type: 'completed' };
const failed: JobEvent = { type: 'failed', error: { code: 'NO_PEERS', message: 'no peers' } };
const cancelled: JobEvent = { type: 'cancelled' };

const after = (...events: JobEvent[]): JobStatus => events.reduce(transition, QUEUED as JobStatus);

describe('job machine', () => {
  const shares: [string, JobEvent, string, number][] = [
    ['resolving begins at 0', report('resolving', 0), 'resolving', 0],
    ['resolving ends at 10', report('resolving', 1), 'resolving', 10],
    ['connecting begins at 10', report('connecting', 0), 'connecting', 10],
    ['connecting in the middle', report('connecting', 0.5), 'connecting', 30],
    ['connecting ends at 50', report('connecting', 1), 'connecting', 50],
    ['downloading begins at 50', report('downloading', 0), 'downloading', 50],
    ['downloading never says 100', report('downloading', 1), 'downloading', 99],
    ['a fraction below 0', report('connecting', -3), 'connecting', 10],
    ['a fraction above 1', report('connecting', 7), 'connecting', 50],
    ['no number at all', report('connecting', Number.NaN), 'connecting', 10],
  ];
  it.each(shares)('job machine - %s', (_title, event, state, progress) => {
    expect(after(event)).toMatchObject({ state, progress });
  });

  it('job machine - goes the whole way', () => {
    const way = [
      report('resolving', 0.5),
      report('connecting', 0.5),
      report('downloading', 0.5),
      streamable,
      completed,
    ];
    const states: JobStatus[] = [];
    way.reduce<JobStatus>((status, event) => {
      const next = transition(status, event);
      states.push(next);
      return next;
    }, QUEUED);
    expect(states.map(({ state, progress }) => [state, progress])).toEqual([
      ['resolving', 5],
      ['connecting', 30],
      ['downloading', 74],
      ['streamable', 100],
      ['completed', 100],
    ]);
  });

  it('job machine - a late report of an earlier stage changes neither state nor progress', () => {
    const before = after(report('downloading', 0.5));
    expect(transition(before, report('connecting', 1))).toBe(before);
  });

  it('job machine - says where the bytes come from', () => {
    expect(after(report('downloading', 0.1))).toMatchObject({ message: 'Downloading from p2p…' });
    expect(after(streamable)).toMatchObject({ message: 'Stream ready via p2p', method: 'p2p' });
  });

  it('job machine - a failure takes the progress back and names its reason', () => {
    expect(after(report('connecting', 1), failed)).toEqual({
      state: 'failed',
      progress: 0,
      message: 'Stream preparation failed: no peers',
      error: { code: 'NO_PEERS', message: 'no peers' },
    });
  });

  it('job machine - a cancelled job says so', () => {
    expect(after(streamable, cancelled)).toMatchObject({
      state: 'cancelled',
      progress: 0,
      error: { message: 'Cancelled' },
    });
  });

  it('job machine - nothing follows the end', () => {
    for (const end of [after(failed), after(cancelled), after(streamable, completed)]) {
      for (const event of [report('connecting', 1), streamable, completed, failed, cancelled]) {
        expect(transition(end, event)).toBe(end);
      }
    }
  });

  it('job machine - completes only what is streamable', () => {
    expect(transition(QUEUED, completed)).toBe(QUEUED);
  });

  it('job machine - whatever comes in whatever order, progress never falls before the end', () => {
    const stage = fc.record({
      type: fc.constant('stageReported' as const),
      report: fc.record({
        stage: fc.constantFrom('resolving' as const, 'connecting' as const, 'downloading' as const),
        fraction: fc.double(),
        message: fc.string(),
      }),
      method: fc.constant('p2p' as const),
    });
    const event = fc.oneof({ weight: 8, arbitrary: stage }, fc.constantFrom(streamable, completed, failed, cancelled));
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), (events) => {
        let status: JobStatus = QUEUED;
        for (const each of events) {
          const next: JobStatus = transition(status, each);
          if (!isFailed(next)) expect(next.progress).toBeGreaterThanOrEqual(status.progress);
          expect(next.progress === 100).toBe(isReady(next));
          expect([isActive(next), isReady(next), isFailed(next)].filter(Boolean)).toHaveLength(1);
          status = next;
        }
      }),
    );
  });
});
