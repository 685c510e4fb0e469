// `/api/indexers`: which indexers are set up, how they are doing, what is wrong with one. The admin's. Sees no secret: what
// it is handed is masked, and what a test says is redacted once more.

import type { Router } from 'express';
import type { ConfiguredIndexer, IndexerFields, IndexerFindings } from '../discovery/index.js';
import { createConfiguredRoutes, type ConfiguredAdmin, type ConfiguredDeps } from './configured-routes.js';
import { readIndexerChange, readNewIndexer } from './indexer-request.js';
import { formatIndexer, formatIndexerTest } from './indexer-views.js';

export type IndexersAdmin = ConfiguredAdmin<ConfiguredIndexer, IndexerFields, IndexerFindings>;

export interface IndexersDeps extends ConfiguredDeps {
  readonly indexers: IndexersAdmin;
}

export function createIndexersRoutes(deps: IndexersDeps): Router {
  return createConfiguredRoutes(deps, {
    plural: 'indexers',
    what: 'indexer',
    entries: deps.indexers,
    readNew: readNewIndexer,
    readChange: readIndexerChange,
    addressOf: ({ url }) => url,
    format: formatIndexer,
    formatTest: formatIndexerTest,
  });
}
