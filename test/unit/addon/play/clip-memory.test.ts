import { describe, expect, it } from '@jest/globals';
import { ClipMemory } from '../../../../addon/play/clip-memory.js';
import { ManualClock } from '../../../support/manual-clock.js';

function shown(): { clock: ManualClock; memory: ClipMemory } {
  const clock = new ManualClock();
  const memory = new ClipMemory(clock);
  memory.note('/a', 'no-peers', 1_000);
  return { clock, memory };
}

describe('clip memory', () => {
  it('burst - every request of one tap gets the clip, the next tap does not', async () => {
    const { clock, memory } = shown();
    expect([memory.recallBurst('/a'), memory.recallBurst('/b')]).toEqual(['no-peers', null]);
    await clock.advance(6_000);
    expect(memory.recallBurst('/a')).toBeNull();
  });

  it('seek - inside the clip stays in the clip for as long as it claims to last', async () => {
    const { clock, memory } = shown();
    await clock.advance(20 * 60_000);
    expect(memory.recallSeek('/a', 'bytes=500-')).toBe('no-peers');
    expect(memory.recallSeek('/a', 'bytes=5000-')).toBeNull();
    await clock.advance(20 * 60_000);
    expect(memory.recallSeek('/a', 'bytes=500-')).toBeNull();
  });

  it('real bytes - make it forget', () => {
    const { memory } = shown();
    memory.forget('/a');
    expect(memory.recallSeek('/a', 'bytes=500-')).toBeNull();
  });

  it('bound - the address not asked for longest is dropped when full', () => {
    const { memory } = shown();
    for (let index = 0; index < 1_000; index += 1) memory.note(`/${index}`, 'busy', 10);
    expect(memory.recallBurst('/a')).toBeNull();
  });
});
