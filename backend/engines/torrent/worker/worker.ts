// Entry of the torrent worker thread: takes messages from the server's thread, keeps one session per torrent, and sends
// numbers and events back. It may crash alone; the other side starts it again.

import { parentPort, workerData } from 'node:worker_threads';
import { AddressPolicy, createHttpClient } from '../../../platform/index.js';
import type { Logger } from '../../../platform/index.js';
import type { InfoHash } from '../../../content/index.js';
import type { FromWorker, SwarmAddress, ToWorker, WorkerSettings } from '../protocol.js';
import { createGuardedFetch } from './guarded-fetch.js';
import { PeerFilter } from './peer-filter.js';
import { Session } from './session.js';
import { SpaceCredit } from './space-credit.js';
import type { SwarmClient } from './swarm-client.js';

const TICK_MS = 100;
const NUMBERS_MS = 250;
const SAVE_MS = 5000;

class TorrentWorker {
  private readonly sessions = new Map<InfoHash, Session>();
  private readonly filter: PeerFilter;
  private readonly credit: SpaceCredit;
  private timers: NodeJS.Timeout[] = [];

  constructor(
    private readonly client: SwarmClient,
    filter: PeerFilter,
    private readonly send: (message: FromWorker) => void,
  ) {
    this.filter = filter;
    this.credit = new SpaceCredit({
      needSpace: (bytes) => send({ type: 'needSpace', bytes }),
      freed: (bytes) => send({ type: 'freed', bytes }),
      granted: () => this.wakeAll(),
    });
  }

  start(): void {
    this.timers = [
      setInterval(() => this.tick(), TICK_MS),
      setInterval(() => this.sendNumbers(), NUMBERS_MS),
      setInterval(() => void this.saveAll(), SAVE_MS),
    ];
    this.send({ type: 'ready' });
  }

  handle(message: ToWorker): void {
    switch (message.type) {
      case 'find':
        return this.session(message.infoHash, message.swarm).find();
      case 'open':
        return this.run(message.infoHash, this.session(message.infoHash, message.swarm).open(message));
      case 'demand':
        return this.sessions.get(message.infoHash)?.setDemands(message.demands);
      case 'pause':
        return this.sessions.get(message.infoHash)?.setPaused(message.isPaused);
      case 'learn':
        return this.run(message.infoHash, this.sessions.get(message.infoHash)?.learn(message.swarm));
      case 'leave':
        return this.run(message.infoHash, this.sessions.get(message.infoHash)?.leave());
      case 'close':
        return this.answer(message.call, this.close(message.infoHash, message.deletesFiles));
      case 'dropExtent':
        return this.answer(message.call, this.sessions.get(message.infoHash)?.dropExtent(message.extent));
      case 'space':
        return this.credit.grant(message.bytes);
      case 'blocklist':
        return this.filter.setBlocklist(message.ranges);
      case 'stop':
        return this.answer(message.call, this.stop());
    }
  }

  private session(infoHash: InfoHash, swarm: SwarmAddress): Session {
    const known = this.sessions.get(infoHash);
    if (known !== undefined) return known;
    const session = new Session({
      infoHash,
      swarm,
      client: this.client,
      credit: this.credit,
      now: () => performance.now(),
      send: (message) => this.send(message),
      queueFlush: () => setImmediate(() => session.flush()),
    });
    this.sessions.set(infoHash, session);
    return session;
  }

  private async close(infoHash: InfoHash, deletesFiles: boolean): Promise<void> {
    const session = this.sessions.get(infoHash);
    this.sessions.delete(infoHash);
    await session?.close(deletesFiles);
  }

  private async stop(): Promise<void> {
    for (const timer of this.timers) clearInterval(timer);
    await Promise.all([...this.sessions.keys()].map((infoHash) => this.close(infoHash, false)));
    await this.client.close();
  }

  private wakeAll(): void {
    for (const session of this.sessions.values()) if (session.isWanted) session.wake();
  }

  private tick(): void {
    for (const session of this.sessions.values()) if (session.isWanted) session.tick();
  }

  private sendNumbers(): void {
    const torrents = [...this.sessions.values()]
      .filter((session) => session.isActive)
      .map((session) => session.numbers());
    if (torrents.length > 0) this.send({ type: 'numbers', torrents, refusedPeers: this.filter.refused });
  }

  private async saveAll(): Promise<void> {
    for (const [infoHash, session] of this.sessions)
      await session.save().catch((error: Error) => this.fail(infoHash, error));
  }

  /** Work without an answer: its failure is the torrent's. */
  private run(infoHash: InfoHash, work: Promise<void> | undefined): void {
    work?.catch((error: Error) => this.fail(infoHash, error));
  }

  private answer(call: number, work: Promise<void> | undefined): void {
    Promise.resolve(work).then(
      () => this.send({ type: 'done', call, error: null }),
      (error: Error) => this.send({ type: 'done', call, error: error.message }),
    );
  }

  private fail(infoHash: InfoHash, error: NodeJS.ErrnoException): void {
    const code = error.code === 'ENOSPC' ? 'STORAGE_FULL' : 'INTERNAL';
    this.send({ type: 'failed', infoHash, code, message: error.message });
  }
}

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
  globalThis.fetch = createGuardedFetch(createHttpClient({ policy, log: logTo(send) }));
  // Only now: the protocol library takes hold of `fetch` when it is imported.
  const { SwarmClient } = await import('./swarm-client.js');
  const filter = new PeerFilter(policy);
  filter.setBlocklist(settings.blocklist);
  const client = new SwarmClient(settings, policy, filter, (error) => {
    send({ type: 'log', level: 'warn', message: `torrent client: ${error.message}`, infoHash: null });
  });
  const worker = new TorrentWorker(client, filter, send);
  port.on('message', (message: ToWorker) => worker.handle(message));
  worker.start();
}

/** The worker has no log of its own: its lines are written by the server's thread. */
function logTo(send: (message: FromWorker) => void): Logger {
  const at =
    (level: 'debug' | 'info' | 'warn') =>
    (fields: object | string, text?: string): void =>
      send({ type: 'log', level, message: typeof fields === 'string' ? fields : (text ?? ''), infoHash: null });
  const log: Logger = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('warn'), child: () => log };
  return log;
}

await main();
