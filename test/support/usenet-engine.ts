// The Usenet engine in this process, between a scripted news server and a temporary folder.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ContentId, NzbSource } from '../../backend/content/index.js';
import { loadYencKernel, UsenetEngine } from '../../backend/engines/usenet/index.js';
import type { UsenetEngineOptions } from '../../backend/engines/usenet/index.js';
import { systemClock } from '../../backend/platform/index.js';
import type { NntpProvider } from '../../backend/platform/index.js';
import { DiskCache } from '../../backend/storage/index.js';
import { startNntpServer } from '../../scripts/lab/index.js';
import type { NntpServer, NntpServerOptions } from '../../scripts/lab/index.js';
import { NotedLog } from './noted-log.js';

export interface EngineLab {
  readonly news: NntpServer;
  readonly engine: UsenetEngine;
  readonly folder: string;
  readonly documents: MemoryDocuments;
  close(): Promise<void>;
}

/** Keeps NZBs in memory. */
export class MemoryDocuments {
  readonly kept = new Map<ContentId, Uint8Array>();

  async keep(contentId: ContentId, bytes: Uint8Array): Promise<void> {
    this.kept.set(contentId, bytes);
  }

  async read(contentId: ContentId): Promise<Uint8Array | null> {
    return this.kept.get(contentId) ?? null;
  }

  async has(contentId: ContentId): Promise<boolean> {
    return this.kept.has(contentId);
  }
}

export function providerAt(port: number, more: Partial<NntpProvider> = {}): NntpProvider {
  return {
    id: 'news',
    host: '127.0.0.1',
    port,
    isTls: false,
    connections: 4,
    depth: 3,
    priority: 0,
    isBackup: false,
    isInsecure: false,
    ...more,
  };
}

/** A running engine with one provider, or with those that `providers` makes of the server's port. */
export async function openEngineLab(
  options: {
    readonly server?: NntpServerOptions;
    readonly providers?: (port: number) => readonly NntpProvider[];
    readonly engine?: Partial<UsenetEngineOptions>;
  } = {},
): Promise<EngineLab> {
  const news = await startNntpServer(options.server);
  const folder = await mkdtemp(join(tmpdir(), 'usenet-engine-'));
  const documents = new MemoryDocuments();
  const known = new Map<string, NzbSource>();
  const engine = new UsenetEngine({
    folder,
    kernel: await loadYencKernel(),
    cache: new DiskCache({ maxBytes: 1e9 }),
    documents,
    urls: { remember: (url, source) => void known.set(url, source), find: (url) => known.get(url) ?? null },
    http: { get: () => Promise.reject(new Error('no web here')) },
    clock: systemClock,
    log: new NotedLog(),
    readAheadBytes: 32e6,
    memoryBytes: 128e6,
    knownSince: () => new Date(1_700_000_000_000),
    ...options.engine,
  });
  engine.replaceProviders(options.providers?.(news.port) ?? [providerAt(news.port)]);
  await engine.start();
  const close = async (): Promise<void> => {
    await engine.close();
    await news.close();
    await rm(folder, { recursive: true, force: true });
  };
  return { news, engine, folder, documents, close };
}
