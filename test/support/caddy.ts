// A real Caddy as a child on loopback, in front of whatever a test runs. Without certificates and its own admin address; what
// it is told beyond that is the test's.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { isAccepting } from './is-accepting.js';
import { until } from './until.js';

/** A running Caddy. */
export interface Caddy {
  readonly origin: string;
  close(): Promise<void>;
}

/** Starts it with `site` as the inside of its one site, in the words of a Caddyfile. */
export async function startCaddy(site: string): Promise<Caddy> {
  const folder = await mkdtemp(join(tmpdir(), 'headstart-caddy-'));
  const port = await freePort();
  const file = join(folder, 'Caddyfile');
  const global = '{\n  admin off\n  auto_https off\n}\n';
  await writeFile(file, `${global}http://127.0.0.1:${String(port)} {\n${site}\n}\n`);
  const env = { ...process.env, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder };
  const child = spawn('caddy', ['run', '--config', file], { cwd: folder, env, stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = once(child, 'close');
  let log = '';
  child.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()));
  const close = async (): Promise<void> => {
    if (child.exitCode === null) child.kill('SIGTERM');
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await until('Caddy listens', () => {
      if (child.exitCode !== null) throw new Error(`Caddy ended: ${log}`);
      return isAccepting(port);
    });
  } catch (error) {
    await close();
    throw error;
  }
  return { origin: `http://127.0.0.1:${String(port)}`, close };
}

/** Caddy tells nobody which port it was given for 0, so the system is asked for one that is free now. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
