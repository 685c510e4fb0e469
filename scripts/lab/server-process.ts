// The built server as a child process on loopback, the way a user runs it: started, killed, stopped, started again.

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const projectFolder = findProject();
const startTimeoutMs = 120_000;
const stopTimeoutMs = 60_000;
const quietNames = /^(JEST|npm_)/;

/** What differs from a quiet server on loopback. */
export interface ServerOptions {
  /** Everything it keeps; made when missing, removed by the caller. */
  readonly dataDir: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** One server; `start` after `kill` or `stop` runs it again on the same data, on another port. */
export class ServerProcess {
  /** Admin key of this server. */
  readonly apiKey = 'lab-api-key-0123456789abcdef0123456789abcdef';
  /** Everything it printed, all runs together. */
  logs = '';
  /** `http://127.0.0.1:<port>` of the present run. */
  origin = '';
  /** Address of the manifest, as it printed it. */
  manifestUrl = '';
  private child: ChildProcess | null = null;
  private ended: Promise<number | null> = Promise.resolve(null);

  constructor(private readonly options: ServerOptions) {}

  get pid(): number {
    return this.child?.pid ?? 0;
  }

  get dataDir(): string {
    return this.options.dataDir;
  }

  /** Resolves once it listens. Rejects with its log when it ends before that. */
  async start(): Promise<void> {
    const script = join(projectFolder, 'dist', 'scripts', 'start.js');
    const env = this.environment();
    const child = spawn(process.execPath, [script], { cwd: projectFolder, env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.child = child;
    this.ended = once(child, 'close').then(([code]) => code as number | null);
    this.manifestUrl = await this.untilListening(child);
    this.origin = new URL(this.manifestUrl).origin;
  }

  /** SIGKILL: what a power cut looks like to the data. */
  async kill(): Promise<void> {
    this.child?.kill('SIGKILL');
    await this.ended;
  }

  /** SIGTERM, as a person or a supervisor stops it; resolves with the exit code. Killed when that takes too long. */
  async stop(): Promise<number | null> {
    const child = this.child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    const killer = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs);
    child.kill('SIGTERM');
    const code = await this.ended;
    clearTimeout(killer);
    return code;
  }

  /** The same as `stop`, whatever the exit code. Idempotent. */
  async close(): Promise<void> {
    await this.stop();
  }

  /** Absolute form of a path this server handed out. */
  url(path: string): string {
    return new URL(path, this.origin).href;
  }

  /** Sends the process a signal of its own meaning. */
  protected signal(name: NodeJS.Signals): void {
    this.child?.kill(name);
  }

  private untilListening(child: ChildProcess): Promise<string> {
    return new Promise((resolve, reject) => {
      const fail = (what: string): void => reject(new Error(`${what}:\n${this.logs}`));
      const late = setTimeout(() => fail('The server does not say where it listens'), startTimeoutMs);
      let text = '';
      const hear = (chunk: Buffer): void => {
        this.logs += chunk.toString('utf8');
        text += chunk.toString('utf8');
        const found = /http:\/\/127\.0\.0\.1:[1-9]\d*\S*manifest\.json/.exec(text);
        if (!found) return;
        clearTimeout(late);
        resolve(found[0]);
      };
      child.stdout?.on('data', hear);
      child.stderr?.on('data', hear);
      child.on('error', reject);
      void this.ended.then((code) => {
        clearTimeout(late);
        fail(`The server ended with ${String(code)}`);
      });
    });
  }

  private environment(): Record<string, string> {
    const inherited = Object.entries(process.env).filter(([name]) => !quietNames.test(name));
    return {
      ...(Object.fromEntries(inherited) as Record<string, string>),
      NODE_ENV: 'production',
      HOST: '127.0.0.1',
      PORT: '0',
      AUTH: 'key',
      API_KEY: this.apiKey,
      SECRET_KEY: 'lab-secret-key-0123456789abcdef0123456789',
      DATA_DIR: this.options.dataDir,
      CACHE_DIR: join(this.options.dataDir, 'cache'),
      LOG_FORMAT: 'json',
      ALLOW_PRIVATE_FETCH: '127.0.0.0/8',
      TORRENT_HOST: '127.0.0.1',
      DISABLE_DISCOVERY: 'true',
      TRACKERS: 'none',
      CONTENT_UPLOAD_LIMIT: '0',
      ...this.options.env,
    };
  }
}

/** The folder above `scripts`, or above `dist/scripts`. */
function findProject(): string {
  const above = fileURLToPath(new URL('../..', import.meta.url));
  return /[\\/]dist[\\/]?$/.test(above) ? join(above, '..') : above;
}
