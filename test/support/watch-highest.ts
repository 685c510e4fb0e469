// The worst of something measured again and again while a test runs: disk, memory, connections.

import { setTimeout as delay } from 'node:timers/promises';

/** Measures until `stop`, which answers the highest value seen. */
export function watchHighest(measure: () => Promise<number>, everyMs = 20): { stop(): Promise<number> } {
  const ending = new AbortController();
  let highest = 0;
  const watching = (async () => {
    while (!ending.signal.aborted) {
      highest = Math.max(highest, await measure());
      await delay(everyMs, undefined, { signal: ending.signal }).catch(() => undefined);
    }
  })();
  watching.catch(() => undefined);
  return {
    stop: async () => {
      ending.abort();
      await watching;
      return highest;
    },
  };
}
