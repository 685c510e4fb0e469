// A real news server: a private INN on loopback, in a folder and on ports of its own, with nnrpd for readers, plain and over
// TLS, ended with the test. Debian's INN is never touched. innd refuses root, so root runs it as `news`.

import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';

import type { ArticleTaker, LabArticle } from '../../scripts/lab/index.js';

import { innFiles } from './inn-files.js';
import { InnFeed } from './inn-feed.js';
import { isAccepting } from './is-accepting.js';
import { Resources } from './resources.js';
import { createTestAuthority } from './test-authority.js';
import { until } from './until.js';

const run = promisify(execFile);
const binaries = '/usr/lib/news/bin';

export interface InnOptions {
  /** Readers must log in with these. Default: anyone may read. */
  readonly account?: { readonly user: string; readonly password: string };
  /** Readers are served over TLS on a port of its own as well. Default false. */
  readonly hasTls?: boolean;
  /** Default `alt.binaries.test`. */
  readonly groups?: readonly string[];
}

/** A running INN. */
export interface InnServer extends ArticleTaker {
  /** For readers, on 127.0.0.1. */
  readonly port: number;
  /** For readers over TLS; 0 without `hasTls`. */
  readonly tlsPort: number;
  /** PEM file of the authority behind the TLS port, for `ca` of a provider; null without `hasTls`. */
  readonly caFile: string | null;
  /** Resolves when INN has stored it, under its own message id. @throws Error with INN's answer */
  post(article: LabArticle): Promise<void>;
  /** Removes the article for good: readers get 430. */
  cancel(messageId: string): Promise<void>;
  close(): Promise<void>;
}

interface Home {
  readonly folder: string;
  readonly owner: { readonly uid: number; readonly gid: number } | Record<string, never>;
  readonly env: NodeJS.ProcessEnv;
}

/** Starts innd and nnrpd. Needs Debian's inn2 (scripts/test-deps.sh). */
export async function startInn(options: InnOptions = {}): Promise<InnServer> {
  const resources = new Resources();
  try {
    const home = await makeHome(await resources.folder());
    const [feedPort, port, tlsPort] = await freePorts(3);
    await furnish(home, { ...options, feedPort: feedPort ?? 0 });
    await command(home, 'makedbz', ['-i', '-o', '-s', '100000']);
    const daemons = [
      serve(home, 'innd', ['-f', '-N', '-P', String(feedPort)]),
      serve(home, 'nnrpd', ['-D', '-f', '-4', '127.0.0.1', '-p', String(port)]),
      ...(options.hasTls ? [serve(home, 'nnrpd', ['-D', '-f', '-S', '-4', '127.0.0.1', '-p', String(tlsPort)])] : []),
    ];
    for (const daemon of daemons) resources.defer(() => daemon.end());
    const ports = [feedPort, port, ...(options.hasTls ? [tlsPort] : [])];
    await until(
      'INN listens',
      async () => {
        const died = daemons.find((daemon) => daemon.hasEnded());
        if (died) throw new Error(`INN did not start: ${died.output()}`);
        return (await Promise.all(ports.map((one) => isAccepting(one ?? 0)))).every(Boolean);
      },
      { everyMs: 30 },
    );
    const feed = resources.use(await InnFeed.open(feedPort ?? 0));
    return {
      port: port ?? 0,
      tlsPort: options.hasTls ? (tlsPort ?? 0) : 0,
      caFile: options.hasTls ? join(home.folder, 'etc', 'ca.pem') : null,
      post: (article) => feed.post(article),
      cancel: async (messageId) => void (await command(home, 'ctlinnd', ['-t', '5', 'cancel', `<${messageId}>`])),
      close: () => resources.close(),
    };
  } catch (error) {
    await resources.close();
    throw error;
  }
}

async function makeHome(folder: string): Promise<Home> {
  const isRoot = process.getuid?.() === 0;
  const id = async (flag: string): Promise<number> => Number((await run('id', [flag, 'news'])).stdout);
  const owner = isRoot ? { uid: await id('-u'), gid: await id('-g') } : {};
  await chmod(folder, 0o755);
  return { folder, owner, env: { PATH: process.env.PATH, INNCONF: join(folder, 'etc', 'inn.conf') } };
}

async function furnish(home: Home, options: InnOptions & { readonly feedPort: number }): Promise<void> {
  const give = async (path: string): Promise<void> => {
    if (home.owner.uid !== undefined) await chown(path, home.owner.uid, home.owner.gid);
  };
  const { folders, files } = innFiles(home.folder, { groups: ['alt.binaries.test'], ...options });
  for (const folder of folders) {
    await mkdir(folder, { recursive: true });
    await give(folder);
  }
  const authority = options.hasTls ? createTestAuthority() : null;
  const certificates = Object.entries(
    authority ? { ca: authority.certificate, cert: authority.server.cert, key: authority.server.key } : {},
  ).map(([name, text]) => ({ path: join(home.folder, 'etc', `${name}.pem`), text, isProgram: false }));
  for (const { path, text, isProgram } of [...files, ...certificates]) {
    await writeFile(path, text);
    await chmod(path, isProgram ? 0o755 : 0o640);
    await give(path);
  }
}

async function command(home: Home, name: string, args: readonly string[]): Promise<string> {
  const options = { env: home.env, cwd: home.folder, ...home.owner };
  return (await run(join(binaries, name), [...args], options)).stdout;
}

interface Daemon {
  hasEnded(): boolean;
  output(): string;
  end(): Promise<void>;
}

/** In a process group of its own, so that what it forked ends with it. */
function serve(home: Home, name: string, args: readonly string[]): Daemon {
  const child: ChildProcess = spawn(join(binaries, name), args, {
    env: home.env,
    cwd: home.folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    ...home.owner,
  });
  let text = '';
  child.stdout?.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
  child.stderr?.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
  const ended = once(child, 'exit').catch((error: unknown) => void (text += String(error)));
  let hasEnded = false;
  void ended.then(() => (hasEnded = true));
  const kill = (signal: NodeJS.Signals): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, signal);
    } catch {
      // the group has ended already
    }
  };
  return {
    hasEnded: () => hasEnded,
    output: () => `${name}: ${text}`,
    end: async () => {
      kill('SIGTERM');
      const killer = setTimeout(() => kill('SIGKILL'), 3000);
      await ended;
      clearTimeout(killer);
      kill('SIGKILL');
    },
  };
}

/** Ports that were free a moment ago, all different. INN cannot choose one itself. */
async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => {
    const address = server.address();
    return typeof address === 'object' && address ? address.port : 0;
  });
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
