import { describe, expect, it } from '@jest/globals';
import { RequestPipeline } from '../../../../../backend/engines/torrent/demand/pipeline.js';
import { BLOCK_BYTES } from '../../../../../backend/engines/torrent/geometry.js';

/** Lets a peer answer at `bytesPerSecond` for a while; hands back the time. */
function answer(pipeline: RequestPipeline, bytesPerSecond: number, fromMs: number, seconds: number): number {
  const blocks = Math.floor((bytesPerSecond * seconds) / BLOCK_BYTES);
  for (let block = 1; block <= blocks; block++) {
    pipeline.received(BLOCK_BYTES, fromMs + (block * seconds * 1000) / blocks);
  }
  return fromMs + seconds * 1000;
}

describe('request pipeline', () => {
  it('request pipeline - starts with a few requests and opens with every answer', () => {
    const pipeline = new RequestPipeline(0);
    const first = pipeline.limit;
    expect(first).toBeLessThanOrEqual(4);
    for (let block = 0; block < 16; block++) pipeline.received(BLOCK_BYTES, block);
    expect(pipeline.limit).toBe(first + 16);
  });

  it('request pipeline - settles at about a second of what the peer gives', () => {
    const pipeline = new RequestPipeline(0, 2000);
    answer(pipeline, 2 * 1024 * 1024, 0, 6);
    expect(pipeline.rate).toBeGreaterThan(1.8 * 1024 * 1024);
    expect(pipeline.rate).toBeLessThan(2.2 * 1024 * 1024);
    expect(pipeline.limit * BLOCK_BYTES).toBeLessThan(2.4 * 1024 * 1024);
    expect(pipeline.limit * BLOCK_BYTES).toBeGreaterThan(1.6 * 1024 * 1024);
  });

  it('request pipeline - follows a peer that becomes slow', () => {
    const pipeline = new RequestPipeline(0, 2000);
    const later = answer(pipeline, 4 * 1024 * 1024, 0, 4);
    answer(pipeline, 256 * 1024, later, 8);
    expect(pipeline.limit * BLOCK_BYTES).toBeLessThan(512 * 1024);
  });

  it('request pipeline - never asks for more than the peer says it queues, nor than 512', () => {
    const polite = new RequestPipeline(0);
    polite.setPeerQueue(5);
    answer(polite, 1024 * 1024, 0, 3);
    expect(polite.limit).toBe(5);
    for (const nonsense of [0, -3, 1.5, Number.NaN]) polite.setPeerQueue(nonsense);
    expect(polite.limit).toBe(5);
    const greedy = new RequestPipeline(0, 1_000_000);
    answer(greedy, 100 * 1024 * 1024, 0, 3);
    expect(greedy.limit).toBe(512);
  });

  it('request pipeline - halves when requests are refused or late, and keeps two', () => {
    const pipeline = new RequestPipeline(0);
    for (let block = 0; block < 28; block++) pipeline.received(BLOCK_BYTES, block);
    const before = pipeline.limit;
    pipeline.backOff();
    expect(pipeline.limit).toBe(before / 2);
    for (let count = 0; count < 10; count++) pipeline.backOff();
    expect(pipeline.limit).toBe(2);
  });
});
