// `/api/indexers`: which indexers are set up, how they are doing, what is wrong with one. The admin's. Sees no secret: what
// it is handed is masked, and what a test says is redacted once more.

import express, { type Request, type RequestHandler, type Response, type Router } from 'express';
import { NotFoundError } from '../content/index.js';
import type { ConfiguredIndexer, IndexerFields, IndexerFindings } from '../discovery/index.js';
import type { Clock, Logger } from '../platform/index.js';
import { requireAdmin, type AdminAccess } from './admin-guard.js';
import { readIndexerChange, readNewIndexer } from './indexer-request.js';
import { formatIndexer, formatIndexerTest } from './indexer-views.js';
import { originCors } from './origin-cors.js';
import { prepareErrorHandler } from './prepare-error.js';
import { TestTurns } from './test-turns.js';

/**
 * The indexers, to be seen and changed.
 * All throw {InputError} for what cannot be used, {NotFoundError} for an unknown id; `change` and `remove` {AccessError}
 * where the environment sets it.
 */
export interface IndexersAdmin {
  list(): readonly ConfiguredIndexer[];
  add(fields: IndexerFields): ConfiguredIndexer;
  change(id: string, fields: IndexerFields): ConfiguredIndexer;
  remove(id: string): void;
  /** Of what `add` (`id` null) or `change` would keep. */
  test(id: string | null, fields: IndexerFields, options: { readonly signal: AbortSignal }): Promise<IndexerFindings>;
}

export interface IndexersDeps extends AdminAccess {
  readonly indexers: IndexersAdmin;
  readonly corsOrigins: readonly string[];
  readonly clock: Clock;
  readonly log: Logger;
}

const BODY_LIMIT = '16kb';
const CREATED = 201;
const NO_CONTENT = 204;

/** `GET|POST /api/indexers`, `GET|PUT|DELETE /api/indexers/:id`, `POST /api/indexers/test` and `…/:id/test`. */
export function createIndexersRoutes(deps: IndexersDeps): Router {
  const router = express.Router();
  const calls = new IndexerCalls(deps);
  const admin: RequestHandler[] = [requireAdmin(deps), express.json({ limit: BODY_LIMIT })];
  router.use(
    '/api/indexers',
    originCors(deps.corsOrigins, ['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS']),
    (_req, res, next) => {
      res.setHeader('Cache-Control', 'no-store');
      next();
    },
  );
  router.get('/api/indexers', ...admin, calls.list);
  router.post('/api/indexers', ...admin, calls.add);
  router.post('/api/indexers/test', ...admin, calls.testNew);
  router.get('/api/indexers/:id', ...admin, calls.get);
  router.put('/api/indexers/:id', ...admin, calls.change);
  router.delete('/api/indexers/:id', ...admin, calls.remove);
  router.post('/api/indexers/:id/test', ...admin, calls.test);
  router.use('/api/indexers', prepareErrorHandler(deps.log, 'api'));
  return router;
}

class IndexerCalls {
  readonly #indexers: IndexersAdmin;
  readonly #turns: TestTurns;

  constructor({ clock, indexers }: IndexersDeps) {
    this.#indexers = indexers;
    this.#turns = new TestTurns({ clock, what: 'indexer' });
  }

  readonly list = (_req: Request, res: Response): void => {
    res.json({ indexers: this.#indexers.list().map(formatIndexer) });
  };

  readonly get = (req: Request, res: Response): void => {
    const found = this.#indexers.list().find(({ id }) => id === idOf(req));
    if (found === undefined) throw new NotFoundError('There is no such indexer.');
    res.json(formatIndexer(found));
  };

  readonly add = (req: Request, res: Response): void => {
    res.status(CREATED).json(formatIndexer(this.#indexers.add(readNewIndexer(req.body))));
  };

  readonly change = (req: Request, res: Response): void => {
    res.json(formatIndexer(this.#indexers.change(idOf(req), readIndexerChange(req.body))));
  };

  readonly remove = (req: Request, res: Response): void => {
    this.#indexers.remove(idOf(req));
    res.status(NO_CONTENT).end();
  };

  /** Without a body, what is kept is tested; with one, what a change would make of it. */
  readonly test = (req: Request, res: Response): Promise<void> =>
    this.#test(res, idOf(req), readIndexerChange(req.body ?? {}));

  readonly testNew = (req: Request, res: Response): Promise<void> => this.#test(res, null, readNewIndexer(req.body));

  async #test(res: Response, id: string | null, fields: IndexerFields): Promise<void> {
    const key = id === null ? `at ${fields.url ?? ''}` : `of ${id}`;
    const findings = await this.#turns.run(key, res, (signal) => this.#indexers.test(id, fields, { signal }));
    if (findings !== null) res.json(formatIndexerTest(findings));
  }
}

function idOf(req: Request): string {
  return String(req.params['id']);
}
