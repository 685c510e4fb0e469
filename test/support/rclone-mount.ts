// The library as a folder of this machine, by rclone: mounted where FUSE can be used, else served over HTTP by rclone itself.

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { access, constants, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';

import { open } from './http.js';
import { until } from './until.js';

/** A remote of rclone that can be read like a folder. */
export interface MountedRemote {
  readonly kind: 'mount' | 'http';
  /** The file's bytes, from `start` on. */
  read(path: string, start?: number): Promise<Readable>;
  close(): Promise<void>;
}

/** `environment` names the remote `headstart:`. Resolves once its root can be listed. */
export async function mountRemote(environment: NodeJS.ProcessEnv): Promise<MountedRemote> {
  const folder = await mkdtemp(join(tmpdir(), 'headstart-mount-'));
  return (await canMount()) ? mount(folder, environment) : serve(folder, environment);
}

function canMount(): Promise<boolean> {
  return access('/dev/fuse', constants.R_OK | constants.W_OK).then(
    () => true,
    () => false,
  );
}

async function mount(folder: string, env: NodeJS.ProcessEnv): Promise<MountedRemote> {
  const options = ['--read-only', '--vfs-cache-mode', 'off', '--dir-cache-time', '1s'];
  const close = start(['mount', 'headstart:', folder, ...options], env, folder);
  await until('rclone has mounted it', async () => (await readdir(folder)).includes('complete'));
  return { kind: 'mount', read: async (path, start = 0) => createReadStream(join(folder, path), { start }), close };
}

async function serve(folder: string, env: NodeJS.ProcessEnv): Promise<MountedRemote> {
  let origin = '';
  const listening = (text: string): void => {
    origin ||= /http:\/\/127\.0\.0\.1:\d+/.exec(text)?.[0] ?? '';
  };
  const close = start(['serve', 'http', 'headstart:', '--addr', '127.0.0.1:0', '-v'], env, folder, listening);
  await until('rclone serves it', () => origin !== '');
  const read = (path: string, from = 0): Promise<Readable> =>
    open(`${origin}/${path.split('/').map(encodeURIComponent).join('/')}`, { headers: { range: `bytes=${from}-` } });
  return { kind: 'http', read, close };
}

/** What ends it, and leaves nothing. */
function start(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  folder: string,
  listen: (text: string) => void = () => undefined,
): () => Promise<void> {
  const child: ChildProcess = spawn('rclone', args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = once(child, 'close');
  child.stderr?.on('data', (chunk: Buffer) => listen(chunk.toString()));
  return async () => {
    child.kill('SIGTERM');
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
}
