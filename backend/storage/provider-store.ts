// News servers that were added by hand. Each is sealed whole; knows nothing of how they are asked.

import { z } from 'zod';
import { CorruptDataError, InputError } from '../content/index.js';
import { NNTP_MAXIMA } from '../platform/index.js';
import type { Clock, NntpProvider, Sealer } from '../platform/index.js';
import type { Database } from './database.js';

type Kept =
  'connections' | 'host' | 'id' | 'isBackup' | 'isInsecure' | 'isTls' | 'password' | 'port' | 'priority' | 'user';

/** A news server as it is set up by hand. Holds secrets. */
export interface ProviderEntry extends Pick<NntpProvider, Kept> {
  /** For people. */
  readonly name: string;
}

/** Times are epoch ms. */
export interface KeptProvider extends ProviderEntry {
  readonly createdAt: number;
  readonly changedAt: number;
}

const addressForm = z.object({
  name: z.string(),
  host: z.string(),
  port: z.number(),
  isTls: z.boolean(),
  isInsecure: z.boolean(),
  user: z.string().exactOptional(),
  password: z.string().exactOptional(),
  connections: z.number(),
  priority: z.number(),
  isBackup: z.boolean(),
});

const rowForm = z.object({
  id: z.string(),
  address: z.instanceof(Uint8Array),
  created_at: z.number(),
  changed_at: z.number(),
});

/** At most `maxProviders` (64); when full, another one is refused. What is written survives a power cut. */
export class ProviderStore {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #maxProviders: number;
  readonly #statements: ReturnType<typeof prepare>;

  constructor(database: Database, clock: Clock, options: { readonly maxProviders?: number } = {}) {
    this.#database = database;
    this.#clock = clock;
    this.#maxProviders = options.maxProviders ?? NNTP_MAXIMA.providers;
    this.#statements = prepare(database);
  }

  /** In the order they were added. @throws {CorruptDataError} */
  list(): KeptProvider[] {
    return this.#statements.list.all().map((row) => readRow(row, this.#database.sealer));
  }

  /** Adds it, or replaces the one with its id in its place. @throws {InputError} when full */
  put({ id, ...address }: ProviderEntry): void {
    const sealed = this.#database.sealer.seal(JSON.stringify(addressForm.parse(address)));
    const now = this.#clock.now();
    this.#database.durably(() => {
      const isNew = this.#statements.has.get(id) === undefined;
      if (isNew && Number(this.#statements.count.get()) >= this.#maxProviders) {
        throw new InputError(`There are ${this.#maxProviders} news servers already; remove one first.`);
      }
      this.#statements.put.run({ id, address: sealed, now });
    });
  }

  /** False when there was none. */
  delete(id: string): boolean {
    return this.#database.durably(() => this.#statements.delete.run(id).changes > 0);
  }
}

function prepare({ sql }: Database) {
  const columns = 'id, address, created_at, changed_at';
  return {
    list: sql.prepare<[], unknown>(`SELECT ${columns} FROM providers ORDER BY number`),
    has: sql.prepare<[string], number>('SELECT 1 FROM providers WHERE id = ?').pluck(),
    count: sql.prepare<[], number>('SELECT count(*) FROM providers').pluck(),
    put: sql.prepare(
      `INSERT INTO providers (${columns}) VALUES (@id, @address, @now, @now)
       ON CONFLICT (id) DO UPDATE SET address = excluded.address, changed_at = excluded.changed_at`,
    ),
    delete: sql.prepare('DELETE FROM providers WHERE id = ?'),
  };
}

function readRow(row: unknown, sealer: Sealer): KeptProvider {
  const parsed = rowForm.safeParse(row);
  if (!parsed.success) throw new CorruptDataError('A kept news server cannot be read.', { cause: parsed.error });
  const { id, address, created_at: createdAt, changed_at: changedAt } = parsed.data;
  return { id, ...openAddress(address, sealer), createdAt, changedAt };
}

/** What cannot be read is not quoted: it would be an account. */
function openAddress(sealed: Uint8Array, sealer: Sealer): z.infer<typeof addressForm> {
  const text = Buffer.from(sealer.open(sealed)).toString('utf8');
  try {
    return addressForm.parse(JSON.parse(text));
  } catch {
    throw new CorruptDataError('The address of a kept news server cannot be read.');
  }
}
