// Indexers over the real guarded client, with fakes on loopback that only their own settings allow.

import { createIndexer } from '../../../../backend/discovery/indexers/create-indexer.js';
import { IndexerSet } from '../../../../backend/discovery/indexers/indexer-set.js';
import type { IndexerSettings } from '../../../../backend/discovery/indexers/indexer.js';
import type { TrackedIndexer } from '../../../../backend/discovery/indexers/tracked-indexer.js';
import { FAKE_KEY, startFakeIndexer } from '../../../support/fake-indexer.js';
import type { FakeIndexer, IndexerMood } from '../../../support/fake-indexer.js';
import { HttpLab } from '../../../support/http-lab.js';
import type { IndexerDialect } from '../../../support/indexer-captures.js';
import { ManualClock } from '../../../support/manual-clock.js';
import { NotedLog } from '../../../support/noted-log.js';

/** Everything one test starts; `close` ends it. */
export class IndexerLab {
  readonly clock = new ManualClock();
  readonly log = new NotedLog();
  readonly origins = new Set<string>();
  readonly #http = new HttpLab();
  readonly #fakes: FakeIndexer[] = [];

  readonly parts = {
    http: this.#http.client({ allow: [], allowedOrigins: () => this.origins }),
    clock: this.clock,
    log: this.log,
    version: '1.2.3',
  };

  async fake(kind: IndexerDialect, mood: IndexerMood = 'healthy'): Promise<FakeIndexer> {
    const fake = await startFakeIndexer(kind, mood);
    this.#fakes.push(fake);
    return fake;
  }

  settings(kind: IndexerDialect, fake: FakeIndexer, more: Partial<IndexerSettings> = {}): IndexerSettings {
    return { id: kind, kind, name: 'Mine', url: fake.url, apiKey: FAKE_KEY, isEnabled: true, ...more };
  }

  /** One that may be reached. */
  indexer(kind: IndexerDialect, fake: FakeIndexer, more: Partial<IndexerSettings> = {}): TrackedIndexer {
    this.origins.add(fake.origin);
    return createIndexer(this.settings(kind, fake, more), this.parts);
  }

  /** A set that is the guard's word on what may be reached. */
  set(): IndexerSet {
    const set: IndexerSet = new IndexerSet({
      ...this.parts,
      http: this.#http.client({ allow: [], allowedOrigins: () => set.origins() }),
    });
    return set;
  }

  async close(): Promise<void> {
    for (const fake of this.#fakes) await fake.close();
    await this.#http.close();
  }
}
