// The NZB dialect on a real server, over a fake Usenet and real jobs, items, library, access and delivery.

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import express from 'express';

import { Access } from '../../backend/access/index.js';
import {
  createEventsRoutes,
  createLibraryRoutes,
  createNzbRoutes,
  createSabnzbdRoutes,
  createStreamTokenRoutes,
} from '../../backend/api/index.js';
import { Delivery, requestOrigin } from '../../backend/delivery/index.js';
import { Items, JobManager } from '../../backend/jobs/index.js';
import { Sealer, systemClock, type Clock } from '../../backend/platform/index.js';
import { ItemIndex, ItemListings, ItemStore, JobStore, Library } from '../../backend/storage/index.js';
import { openDatabase, SessionRecords } from '../../backend/storage/index.js';
import type { Database } from '../../backend/storage/index.js';
import { ask } from './http.js';
import { NotedLog } from './noted-log.js';
import { FakeUsenet } from './nzb-lab.js';

export const API_KEY = 'the-api-key-of-this-test-server';
export const STREAMS_PATH = '/api/nzb/streams';
/** A session of the pages. */
export const SESSION_COOKIE = 'session=good';
/** Of every content. */
export const HEALTH = { articles: 10, checked: 5, missing: 1, holes: 0, bytes: 0 };
const SECRET_KEY = 's'.repeat(32);

export interface NzbApiOptions {
  readonly auth?: 'key' | 'none';
  readonly clock?: Clock;
  readonly hasUsenet?: boolean;
  /** Of a former server; default a new one. */
  readonly database?: Database;
}

/** What a submission was answered. */
export interface Submitted {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly json: unknown;
}

export interface NzbApi {
  readonly origin: string;
  readonly usenet: FakeUsenet;
  readonly jobs: JobManager;
  readonly items: Items;
  readonly library: Library;
  readonly access: Access;
  readonly database: Database;
  readonly log: NotedLog;
  url(path: string): string;
  /** POSTs a form of these fields, with the key; `file` becomes an upload and the form a multipart one. */
  submit(fields: Readonly<Record<string, string>>, o?: SubmitOptions): Promise<Submitted>;
  /** Leaves the database open. */
  stop(): Promise<void>;
  close(): Promise<void>;
}

export interface SubmitOptions {
  readonly file?: { readonly name: string; readonly bytes: Uint8Array };
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: string;
  readonly signal?: AbortSignal;
}

/** Listens on a port of the system's choice. */
export async function startNzbApi(options: NzbApiOptions = {}): Promise<NzbApi> {
  const { auth = 'key', clock = systemClock, hasUsenet = true } = options;
  const database = options.database ?? openDatabase(':memory:', { sealer: new Sealer(SECRET_KEY) });
  const [usenet, library, log] = [new FakeUsenet(), new Library(database, clock), new NotedLog()];
  usenet.isAvailable = hasUsenet;
  const sessions = new SessionRecords(database);
  const access = new Access({ auth, apiKey: API_KEY, secretKey: SECRET_KEY, sessions, clock });
  const delivery = new Delivery({ stallTimeoutMs: 30_000, log, clock });
  const timeouts = { prepareTimeoutMs: 120_000, linkGenerationTimeoutMs: 300_000, progressUpdateIntervalMs: 5_000 };
  const store = new JobStore(database);
  const jobs = new JobManager({ engines: [usenet], store, library, clock, log, timeouts });
  const removeContent = (): Promise<void> => Promise.resolve();
  const items = new Items({ store: new ItemStore(database), jobs, library, removeContent, clock, log });
  items.start();
  await jobs.start();
  const shared = { jobs, library, items, access, delivery, clock, log, corsOrigins: ['https://dashboard.example'] };
  const app = express();
  const originOf = (req: express.Request): string => requestOrigin(req, { trustedProxies: ['127.0.0.1'] });
  app.use(createNzbRoutes({ ...shared, usenet, originOf, maxWaitMs: 25_000 }));
  app.use(createSabnzbdRoutes({ ...shared, itemListings: new ItemListings(database), usenet }));
  app.use(createEventsRoutes(shared));
  app.use(createStreamTokenRoutes(shared));
  const isSignedIn = (req: express.Request): boolean => req.headers.cookie === SESSION_COOKIE;
  const holdings = { diskBytes: () => 1_000, healthOf: () => HEALTH };
  app.use(createLibraryRoutes({ ...shared, index: new ItemIndex(database), holdings, isSignedIn, originOf }));
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const stop = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    items.close();
    await jobs.close();
  };
  return {
    ...{ origin, usenet, jobs, items, library, access, database, log, stop },
    url: (path) => origin + path,
    submit: (fields, o = {}) => submit(origin, fields, o),
    close: async () => {
      await stop();
      database.close();
    },
  };
}

async function submit(
  origin: string,
  fields: Readonly<Record<string, string>>,
  { file, headers = { 'x-api-key': API_KEY }, query = '', signal }: SubmitOptions,
): Promise<Submitted> {
  const { type, body } = file === undefined ? urlencoded(fields) : multipart(fields, file);
  const answer = await ask(`${origin}${STREAMS_PATH}${query}`, {
    method: 'POST',
    headers: { 'content-type': type, ...headers },
    body,
    ...(signal === undefined ? {} : { signal }),
  });
  return { status: answer.status, headers: answer.headers, json: JSON.parse(answer.body.toString('utf8')) as unknown };
}

function urlencoded(fields: Readonly<Record<string, string>>): { type: string; body: string } {
  return { type: 'application/x-www-form-urlencoded', body: new URLSearchParams(fields).toString() };
}

/** The upload first: its key, if it stands in the form, comes after it. */
function multipart(
  fields: Readonly<Record<string, string>>,
  file: { readonly name: string; readonly bytes: Uint8Array },
): { type: string; body: Uint8Array } {
  const boundary = 'a-boundary-of-this-test';
  const head = (disposition: string): string =>
    `--${boundary}\r\nContent-Disposition: form-data; ${disposition}\r\n\r\n`;
  const texts = Object.entries(fields).map(([name, value]) => `${head(`name="${name}"`)}${value}\r\n`);
  const body = Buffer.concat([
    Buffer.from(head(`name="file"; filename="${file.name}"`)),
    file.bytes,
    Buffer.from(`\r\n${texts.join('')}--${boundary}--\r\n`),
  ]);
  return { type: `multipart/form-data; boundary=${boundary}`, body };
}
