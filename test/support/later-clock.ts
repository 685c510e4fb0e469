// The machine's clock, some time later: what is kept grows old between two requests, and waits are as long as ever.

import { systemClock, type Clock } from '../../backend/platform/index.js';

export class LaterClock implements Clock {
  /** How much later. */
  offsetMs = 0;
  readonly sleep: Clock['sleep'] = (ms, options) => systemClock.sleep(ms, options);
  readonly every: Clock['every'] = (ms, run) => systemClock.every(ms, run);
  readonly after: Clock['after'] = (ms, run) => systemClock.after(ms, run);
  readonly now: Clock['now'] = () => systemClock.now() + this.offsetMs;
}
