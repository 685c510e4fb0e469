// Indexers that were added by hand. Addresses and keys are sealed together; knows nothing of what an indexer answers.

import { z } from 'zod';
import { CorruptDataError, InputError } from '../content/index.js';
import { INDEXER_KINDS } from '../platform/index.js';
import type { Clock, IndexerAddress, Sealer } from '../platform/index.js';
import type { Database } from './database.js';

/** An indexer as it is set up. Fits discovery's `IndexerSettings` without knowing it. */
export interface IndexerEntry extends IndexerAddress {
  readonly isEnabled: boolean;
  readonly requestsPerMinute?: number;
}

/** Times are epoch ms. */
export interface KeptIndexer extends IndexerEntry {
  readonly createdAt: number;
  readonly changedAt: number;
}

const DEFAULT_MAX_INDEXERS = 100;

const addressForm = z.object({ url: z.string(), apiKey: z.string().optional() });

const rowForm = z.object({
  id: z.string(),
  kind: z.enum(INDEXER_KINDS),
  name: z.string(),
  is_enabled: z.number(),
  requests_per_minute: z.number().nullable(),
  address: z.instanceof(Uint8Array),
  created_at: z.number(),
  changed_at: z.number(),
});

/** At most `maxIndexers` (100); when full, another one is refused. What is written survives a power cut. */
export class IndexerStore {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #maxIndexers: number;
  readonly #statements: ReturnType<typeof prepare>;

  constructor(database: Database, clock: Clock, options: { readonly maxIndexers?: number } = {}) {
    this.#database = database;
    this.#clock = clock;
    this.#maxIndexers = options.maxIndexers ?? DEFAULT_MAX_INDEXERS;
    this.#statements = prepare(database);
  }

  /** In the order they were added. @throws {CorruptDataError} */
  list(): KeptIndexer[] {
    return this.#statements.list.all().map((row) => readRow(row, this.#database.sealer));
  }

  /** @throws {CorruptDataError} */
  get(id: string): KeptIndexer | null {
    const row = this.#statements.get.get(id);
    return row === undefined ? null : readRow(row, this.#database.sealer);
  }

  /** Adds it, or replaces the one with its id in its place. @throws {InputError} when full */
  put(indexer: IndexerEntry): void {
    const { id, kind, name, isEnabled, requestsPerMinute = null, url, apiKey } = indexer;
    const address = this.#database.sealer.seal(JSON.stringify({ url, apiKey }));
    const now = this.#clock.now();
    this.#database.durably(() => {
      const isNew = this.#statements.get.get(id) === undefined;
      if (isNew && Number(this.#statements.count.get()) >= this.#maxIndexers) {
        throw new InputError(`There are ${this.#maxIndexers} indexers already; remove one first.`);
      }
      this.#statements.put.run({ id, kind, name, isEnabled: isEnabled ? 1 : 0, requestsPerMinute, address, now });
    });
  }

  /** False when there was none. */
  delete(id: string): boolean {
    return this.#database.durably(() => this.#statements.delete.run(id).changes > 0);
  }
}

function prepare({ sql }: Database) {
  const columns = 'id, kind, name, is_enabled, requests_per_minute, address, created_at, changed_at';
  return {
    list: sql.prepare<[], unknown>(`SELECT ${columns} FROM indexers ORDER BY number`),
    get: sql.prepare<[string], unknown>(`SELECT ${columns} FROM indexers WHERE id = ?`),
    count: sql.prepare<[], number>('SELECT count(*) FROM indexers').pluck(),
    put: sql.prepare(
      `INSERT INTO indexers (${columns}) VALUES (@id, @kind, @name, @isEnabled, @requestsPerMinute, @address, @now, @now)
       ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, name = excluded.name, is_enabled = excluded.is_enabled,
       requests_per_minute = excluded.requests_per_minute, address = excluded.address, changed_at = excluded.changed_at`,
    ),
    delete: sql.prepare('DELETE FROM indexers WHERE id = ?'),
  };
}

function readRow(row: unknown, sealer: Sealer): KeptIndexer {
  const parsed = rowForm.safeParse(row);
  if (!parsed.success) throw new CorruptDataError('A kept indexer cannot be read.', { cause: parsed.error });
  const { data } = parsed;
  const { url, apiKey } = openAddress(data.address, sealer);
  return {
    id: data.id,
    kind: data.kind,
    name: data.name,
    url,
    ...(apiKey === undefined ? {} : { apiKey }),
    isEnabled: data.is_enabled !== 0,
    ...(data.requests_per_minute === null ? {} : { requestsPerMinute: data.requests_per_minute }),
    createdAt: data.created_at,
    changedAt: data.changed_at,
  };
}

/** What cannot be read is not quoted: it would be a key. */
function openAddress(sealed: Uint8Array, sealer: Sealer): z.infer<typeof addressForm> {
  const text = Buffer.from(sealer.open(sealed)).toString('utf8');
  try {
    return addressForm.parse(JSON.parse(text));
  } catch {
    throw new CorruptDataError('The address of a kept indexer cannot be read.');
  }
}
