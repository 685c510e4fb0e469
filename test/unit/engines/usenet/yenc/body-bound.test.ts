import { describe, expect, it } from '@jest/globals';
import { BodyBound, MAX_BODY_BYTES } from '../../../../../backend/engines/usenet/yenc/body-bound.js';
import type { BodyProgress } from '../../../../../backend/engines/usenet/yenc/body-bound.js';

const MIB = 1024 * 1024;
const KIB = 1024;

/** After how many bytes, taken by the KiB, and what is said then. */
function excessOf(hintBytes: number, at: (taken: number) => Partial<BodyProgress>): [number, string | null] {
  const bound = new BodyBound(hintBytes);
  for (let taken = KIB; taken <= 2 * MAX_BODY_BYTES; taken += KIB) {
    const excess = bound.count(KIB, { isHead: false, hasFailed: false, decodedBytes: 0, ...at(taken) });
    if (excess !== null) return [taken - KIB, excess];
  }
  return [Infinity, null];
}

describe('bound of a body', () => {
  it.each([
    ['nobody knows', 0, 0, MAX_BODY_BYTES],
    ['the NZB says', MIB, 0, 3 * MIB],
    ['the article says', 0, 2 * MIB, 5 * MIB],
    ['the larger of both', MIB, 2 * MIB, 5 * MIB],
    ['a nonsense', Number.NaN, 0, MAX_BODY_BYTES],
    ['a nonsense', 1e15, 1e15, MAX_BODY_BYTES],
  ])('a size that %s - bounds it', (_, hint, decodedBytes, bytes) => {
    expect(excessOf(hint, () => ({ decodedBytes }))).toEqual([bytes, 'end']);
  });

  it('one that failed - is read to where it was expected to end, and a little further', () => {
    expect(excessOf(3 * MIB, (taken) => ({ hasFailed: taken >= MIB }))).toEqual([4 * MIB, 'end']);
    expect(excessOf(0, (taken) => ({ hasFailed: taken >= 5 * MIB }))).toEqual([6 * MIB, 'end']);
  });

  it('text before the data - is less', () => {
    expect(excessOf(0, () => ({ isHead: true }))).toEqual([64 * KIB, 'head']);
  });
});
