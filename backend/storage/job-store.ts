// Preparations as the database keeps them. Knows nothing of what their states mean. What is written survives a crash of
// the process at once (`kill -9`), a power cut as soon as anything durable follows: a lost job is merely asked for again.

import { z } from 'zod';
import { CorruptDataError, isContentId } from '../content/index.js';
import type { ContentId, EpisodeWish, JobMethod, JobState, Priority, Source } from '../content/index.js';
import type { Database } from './database.js';
import { openSource, sealSource } from './sealed-source.js';

/** What was asked for. */
export interface KeptWish {
  readonly fileIndex?: number;
  readonly episode?: EpisodeWish;
  readonly titleId?: string;
  readonly priority?: Priority;
  readonly refusesRemoved?: boolean;
}

/** One preparation. `aliasOf` is the id of the job this one turned out to be. Times are epoch ms. */
export interface KeptJob {
  readonly id: string;
  readonly contentId: ContentId | null;
  readonly fileIndex: number | null;
  readonly source: Source;
  readonly wish: KeptWish;
  readonly state: JobState;
  readonly progress: number;
  readonly message: string;
  readonly method: JobMethod | null;
  readonly fileName: string | null;
  readonly fileSizeBytes: number | null;
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly createdAt: number;
  readonly usedAt: number;
  readonly aliasOf: string | null;
}

const episodeForm = z
  .object({
    season: z.number(),
    episode: z.number(),
    absolute: z.number().optional(),
    airDate: z.string().optional(),
    releaseSeason: z.number().optional(),
  })
  .transform(({ season, episode, absolute, airDate, releaseSeason }): EpisodeWish => ({
    season,
    episode,
    ...(absolute === undefined ? {} : { absolute }),
    ...(airDate === undefined ? {} : { airDate }),
    ...(releaseSeason === undefined ? {} : { releaseSeason }),
  }));

const wishForm = z.object({
  fileIndex: z.number().int().optional(),
  episode: episodeForm.optional(),
  titleId: z.string().optional(),
  priority: z.enum(['play', 'prepare', 'background']).optional(),
  refusesRemoved: z.boolean().optional(),
});

const rowForm = z.object({
  id: z.string(),
  content_id: z.string().refine(isContentId).nullable(),
  file_index: z.number().nullable(),
  source: z.instanceof(Uint8Array),
  wish: z.string().nullable(),
  state: z.enum(['queued', 'resolving', 'connecting', 'downloading', 'streamable', 'completed', 'failed', 'cancelled']),
  progress: z.number(),
  message: z.string(),
  method: z.enum(['p2p', 'usenet', 'http-download', 'cache']).nullable(),
  file_name: z.string().nullable(),
  file_size_bytes: z.number().nullable(),
  error_code: z.string().nullable(),
  error_message: z.string().nullable(),
  created_at: z.number(),
  used_at: z.number(),
  alias_of: z.string().nullable(),
});

type Row = z.infer<typeof rowForm>;

/** The kept jobs. Fits the jobs room's `JobStore` without knowing it. */
export class JobStore {
  readonly #database: Database;
  readonly #statements: ReturnType<typeof prepare>;

  constructor(database: Database) {
    this.#database = database;
    this.#statements = prepare(database);
  }

  /** Replaces what is there under this id. */
  insert(job: KeptJob): void {
    const source = sealSource(job.source, this.#database.sealer);
    this.#statements.insert.run({ ...changing(job), source, wish: JSON.stringify(job.wish), createdAt: job.createdAt });
  }

  /** Writes everything but `source`, `wish` and `createdAt`; without a row of this id it does nothing. */
  update(job: KeptJob): void {
    this.#statements.update.run(changing(job));
  }

  /** Idempotent. */
  delete(id: string): void {
    this.#statements.delete.run(id);
  }

  /** Oldest first. @throws {CorruptDataError} */
  list(): KeptJob[] {
    return this.#statements.list.all().map((row) => this.#read(row));
  }

  #read(row: unknown): KeptJob {
    const parsed = rowForm.safeParse(row);
    if (!parsed.success) throw new CorruptDataError('A kept job cannot be read.', { cause: parsed.error });
    const { data } = parsed;
    return {
      id: data.id,
      contentId: data.content_id,
      fileIndex: data.file_index,
      source: openSource(data.source, this.#database.sealer),
      wish: wishOf(data),
      state: data.state,
      progress: data.progress,
      message: data.message,
      method: data.method,
      fileName: data.file_name,
      fileSizeBytes: data.file_size_bytes,
      error: data.error_code === null ? null : { code: data.error_code, message: data.error_message ?? '' },
      createdAt: data.created_at,
      usedAt: data.used_at,
      aliasOf: data.alias_of,
    };
  }
}

function prepare({ sql }: Database) {
  const columns =
    'id, content_id, file_index, source, wish, state, progress, message, method, file_name, file_size_bytes, ' +
    'error_code, error_message, created_at, used_at, alias_of';
  return {
    insert: sql.prepare(
      `INSERT OR REPLACE INTO jobs (${columns}) VALUES (@id, @contentId, @fileIndex, @source, @wish, @state, @progress,
       @message, @method, @fileName, @fileSizeBytes, @errorCode, @errorMessage, @createdAt, @usedAt, @aliasOf)`,
    ),
    update: sql.prepare(
      `UPDATE jobs SET content_id = @contentId, file_index = @fileIndex, state = @state, progress = @progress,
       message = @message, method = @method, file_name = @fileName, file_size_bytes = @fileSizeBytes,
       error_code = @errorCode, error_message = @errorMessage, used_at = @usedAt, alias_of = @aliasOf WHERE id = @id`,
    ),
    delete: sql.prepare('DELETE FROM jobs WHERE id = ?'),
    list: sql.prepare<[], Row>(`SELECT ${columns} FROM jobs ORDER BY created_at, rowid`),
  };
}

/** What changes in the course of a job, as named parameters. */
function changing(job: KeptJob): Record<string, string | number | null> {
  const { id, contentId, fileIndex, state, progress, message, method, fileName, fileSizeBytes, usedAt, aliasOf } = job;
  return {
    ...{ id, contentId, fileIndex, state, progress, message, method, fileName, fileSizeBytes, usedAt, aliasOf },
    errorCode: job.error?.code ?? null,
    errorMessage: job.error?.message ?? null,
  };
}

function wishOf({ wish }: Row): KeptWish {
  const { fileIndex, episode, titleId, priority, refusesRemoved } = wishForm.parse(JSON.parse(wish ?? '{}'));
  return {
    ...(fileIndex === undefined ? {} : { fileIndex }),
    ...(episode === undefined ? {} : { episode }),
    ...(titleId === undefined ? {} : { titleId }),
    ...(priority === undefined ? {} : { priority }),
    ...(refusesRemoved === undefined ? {} : { refusesRemoved }),
  };
}
