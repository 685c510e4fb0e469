// Which jobs there are: by id, by alias, by what they prepare. Bounded: when it is full, the settled job that was used the
// longest ago makes room; when only live ones are left, a new one is refused (BusyError).

import { BusyError } from '../content/index.js';
import { formatJobId } from './job-key.js';
import { isActive } from './job-machine.js';
import type { JobRecord } from './job-record.js';

export interface JobRegistryLimits {
  /** Jobs being prepared at once. */
  readonly maxActive: number;
  /** Jobs remembered at all; also the bound of aliases. */
  readonly maxKept: number;
}

/** 100 preparations are more than one machine can do well; 2 000 jobs are a megabyte or two. */
export const DEFAULT_LIMITS: JobRegistryLimits = Object.freeze({ maxActive: 100, maxKept: 2_000 });

export class JobRegistry {
  readonly #limits: JobRegistryLimits;
  readonly #onDropped: (record: JobRecord) => void;
  readonly #records = new Set<JobRecord>();
  readonly #byId = new Map<string, JobRecord>();
  readonly #byKey = new Map<string, JobRecord>();

  /** `onDropped` hears of each record that is forgotten. */
  constructor(limits: JobRegistryLimits, onDropped: (record: JobRecord) => void) {
    this.#limits = limits;
    this.#onDropped = onDropped;
  }

  /** Takes a record in. @throws {BusyError} when full. */
  add(record: JobRecord): void {
    const active = this.records().filter((other) => isActive(other.status)).length;
    if (isActive(record.status) && active >= this.#limits.maxActive) {
      throw new BusyError('Too many preparations are running. Try again in a moment.', 10);
    }
    while (this.#records.size >= this.#limits.maxKept) this.#makeRoom();
    this.#records.add(record);
    if (record.id !== null) this.#byId.set(record.id, record);
  }

  /** Gives the record its lasting id; no two jobs share one, whatever the clock says. */
  identify(record: JobRecord, epochMs: number): string {
    const content = record.contentId ?? record.contentKey;
    let ms = epochMs;
    while (this.#byId.has(formatJobId(content, record.fileIndex, ms))) ms += 1;
    const id = formatJobId(content, record.fileIndex, ms);
    record.id = id;
    this.#byId.set(id, record);
    return id;
  }

  /** From now on `record` is what is found under `key`, unless another is there already. */
  claim(record: JobRecord, key: string): void {
    if (this.#byKey.has(key)) return;
    this.#byKey.set(key, record);
    record.keys.add(key);
  }

  /** `record` turned out to be `target`: its ids and keys lead there. */
  join(record: JobRecord, target: JobRecord): void {
    const ids = this.idsOf(record);
    const keys = [...record.keys];
    this.unclaim(record);
    for (const key of keys) this.claim(target, key);
    for (const id of ids) this.#addAlias(id, target);
    this.#records.delete(record);
  }

  /** A kept alias. Ignored when its target is gone. */
  alias(id: string, targetId: string): boolean {
    const target = this.#byId.get(targetId);
    if (target === undefined || this.#byId.size >= 2 * this.#limits.maxKept) return false;
    this.#addAlias(id, target);
    return true;
  }

  /** The record is no longer found by what it prepares; its ids stay. */
  unclaim(record: JobRecord): void {
    for (const key of record.keys) if (this.#byKey.get(key) === record) this.#byKey.delete(key);
    record.keys.clear();
  }

  /** Forgets the record and all its ids. */
  drop(record: JobRecord): void {
    this.unclaim(record);
    for (const id of this.idsOf(record)) this.#byId.delete(id);
    this.#records.delete(record);
    this.#onDropped(record);
  }

  byId(id: string): JobRecord | null {
    return this.#byId.get(id) ?? null;
  }

  byKey(key: string): JobRecord | null {
    return this.#byKey.get(key) ?? null;
  }

  /** The record's own id first, then its aliases. */
  idsOf(record: JobRecord): string[] {
    return record.id === null ? [...record.aliases] : [record.id, ...record.aliases];
  }

  /** All of them, oldest first. */
  records(): JobRecord[] {
    return [...this.#records];
  }

  #addAlias(id: string, target: JobRecord): void {
    this.#byId.set(id, target);
    target.aliases.add(id);
  }

  #makeRoom(): void {
    const settled = this.records().filter((record) => !isActive(record.status) && record.readers === 0);
    const oldest = settled.reduce<JobRecord | null>(
      (least, record) => (least === null || record.usedAt < least.usedAt ? record : least),
      null,
    );
    if (oldest === null) throw new BusyError('Too many jobs are in use. Try again in a moment.', 10);
    this.drop(oldest);
  }
}
