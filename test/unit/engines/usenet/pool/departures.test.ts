import { describe, expect, it } from '@jest/globals';
import { getEventListeners } from 'node:events';
import { Departures } from '../../../../../backend/engines/usenet/pool/departures.js';

describe('departures', () => {
  it('one signal - has one listener however many wait, and none in the end', () => {
    const departures = new Departures();
    const leaver = new AbortController();
    const left: number[] = [];
    const stays = Array.from({ length: 1000 }, (_, index) => departures.expect(leaver.signal, () => left.push(index)));
    expect(getEventListeners(leaver.signal, 'abort')).toHaveLength(1);
    for (const stay of stays.slice(2)) stay();
    leaver.abort();
    expect(left).toEqual([0, 1]);
    expect(getEventListeners(leaver.signal, 'abort')).toHaveLength(0);
  });

  it('when all have stayed - nobody listens', () => {
    const departures = new Departures();
    const { signal } = new AbortController();
    departures.expect(signal, () => undefined)();
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });
});
