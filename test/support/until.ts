// Waiting for what another process does: asks again until the answer is right. For what has no event to wait for.

import { setTimeout as delay } from 'node:timers/promises';

/** Resolves with the first answer that is neither null nor false; rejects with `what` after `timeoutMs`. */
export async function until<T>(
  what: string,
  look: () => Promise<T | null | false> | T | null | false,
  options: { timeoutMs?: number; everyMs?: number } = {},
): Promise<T> {
  const deadline = Date.now() + (options.timeoutMs ?? 120_000);
  for (;;) {
    const seen = await look();
    if (seen !== null && seen !== false) return seen;
    if (Date.now() > deadline) throw new Error(`In vain waited until ${what}.`);
    await delay(options.everyMs ?? 50);
  }
}
