// A process of its own that asks the server for /health again and again while others load it: how long it takes is how long
// the server's event loop keeps anyone waiting. Asks on time whether or not the last answer is there. Ends with its parent.

import { Agent, get } from 'node:http';

import { percentile } from './measure.js';

/** What the parent sends to begin, and again to end and hear the numbers. */
export interface HealthTask {
  readonly url: string;
}

/** What it answers to the second message. */
export interface HealthNumbers {
  readonly asked: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

const everyMs = 20;
const waits: number[] = [];
const agent = new Agent({ keepAlive: true });
let timer: NodeJS.Timeout | null = null;

function ask(url: string): void {
  const started = performance.now();
  get(url, { agent }, (response) => {
    response.resume();
    response.on('end', () => waits.push(performance.now() - started));
  }).on('error', () => waits.push(Infinity));
}

process.on('message', ({ url }: HealthTask) => {
  if (timer === null) {
    timer = setInterval(() => ask(url), everyMs);
    process.send?.({});
    return;
  }
  clearInterval(timer);
  const sorted = waits.sort((one, other) => one - other);
  const numbers: HealthNumbers = {
    asked: sorted.length,
    p50Ms: percentile(sorted, 0.5),
    p99Ms: percentile(sorted, 0.99),
    maxMs: sorted.at(-1) ?? NaN,
  };
  process.send?.(numbers);
});
process.on('disconnect', () => process.exit(0));
