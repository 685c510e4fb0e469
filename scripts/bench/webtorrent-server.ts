// The parent's half of webtorrent with its own server: one process per round.

import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import type { WebtorrentTask } from './webtorrent-child.js';

/** A running webtorrent. */
export interface WebtorrentServer {
  readonly pid: number;
  /** Adds the torrent and answers where its first file is served. */
  serve(task: WebtorrentTask): Promise<string>;
  close(): Promise<void>;
}

/** Starts the process; resolves once its HTTP server listens. */
export async function startWebtorrentServer(): Promise<WebtorrentServer> {
  const child: ChildProcess = fork(fileURLToPath(new URL('./webtorrent-child.js', import.meta.url)));
  const ended = once(child, 'close');
  await once(child, 'message');
  return {
    pid: child.pid ?? 0,
    serve: async (task) => {
      child.send(task);
      const [url] = (await once(child, 'message')) as [string];
      return url;
    },
    close: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
