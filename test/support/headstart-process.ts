// The built server under test: what the lab's server is, and a look inside for before and after.

import { readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { residentBytesOf, ServerProcess, type ServerOptions } from '../../scripts/lab/index.js';

import { askJson, postJson } from './http.js';

const workerKiller = pathToFileURL(join(process.cwd(), 'test', 'support', 'worker-killer.mjs')).href;

/** What differs from the defaults of a test server. */
export interface HeadstartOptions extends ServerOptions {
  /** Lets `killWorkers` end the worker threads inside the server. */
  readonly canKillWorkers?: boolean;
}

/** Starts the server and resolves once it listens. */
export async function startHeadstart(options: HeadstartOptions): Promise<HeadstartProcess> {
  const server = new HeadstartProcess(options);
  await server.start();
  return server;
}

/** One server under test. */
export class HeadstartProcess extends ServerProcess {
  constructor(options: HeadstartOptions) {
    const { canKillWorkers, env, ...rest } = options;
    const nodeOptions = [process.env.NODE_OPTIONS, `--import=${workerKiller}`].filter(Boolean).join(' ');
    super({ ...rest, env: { LOG_LEVEL: 'debug', ...(canKillWorkers ? { NODE_OPTIONS: nodeOptions } : {}), ...env } });
  }

  /** Terminates every worker thread inside the server, as a crash of theirs would. Needs `canKillWorkers`. */
  killWorkers(): void {
    this.signal('SIGUSR2');
  }

  /** GET as admin. */
  get(path: string): ReturnType<typeof askJson> {
    return askJson(this.url(path), { headers: { 'x-api-key': this.apiKey } });
  }

  /** POST of JSON as admin. */
  post(path: string, body: unknown = {}): ReturnType<typeof askJson> {
    return postJson(this.url(path), body, { 'x-api-key': this.apiKey });
  }

  /** Open sockets, files and the rest by kind (`socket`, `anon_inode`, path), for before and after. */
  async openHandles(): Promise<readonly string[]> {
    const folder = `/proc/${String(this.pid)}/fd`;
    const names = await readdir(folder);
    const links = await Promise.all(names.map((name) => readlink(join(folder, name)).catch(() => null)));
    return links
      .filter((link) => link !== null)
      .map((link) => link.replace(/:\[\d+\]$/, ''))
      .sort();
  }

  /** Resident memory in bytes. */
  residentBytes(): Promise<number> {
    return residentBytesOf(this.pid);
  }
}
