// Debian's nginx with sendfile and a configuration of our own, as a child on loopback: the measure for complete files.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** A running nginx. */
export interface Nginx {
  readonly pid: number;
  readonly origin: string;
  close(): Promise<void>;
}

/** Serves `root`; everything nginx writes goes below `folder`. */
export async function startNginx(options: { root: string; folder: string }): Promise<Nginx> {
  const port = await freePort();
  const folder = join(options.folder, 'nginx');
  await mkdir(folder, { recursive: true });
  const config = join(folder, 'nginx.conf');
  await writeFile(config, formatConfig({ root: options.root, folder, port }));
  const child = spawn('nginx', ['-c', config, '-p', folder, '-e', join(folder, 'error.log')], { stdio: 'inherit' });
  const ended = once(child, 'close');
  await untilItAnswers(port);
  return {
    pid: child.pid ?? 0,
    origin: `http://127.0.0.1:${String(port)}`,
    close: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

function formatConfig({ root, folder, port }: { root: string; folder: string; port: number }): string {
  const user = process.getuid?.() === 0 ? 'user root;' : '';
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${join(folder, name)};`)
    .join(' ');
  return `daemon off; ${user} worker_processes 1; pid ${join(folder, 'pid')}; error_log ${join(folder, 'error.log')};
events { worker_connections 64; }
http {
  access_log off; sendfile on; tcp_nopush on; ${temporary}
  server { listen 127.0.0.1:${String(port)}; location / { root ${root}; } }
}
`;
}

/** nginx takes no port 0, so the system is asked for one that is free now. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address ? address.port : 0;
}

async function untilItAnswers(port: number): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const socket = connect(port, '127.0.0.1');
    const isOpen = await Promise.race([
      once(socket, 'connect').then(() => true),
      once(socket, 'close').then(() => false),
    ]).catch(() => false);
    socket.destroy();
    if (isOpen) return;
    await delay(25);
  }
  throw new Error('nginx does not answer: is it installed?');
}
