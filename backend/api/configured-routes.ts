// What is set up elsewhere and may be changed by the admin (indexers, news servers): the same calls for each kind, which says
// how its entries are read and shown. Sees no secret: what it is handed is masked.

import express, { type Request, type RequestHandler, type Response, type Router } from 'express';
import { NotFoundError } from '../content/index.js';
import type { Clock, Logger } from '../platform/index.js';
import { requireAdmin, type AdminAccess } from './admin-guard.js';
import { originCors } from './origin-cors.js';
import { prepareErrorHandler } from './prepare-error.js';
import { TestTurns } from './test-turns.js';

/**
 * Entries, to be seen and changed.
 * All throw {InputError} for what cannot be used, {NotFoundError} for an unknown id; `change` and `remove` {AccessError}
 * where the environment sets it.
 */
export interface ConfiguredAdmin<Entry, Fields, Findings> {
  list(): readonly Entry[];
  add(fields: Fields): Entry;
  change(id: string, fields: Fields): Entry;
  remove(id: string): void;
  /** Of what `add` (`id` null) or `change` would keep. */
  test(id: string | null, fields: Fields, options: { readonly signal: AbortSignal }): Promise<Findings>;
}

/** What every kind needs beside its entries. */
export interface ConfiguredDeps extends AdminAccess {
  readonly corsOrigins: readonly string[];
  readonly clock: Clock;
  readonly log: Logger;
}

/** One kind of entries. */
export interface ConfiguredKind<Entry, Fields, Findings> {
  /** Of its addresses, and of the list in answers. */
  readonly plural: 'indexers' | 'providers';
  /** For people, in the middle of a sentence. */
  readonly what: 'indexer' | 'news server';
  readonly entries: ConfiguredAdmin<Entry, Fields, Findings>;
  /** @throws {InputError} naming every wrong field */
  readonly readNew: (body: unknown) => Fields;
  /** @throws {InputError} naming every wrong field */
  readonly readChange: (body: unknown) => Fields;
  /** Where one lies that has no id yet. */
  readonly addressOf: (fields: Fields) => string | undefined;
  readonly format: (entry: Entry) => Record<string, unknown>;
  /** `id` null: of one that is not kept. */
  readonly formatTest: (findings: Findings, id: string | null) => Record<string, unknown>;
}

const BODY_LIMIT = '16kb';
const CREATED = 201;
const NO_CONTENT = 204;

/** `GET|POST /api/<plural>`, `GET|PUT|DELETE /api/<plural>/:id`, `POST /api/<plural>/test` and `…/:id/test`. */
export function createConfiguredRoutes<Entry extends { readonly id: string }, Fields, Findings>(
  deps: ConfiguredDeps,
  kind: ConfiguredKind<Entry, Fields, Findings>,
): Router {
  const router = express.Router();
  const calls = new ConfiguredCalls(deps, kind);
  const path = `/api/${kind.plural}`;
  const admin: RequestHandler[] = [requireAdmin(deps), express.json({ limit: BODY_LIMIT })];
  router.use(path, originCors(deps.corsOrigins, ['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS']), (_req, res, next) => {
    res.setHeader('Cache-Control', 'no-store');
    next();
  });
  router.get(path, ...admin, calls.list);
  router.post(path, ...admin, calls.add);
  router.post(`${path}/test`, ...admin, calls.testNew);
  router.get(`${path}/:id`, ...admin, calls.get);
  router.put(`${path}/:id`, ...admin, calls.change);
  router.delete(`${path}/:id`, ...admin, calls.remove);
  router.post(`${path}/:id/test`, ...admin, calls.test);
  router.use(path, prepareErrorHandler(deps.log, 'api'));
  return router;
}

class ConfiguredCalls<Entry extends { readonly id: string }, Fields, Findings> {
  readonly #kind: ConfiguredKind<Entry, Fields, Findings>;
  readonly #turns: TestTurns;

  constructor({ clock }: ConfiguredDeps, kind: ConfiguredKind<Entry, Fields, Findings>) {
    this.#kind = kind;
    this.#turns = new TestTurns({ clock, what: kind.what });
  }

  readonly list = (_req: Request, res: Response): void => {
    const { entries, format, plural } = this.#kind;
    res.json({ [plural]: entries.list().map(format) });
  };

  readonly get = (req: Request, res: Response): void => {
    const { entries, format, what } = this.#kind;
    const found = entries.list().find(({ id }) => id === idOf(req));
    if (found === undefined) throw new NotFoundError(`There is no such ${what}.`);
    res.json(format(found));
  };

  readonly add = (req: Request, res: Response): void => {
    const { entries, format, readNew } = this.#kind;
    res.status(CREATED).json(format(entries.add(readNew(req.body))));
  };

  readonly change = (req: Request, res: Response): void => {
    const { entries, format, readChange } = this.#kind;
    res.json(format(entries.change(idOf(req), readChange(req.body))));
  };

  readonly remove = (req: Request, res: Response): void => {
    this.#kind.entries.remove(idOf(req));
    res.status(NO_CONTENT).end();
  };

  /** Without a body, what is kept is tested; with one, what a change would make of it. */
  readonly test = (req: Request, res: Response): Promise<void> =>
    this.#test(res, idOf(req), this.#kind.readChange(req.body ?? {}));

  readonly testNew = (req: Request, res: Response): Promise<void> =>
    this.#test(res, null, this.#kind.readNew(req.body));

  async #test(res: Response, id: string | null, fields: Fields): Promise<void> {
    const { addressOf, entries, formatTest } = this.#kind;
    const key = id === null ? `at ${addressOf(fields) ?? ''}` : `of ${id}`;
    const findings = await this.#turns.run(key, res, (signal) => entries.test(id, fields, { signal }));
    if (findings !== null) res.json(formatTest(findings, id));
  }
}

function idOf(req: Request): string {
  return String(req.params['id']);
}
