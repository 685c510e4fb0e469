// The preparation dialects on a real server, over a fake engine and real jobs, access and delivery.

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import express from 'express';

import { Access } from '../../backend/access/index.js';
import {
  createAdminJobsRoutes,
  createEventsRoutes,
  createHealthRoutes,
  createInfoRoutes,
  createPrepareRoutes,
  createStreamTokenRoutes,
} from '../../backend/api/index.js';
import { Delivery, loopbackGuard } from '../../backend/delivery/index.js';
import { JobManager } from '../../backend/jobs/index.js';
import { systemClock, type Clock } from '../../backend/platform/index.js';
import { FakeEngine } from './fake-engine.js';
import { MemoryJobStore, MemoryLibrary } from './memory-jobs.js';
import { NotedLog } from './noted-log.js';

export const API_KEY = 'the-api-key-of-this-test-server';
export const CORS_ORIGIN = 'https://dashboard.example';

export interface PrepareApiOptions {
  readonly auth?: 'key' | 'none';
  readonly clock?: Clock;
  readonly maxWaitMs?: number;
  readonly prepareTimeoutMs?: number;
  readonly maxSubscribers?: number;
}

export interface PrepareApi {
  readonly origin: string;
  readonly engine: FakeEngine;
  readonly jobs: JobManager;
  readonly library: MemoryLibrary;
  readonly access: Access;
  readonly log: NotedLog;
  url(path: string): string;
  close(): Promise<void>;
}

/** Listens on a port of the system's choice. */
export async function startPrepareApi(options: PrepareApiOptions = {}): Promise<PrepareApi> {
  const {
    auth = 'key',
    clock = systemClock,
    maxWaitMs = 25_000,
    prepareTimeoutMs = 120_000,
    maxSubscribers = 100,
  } = options;
  const [engine, library, log] = [new FakeEngine(), new MemoryLibrary(), new NotedLog()];
  const sessions = { insert: () => undefined, has: () => false, delete: () => undefined };
  const access = new Access({ auth, apiKey: API_KEY, secretKey: 's'.repeat(32), sessions, clock });
  const delivery = new Delivery({ stallTimeoutMs: 30_000, log, clock });
  const timeouts = { prepareTimeoutMs, linkGenerationTimeoutMs: 300_000, progressUpdateIntervalMs: 5_000 };
  const store = new MemoryJobStore();
  const jobs = new JobManager({ engines: [engine], store, library, clock, log, timeouts });
  await jobs.start();
  const shared = { jobs, library, access, delivery, clock, log, corsOrigins: [CORS_ORIGIN] };
  const app = express();
  app.disable('x-powered-by');
  if (access.isOpen) app.use(loopbackGuard());
  app.use(createHealthRoutes({ version: '1.2.3', startedAt: clock.now(), clock }));
  app.use(createPrepareRoutes({ ...shared, maxWaitMs }), createInfoRoutes(shared), createStreamTokenRoutes(shared));
  app.use(createEventsRoutes({ ...shared, maxSubscribers }), createAdminJobsRoutes(shared));
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    ...{ origin, engine, jobs, library, access, log },
    url: (path) => origin + path,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await jobs.close();
    },
  };
}
