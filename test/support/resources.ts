// What a test starts, ends with the test: one list of closers, run last first.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Collects what must be closed. `use` hands back what it is given; `close` runs everything, last first, even past errors. */
export class Resources {
  private closers: (() => unknown)[] = [];

  /** Registers something with a `close`. */
  use<T extends { close(): unknown }>(resource: T): T {
    this.closers.push(() => resource.close());
    return resource;
  }

  /** Registers something to be run at the end. */
  defer(run: () => unknown): void {
    this.closers.push(run);
  }

  /** A new empty folder that is removed at the end. */
  async folder(): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'headstart-test-'));
    this.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }));
    return folder;
  }

  /** Closes everything; rejects with the first error after all were tried. */
  async close(): Promise<void> {
    const failures: unknown[] = [];
    for (const run of this.closers.reverse()) {
      try {
        await run();
      } catch (error) {
        failures.push(error);
      }
    }
    this.closers = [];
    if (failures.length > 0) throw failures[0];
  }
}
