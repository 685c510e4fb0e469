// Entry of the torrent worker thread: puts its parts together and connects them with the server's thread.

import { parentPort, workerData } from 'node:worker_threads';
import { AddressPolicy, createHttpClient, systemClock } from '../../../platform/index.js';
import type { Logger } from '../../../platform/index.js';
import type { FromWorker, ToWorker, WorkerSettings } from '../protocol.js';
import { createGuardedFetch } from './guarded-fetch.js';
import { lineOf } from './log-line.js';
import { PeerFilter } from './peer-filter.js';
import { TorrentWorker } from './torrent-worker.js';

async function main(): Promise<void> {
  const port = parentPort;
  if (port === null) throw new Error('the torrent worker runs in a worker thread only');
  const settings = workerData as WorkerSettings;
  const send = (message: FromWorker): void => port.postMessage(message);
  const policy = new AddressPolicy(
    settings.allowPrivate === true || settings.allowPrivate === false
      ? settings.allowPrivate
      : [...settings.allowPrivate],
  );
  globalThis.fetch = createGuardedFetch(createHttpClient({ policy, log: logTo(send), ...proxyOf(settings) }));
  // Only now: the protocol library takes hold of `fetch` when it is imported.
  const { SwarmClient } = await import('./swarm-client.js');
  const filter = new PeerFilter(policy);
  const client = new SwarmClient(settings, policy, filter, (error) => {
    send({ type: 'log', level: 'warn', message: `torrent client: ${error.message}`, infoHash: null });
  });
  const worker = new TorrentWorker({ client, filter, send, clock: systemClock, now: () => performance.now() });
  port.on('message', (message: ToWorker) => worker.handle(message));
  worker.start();
}

function proxyOf({ proxyUrl }: WorkerSettings): { proxyUrl?: string } {
  return proxyUrl === null ? {} : { proxyUrl };
}

/** The worker has no log of its own: its lines are written by the server's thread. */
function logTo(send: (message: FromWorker) => void): Logger {
  const at =
    (level: 'debug' | 'info' | 'warn') =>
    (fields: object | string, text?: string): void =>
      send({ type: 'log', level, message: lineOf(fields, text), infoHash: null });
  const log: Logger = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('warn'), child: () => log };
  return log;
}

await main();
