import { describe, expect, it } from '@jest/globals';
import { BlockTimes } from '../../../../../backend/engines/torrent/demand/late-blocks.js';

function timesOf(...list: readonly number[]): BlockTimes {
  const times = new BlockTimes();
  for (const ms of list) times.add(ms);
  return times;
}

describe('late blocks', () => {
  it('late blocks - are those that take twice the median', () => {
    expect(timesOf(100, 200, 300, 400, 500, 600, 700, 800, 900).deadlineMs).toBe(1000);
  });

  it('late blocks - one slow block does not move the deadline', () => {
    const even = timesOf(...new Array<number>(20).fill(200));
    even.add(60_000);
    expect(even.deadlineMs).toBe(400);
  });

  it('late blocks - are waited for two seconds while little is known, and never less than a moment', () => {
    expect(timesOf(10, 10, 10).deadlineMs).toBe(2000);
    expect(timesOf(...new Array<number>(10).fill(1)).deadlineMs).toBe(120);
  });

  it('late blocks - old times are forgotten', () => {
    const times = timesOf(...new Array<number>(64).fill(5000));
    for (let count = 0; count < 64; count++) times.add(300);
    expect(times.deadlineMs).toBe(600);
  });
});
