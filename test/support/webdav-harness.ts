// WebDAV on a real server, over a shelf in memory and real jobs, items, access and delivery; bytes are a fake engine's.

import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import express from 'express';

import { Access, WebdavAccount } from '../../backend/access/index.js';
import { createWebdavPasswordRoutes, createWebdavRoutes } from '../../backend/api/index.js';
import { Delivery, requestOrigin, requestPrefix } from '../../backend/delivery/index.js';
import { Items, JobManager } from '../../backend/jobs/index.js';
import { systemClock, type Clock } from '../../backend/platform/index.js';
import { JobStore, SessionRecords } from '../../backend/storage/index.js';
import { FakeEngine } from './fake-engine.js';
import { ask, type Answer, type Ask } from './http.js';
import { NotedLog } from './noted-log.js';
import { WebdavShelf } from './webdav-shelf.js';

export const API_KEY = 'the-api-key-of-this-test-server';

export interface WebdavApiOptions {
  readonly auth?: 'key' | 'none';
  readonly clock?: Clock;
  readonly webdavPassword?: string;
  readonly baseUrl?: string;
}

export interface WebdavApi {
  readonly origin: string;
  readonly shelf: WebdavShelf;
  readonly engine: FakeEngine;
  readonly account: WebdavAccount;
  readonly log: NotedLog;
  /** Asks below `/webdav` with the account's credentials; `path` begins with a slash or is empty. */
  dav(path: string, options?: Ask): Promise<Answer>;
  /** PROPFIND with its answer as text. */
  propfind(path: string, depth: string | null, options?: Ask): Promise<Answer & { readonly text: string }>;
  close(): Promise<void>;
}

/** The header of Basic credentials. */
export function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

/** Listens on a port of the system's choice; `127.0.0.1` is a trusted proxy. */
export async function startWebdavApi(options: WebdavApiOptions = {}): Promise<WebdavApi> {
  const { auth = 'key', clock = systemClock, webdavPassword, baseUrl } = options;
  const dataDir = await mkdtemp(join(tmpdir(), 'headstart-webdav-'));
  const given = webdavPassword === undefined ? {} : { webdavPassword };
  const account = await WebdavAccount.load({ dataDir, webdavUser: 'headstart', ...given });
  const [shelf, log] = [new WebdavShelf({ clock }), new NotedLog()];
  const { library, store, database } = shelf;
  const sessions = new SessionRecords(database);
  const access = new Access({ auth, apiKey: API_KEY, secretKey: 's'.repeat(32), sessions, clock });
  const delivery = new Delivery({ stallTimeoutMs: 30_000, log, clock });
  const engine = new FakeEngine(['nzb', 'torrent', 'http'], 'usenet');
  const timeouts = { prepareTimeoutMs: 120_000, linkGenerationTimeoutMs: 300_000, progressUpdateIntervalMs: 5_000 };
  const jobs = new JobManager({ engines: [engine], store: new JobStore(database), library, clock, log, timeouts });
  const removeContent = (): Promise<void> => Promise.resolve();
  const items = new Items({ store, jobs, library, removeContent, clock, log });
  items.start();
  await jobs.start();
  const trustedProxies = ['127.0.0.1'];
  const originOf = (req: express.Request): string => requestOrigin(req, { trustedProxies, baseUrl });
  const prefixOf = (req: express.Request): string => requestPrefix(req, { trustedProxies, baseUrl });
  const clientOf = (req: express.Request): string => req.get('x-client') ?? '';
  const shared = { access, account, originOf, clock, log };
  const rooms = { ...shared, items, jobs, library, delivery, index: shelf.index, documents: shelf.documents };
  const app = express();
  app.use(createWebdavPasswordRoutes({ ...shared, isSignedIn: () => false, corsOrigins: [] }));
  app.use(createWebdavRoutes({ ...rooms, clientOf, prefixOf, maxWaitMs: 25_000 }));
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const dav: WebdavApi['dav'] = (path, { headers, ...rest } = {}) => {
    const authorization = basic(account.user, account.password);
    return ask(`${origin}/webdav${path}`, { ...rest, headers: { authorization, ...headers } });
  };
  return {
    ...{ origin, shelf, engine, account, log, dav },
    propfind: async (path, depth, { headers, ...rest } = {}) => {
      const more = { ...(depth === null ? {} : { depth }), ...headers };
      const answer = await dav(path, { method: 'PROPFIND', ...rest, headers: more });
      return { ...answer, text: answer.body.toString('utf8') };
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      items.close();
      await jobs.close();
      database.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
