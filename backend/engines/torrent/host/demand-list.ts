// What is wanted of one torrent right now, by whom. Knows ranges of bytes, no pieces and no worker.

import type { ByteRange } from '../../../content/index.js';
import type { Demand, DemandKind } from '../protocol.js';

/** A standing wish for bytes; its owner moves it and closes it. */
export interface DemandHandle {
  readonly id: number;
  /** Bytes of the torrent wanted from now on. */
  move(start: number, end: number): void;
  /** Idempotent. */
  close(): void;
}

export class DemandList {
  private readonly demands = new Map<number, Demand>();
  private background: readonly DemandHandle[] = [];
  private isBackgroundHeld = false;
  private nextId = 1;

  /** `changed` is called after every change. */
  constructor(private readonly changed: () => void) {}

  get size(): number {
    return this.demands.size;
  }

  get playing(): number {
    return this.all().filter((demand) => demand.kind === 'play').length;
  }

  all(): Demand[] {
    return [...this.demands.values()];
  }

  /** Those somebody waits for, or is about to. */
  foreground(): Demand[] {
    return this.all().filter((demand) => demand.kind !== 'background');
  }

  /** What is to be served: without room to spare nothing that nobody waits for. */
  served({ hasRoom }: { readonly hasRoom: boolean }): Demand[] {
    this.isBackgroundHeld = !hasRoom;
    return hasRoom ? this.all() : this.foreground();
  }

  /** True when `served` would tell of the background what it did not the last time. */
  isOutdated({ hasRoom }: { readonly hasRoom: boolean }): boolean {
    return this.background.length > 0 && this.isBackgroundHeld === hasRoom;
  }

  add(kind: DemandKind, start: number, end: number): DemandHandle {
    const id = this.nextId++;
    const set = (from: number, to: number): void => {
      this.demands.set(id, { id, kind, start: from, end: to });
      this.changed();
    };
    set(start, end);
    return {
      id,
      move: (from, to) => {
        if (this.demands.has(id)) set(from, to);
      },
      close: () => {
        if (this.demands.delete(id)) this.changed();
      },
    };
  }

  /** Replaces what is fetched in the background. */
  setBackground(ranges: readonly ByteRange[]): void {
    for (const handle of this.background) handle.close();
    this.background = ranges.map((range) => this.add('background', range.start, range.end));
  }

  /** Forgets everything without a word. */
  clear(): void {
    this.demands.clear();
    this.background = [];
  }
}
