import { describe, expect, it } from '@jest/globals';
import { MissingMemory } from '../../../../../backend/engines/usenet/pool/missing-memory.js';

const article = (messageId: string): { messageId: string; contentId: string } => ({ messageId, contentId: 'r' });

describe('memory of what is missing', () => {
  it('a miss - is remembered for a minute, for its group alone', () => {
    const memory = new MissingMemory();
    memory.missed('a', article('m'), 1000);
    expect([memory.isMissing('a', 'm', 60_999), memory.isMissing('a', 'm', 61_000)]).toEqual([true, false]);
    expect([memory.isMissing('b', 'm', 1000), memory.isMissing('a', 'n', 1000)]).toEqual([false, false]);
  });

  it('a release that is tried again - is asked for everywhere', () => {
    const memory = new MissingMemory();
    for (const id of ['1', '2', '3']) memory.missed('a', article(id), 0);
    memory.missed('a', { messageId: 'other', contentId: 'q' }, 0);
    memory.had('b', 'r');
    memory.forget('r');
    expect([memory.isMissing('a', '1', 0), memory.isMissing('a', 'other', 0)]).toEqual([false, true]);
    expect(memory.isUnlikely('a', 'r')).toBe(false);
  });

  it('misses - beyond twenty thousand push out the oldest', () => {
    const memory = new MissingMemory();
    for (let index = 0; index <= 20_000; index += 1) memory.missed('a', article(`m${index}`), 0);
    expect([memory.isMissing('a', 'm0', 0), memory.isMissing('a', 'm20000', 0)]).toEqual([false, true]);
  });

  it('a release - is looked for elsewhere after three misses in a row, once another had it', () => {
    const memory = new MissingMemory();
    for (const id of ['1', '2', '3']) memory.missed('a', article(id), 0);
    expect(memory.isUnlikely('a', 'r')).toBe(false);
    memory.had('b', 'r');
    expect([memory.isUnlikely('a', 'r'), memory.isUnlikely('b', 'r')]).toEqual([true, false]);
    memory.had('a', 'r');
    expect(memory.isUnlikely('a', 'r')).toBe(false);
  });
});
