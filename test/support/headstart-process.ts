// The built server as a child process on loopback, the way a user runs it: started, killed, stopped, started again.

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';

import { askJson, postJson } from './http.js';

const startScript = join(process.cwd(), 'dist', 'scripts', 'start.js');
const apiKey = 'test-api-key-0123456789abcdef0123456789abcdef';
const secretKey = 'test-secret-key-0123456789abcdef0123456789';

/** What differs from the defaults of a test server. */
export interface HeadstartOptions {
  readonly dataDir: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts the server and resolves once it listens. */
export async function startHeadstart(options: HeadstartOptions): Promise<HeadstartProcess> {
  const server = new HeadstartProcess(options);
  await server.start();
  return server;
}

/** One server; `start` after `kill` or `stop` runs it again on the same data, on another port. */
export class HeadstartProcess {
  readonly apiKey = apiKey;
  /** Everything it printed, all runs together. */
  logs = '';
  /** `http://127.0.0.1:<port>` of the present run. */
  origin = '';
  private child: ChildProcess | null = null;
  private ended: Promise<number | null> = Promise.resolve(null);

  constructor(private readonly options: HeadstartOptions) {}

  get pid(): number {
    return this.child?.pid ?? 0;
  }

  get dataDir(): string {
    return this.options.dataDir;
  }

  /** Rejects with the log when the server ends before it listens. */
  async start(): Promise<void> {
    const child = spawn(process.execPath, [startScript], {
      env: this.environment(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    this.ended = once(child, 'close').then(([code]) => code as number | null);
    const isLate = AbortSignal.timeout(30_000);
    this.origin = await new Promise<string>((resolve, reject) => {
      let text = '';
      const hear = (chunk: Buffer): void => {
        this.logs += chunk.toString('utf8');
        text += chunk.toString('utf8');
        const found = /http:\/\/127\.0\.0\.1:[1-9]\d*/.exec(text);
        if (found) resolve(found[0]);
      };
      child.stdout.on('data', hear);
      child.stderr.on('data', hear);
      child.on('error', reject);
      void this.ended.then((code) => reject(new Error(`The server ended with ${String(code)}:\n${this.logs}`)));
      isLate.addEventListener('abort', () =>
        reject(new Error(`The server does not say where it listens:\n${this.logs}`)),
      );
    });
  }

  /** SIGKILL: what a power cut looks like to the data. */
  async kill(): Promise<void> {
    this.child?.kill('SIGKILL');
    await this.ended;
  }

  /** SIGTERM, as a person or a supervisor stops it; resolves with the exit code. Killed when that takes over 15 s. */
  async stop(): Promise<number | null> {
    const child = this.child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    const killer = setTimeout(() => child.kill('SIGKILL'), 15_000);
    child.kill('SIGTERM');
    const code = await this.ended;
    clearTimeout(killer);
    return code;
  }

  /** For Resources. */
  async close(): Promise<void> {
    await this.stop();
  }

  /** Absolute form of a path this server handed out. */
  url(path: string): string {
    return new URL(path, this.origin).href;
  }

  /** GET as admin. */
  get(path: string): ReturnType<typeof askJson> {
    return askJson(this.url(path), { headers: { 'x-api-key': apiKey } });
  }

  /** POST of JSON as admin. */
  post(path: string, body: unknown = {}): ReturnType<typeof askJson> {
    return postJson(this.url(path), body, { 'x-api-key': apiKey });
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
  async residentBytes(): Promise<number> {
    const status = await readFile(`/proc/${String(this.pid)}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024;
  }

  private environment(): Record<string, string> {
    const inherited = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined);
    return {
      ...Object.fromEntries(inherited.filter(([name]) => !name.startsWith('JEST'))),
      NODE_ENV: 'production',
      HOST: '127.0.0.1',
      PORT: '0',
      AUTH: 'key',
      API_KEY: apiKey,
      SECRET_KEY: secretKey,
      DATA_DIR: this.options.dataDir,
      CACHE_DIR: join(this.options.dataDir, 'cache'),
      LOG_FORMAT: 'json',
      LOG_LEVEL: 'debug',
      ALLOW_PRIVATE_FETCH: '127.0.0.0/8',
      TORRENT_HOST: '127.0.0.1',
      DISABLE_DISCOVERY: 'true',
      CONTENT_UPLOAD_LIMIT: '0',
      ...this.options.env,
    };
  }
}
