import { describe, expect, it } from '@jest/globals';
import { LatencyMeter } from '../../../../../backend/engines/usenet/pool/latency.js';

function meter(...samples: number[]): LatencyMeter {
  const made = new LatencyMeter();
  for (const ms of samples) made.add(ms);
  return made;
}

describe('latency meter', () => {
  it('the deadline - follows what articles took, within bounds', () => {
    const twenty = (ms: number): number[] => new Array<number>(20).fill(ms);
    expect(meter().deadlineMs).toBe(1500);
    expect(meter(...twenty(10)).deadlineMs).toBe(300);
    expect(meter(...twenty(1000)).deadlineMs).toBe(1500);
    expect(meter(...twenty(60_000)).deadlineMs).toBe(5000);
  });

  it('what was long ago - does not count', () => {
    const old = new Array<number>(64).fill(3000);
    const recent = new Array<number>(64).fill(400);
    expect(meter(...old, ...recent).deadlineMs).toBe(600);
  });
});
