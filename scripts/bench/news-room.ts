// What Usenet benches share: a news server in a process of its own, servers that know it, and submissions to them.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ServerProcess } from '../lab/index.js';

import { startChild } from './child.js';
import type { NewsNumbers, NewsReady, NewsRelease, NewsTask } from './news-child.js';

const account = { user: 'bench', password: 'bench-password' };

/** Bytes of an article, as most posts have them. */
export const usualPartBytes = 716_800;

export interface NewsRoomOptions {
  readonly releases: readonly NewsRelease[];
  readonly isTls?: boolean;
  /** Default 0. */
  readonly roundTripMs?: number;
  /** Of each connection; default 0, unlimited. */
  readonly bytesPerSecond?: number;
  /** Default 8. */
  readonly connections?: number;
}

/** A news server and what was posted to it. */
export interface NewsRoom {
  readonly folder: string;
  /** NZBs in the order of the releases. */
  readonly nzbs: readonly string[];
  /** For `NNTP_PROVIDERS`. */
  readonly provider: string;
  numbers(): Promise<NewsNumbers>;
}

/** Runs `work` with a news server that is gone afterwards, as is its folder. */
export async function withNewsRoom<T>(options: NewsRoomOptions, work: (room: NewsRoom) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'headstart-bench-'));
  const child = startChild('news-child');
  try {
    const tls = options.isTls ? await makeCertificate(folder) : null;
    const { releases, roundTripMs = 0, bytesPerSecond = 0, connections = 8 } = options;
    const task: NewsTask = { releases, roundTripMs, bytesPerSecond, account, tls };
    const { port, nzbs } = await child.ask<NewsReady>(task);
    const login = `${account.user}:${account.password}@127.0.0.1:${String(port)}`;
    const trust = tls ? `&ca=${encodeURIComponent(tls.certFile)}` : '';
    const provider = `${tls ? 'nntps' : 'nntp'}://${login}?connections=${String(connections)}${trust}`;
    return await work({ folder, nzbs, provider, numbers: () => child.ask<NewsNumbers>({}) });
  } finally {
    await child.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Runs `work` with a fresh server that knows the room's news server; it and what it kept are gone afterwards. */
export async function withNewsReader<T>(room: NewsRoom, work: (server: ServerProcess) => Promise<T>): Promise<T> {
  const dataDir = await mkdtemp(join(room.folder, 'round-'));
  const env = { CACHE_MAX_BYTES: '20GB', LOG_LEVEL: 'warn', NNTP_PROVIDERS: room.provider };
  const server = new ServerProcess({ dataDir, env });
  try {
    await server.start();
    return await work(server);
  } finally {
    await server.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** Uploads an NZB (with more `fields` of the form) and answers where its film is served, as soon as it is. */
export async function submitNzb(
  server: ServerProcess,
  nzb: string,
  fields: Readonly<Record<string, string>> = {},
): Promise<string> {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  body.set('file', new Blob([nzb]), 'bench.nzb');
  const headers = { 'x-api-key': server.apiKey };
  const response = await fetch(server.url('/api/nzb/streams'), { method: 'POST', headers, body });
  const answer = (await response.json()) as { streams?: { url: string }[] };
  const [stream] = answer.streams ?? [];
  if (!stream) throw new Error(`The NZB was answered with ${JSON.stringify(answer)}`);
  return stream.url;
}

/** A certificate for 127.0.0.1 that vouches for itself. */
async function makeCertificate(folder: string): Promise<{ keyFile: string; certFile: string }> {
  const [keyFile, certFile] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', keyFile];
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost'];
  const child = spawn('openssl', ['req', '-x509', '-days', '2', ...key, ...names, '-out', certFile], {
    stdio: 'ignore',
  });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`openssl ended with ${String(code)}.`);
  return { keyFile, certFile };
}
