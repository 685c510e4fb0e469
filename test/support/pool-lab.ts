// A pool of articles over small news servers, with what it needs around it counted.

import type { ContentId } from '../../backend/content/index.js';
import type { ArticleDemand, ArticleRank, ArticleRequest, SlotPool } from '../../backend/engines/usenet/article.js';
import { ArticlePool } from '../../backend/engines/usenet/pool/article-pool.js';
import type { ArticlePoolOptions } from '../../backend/engines/usenet/pool/article-pool.js';
import { portableKernel } from '../../backend/engines/usenet/yenc/portable-kernel.js';
import { systemClock } from '../../backend/platform/index.js';
import type { NntpProvider } from '../../backend/platform/index.js';
import { NotedLog } from './noted-log.js';
import { SmallNewsServer } from './small-news-server.js';
import type { NewsScript } from './small-news-server.js';

/** Buffers that must all come back. */
export class CountedSlots implements SlotPool {
  readonly #out = new Set<Uint8Array>();
  mostOut = 0;

  get out(): number {
    return this.#out.size;
  }

  take(sizeBytes: number): Uint8Array {
    const slot = new Uint8Array(Math.max(1, sizeBytes));
    this.#out.add(slot);
    this.mostOut = Math.max(this.mostOut, this.#out.size);
    return slot;
  }

  give(slot: Uint8Array): void {
    if (!this.#out.delete(slot)) throw new Error('A slot was given back twice, or was never taken.');
  }
}

/** What belongs to one test; `close` ends it all. */
export class PoolLab {
  readonly slots = new CountedSlots();
  readonly log = new NotedLog();
  readonly servers: SmallNewsServer[] = [];
  #pool: ArticlePool | null = null;

  async server(script: NewsScript = {}, name = `server-${this.servers.length + 1}`): Promise<SmallNewsServer> {
    const server = await SmallNewsServer.start(script, name);
    this.servers.push(server);
    return server;
  }

  pool(providers: readonly NntpProvider[], options: Partial<ArticlePoolOptions> = {}): ArticlePool {
    const { slots, log } = this;
    this.#pool = new ArticlePool({ kernel: portableKernel, slots, log, clock: systemClock, ...options });
    this.#pool.replace(providers);
    return this.#pool;
  }

  async close(): Promise<void> {
    await this.#pool?.close();
    await Promise.all(this.servers.map((server) => server.close()));
  }
}

export function request(messageId: string, options: Partial<ArticleRequest> = {}): ArticleRequest {
  return { messageId, sizeBytes: 0, contentId: 'nzb:release' as ContentId, ...options };
}

export function demand(rank: ArticleRank = 'play', distance = 0, owner: object = {}): ArticleDemand {
  return { owner, urgency: () => ({ rank, distance }) };
}

/** Options of a fetch that nobody gives up, or that `signal` does. */
export function wanted(
  rank: ArticleRank = 'play',
  options: { distance?: number; owner?: object; signal?: AbortSignal } = {},
): { demand: ArticleDemand; signal: AbortSignal } {
  const { distance, owner, signal = new AbortController().signal } = options;
  return { demand: demand(rank, distance, owner), signal };
}
