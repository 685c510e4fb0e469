// What the torrent worker does: takes messages from the server's thread, keeps one session per torrent, and sends numbers
// and events back. It may crash alone; the other side starts it again.

import type { InfoHash } from '../../../content/index.js';
import type { Clock } from '../../../platform/index.js';
import type { FromWorker, SwarmAddress, ToWorker } from '../protocol.js';
import type { SwarmEntrance } from './membership.js';
import type { PeerFilter } from './peer-filter.js';
import { Session } from './session.js';
import { SpaceCredit } from './space-credit.js';
import type { SwarmClient } from './swarm-client.js';

const TICK_MS = 100;
const NUMBERS_MS = 250;
const SAVE_MS = 5000;
/** After waiting so long for room, half-done pieces that nobody wants are let go. */
const TICKS_UNTIL_SHORT = 5;

export interface TorrentWorkerOptions {
  readonly client: SwarmEntrance & Pick<SwarmClient, 'close' | 'dropRefused'>;
  readonly filter: Pick<PeerFilter, 'refused' | 'setBlocklist'>;
  readonly send: (message: FromWorker) => void;
  readonly clock: Clock;
  /** Milliseconds of a clock that only goes forward. */
  readonly now: () => number;
}

export class TorrentWorker {
  private readonly sessions = new Map<InfoHash, Session>();
  /** Sessions that are being closed: a new one of the same torrent waits for them. */
  private readonly closing = new Map<InfoHash, Promise<void>>();
  private readonly credit: SpaceCredit;
  private timers: { cancel(): void }[] = [];
  private ticksWaiting = 0;

  constructor(private readonly options: TorrentWorkerOptions) {
    const { send } = options;
    this.credit = new SpaceCredit({
      needSpace: (bytes) => send({ type: 'needSpace', bytes }),
      freed: (bytes) => send({ type: 'freed', bytes }),
      granted: () => this.wakeAll(),
    });
  }

  start(): void {
    const { clock, send } = this.options;
    this.timers = [
      clock.every(TICK_MS, () => this.tick()),
      clock.every(NUMBERS_MS, () => this.sendNumbers()),
      clock.every(SAVE_MS, () => void this.saveAll()),
    ];
    send({ type: 'ready' });
  }

  handle(message: ToWorker): void {
    switch (message.type) {
      case 'find':
        return this.session(message.infoHash, message.swarm).join();
      case 'open':
        return this.run(message.infoHash, this.session(message.infoHash, message.swarm).open(message));
      case 'demand':
        return this.run(message.infoHash, this.sessions.get(message.infoHash)?.setDemands(message.demands));
      case 'pause':
        return this.sessions.get(message.infoHash)?.setPaused(message.isPaused);
      case 'learn':
        return this.sessions.get(message.infoHash)?.learn(message.swarm);
      case 'close':
        return this.answer(message.call, this.close(message.infoHash, message.deletesFiles));
      case 'dropExtent':
        return this.answer(message.call, this.dropExtent(message.infoHash, message.extent));
      case 'space':
        return this.credit.grant(message.bytes);
      case 'blocklist':
        this.options.filter.setBlocklist(message.ranges);
        return this.options.client.dropRefused();
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
      client: this.options.client,
      credit: this.credit,
      clock: this.options.clock,
      now: this.options.now,
      send: this.options.send,
      after: this.closing.get(infoHash)?.catch(() => undefined) ?? Promise.resolve(),
    });
    this.sessions.set(infoHash, session);
    return session;
  }

  private close(infoHash: InfoHash, deletesFiles: boolean): Promise<void> {
    const session = this.sessions.get(infoHash);
    if (session === undefined) return this.closing.get(infoHash) ?? Promise.resolve();
    this.sessions.delete(infoHash);
    const closed = session.close(deletesFiles).finally(() => {
      if (this.closing.get(infoHash) === closed) this.closing.delete(infoHash);
    });
    this.closing.set(infoHash, closed);
    return closed;
  }

  private dropExtent(infoHash: InfoHash, extent: number): Promise<void> {
    const session = this.sessions.get(infoHash);
    return session?.dropExtent(extent) ?? Promise.reject(new Error('no such torrent'));
  }

  private async stop(): Promise<void> {
    for (const timer of this.timers) timer.cancel();
    const closed = [...this.sessions.keys()].map((infoHash) => this.close(infoHash, false));
    await Promise.allSettled([...closed, ...this.closing.values()]);
    await this.options.client.close();
  }

  private wakeAll(): void {
    for (const session of this.sessions.values()) if (session.isWanted) session.wake();
  }

  private tick(): void {
    this.ticksWaiting = this.credit.isWaiting ? this.ticksWaiting + 1 : 0;
    if (this.ticksWaiting >= TICKS_UNTIL_SHORT) this.gatherRoom();
    for (const session of this.sessions.values()) if (session.isWanted) session.tick();
  }

  private gatherRoom(): void {
    this.ticksWaiting = 0;
    for (const session of this.sessions.values()) session.giveRoom();
    this.wakeAll();
  }

  private sendNumbers(): void {
    const torrents = [...this.sessions.values()].map((session) => session.news()).filter((news) => news !== null);
    if (torrents.length > 0)
      this.options.send({ type: 'numbers', torrents, refusedPeers: this.options.filter.refused });
  }

  private async saveAll(): Promise<void> {
    for (const [infoHash, session] of this.sessions) {
      await session.save().catch((error: Error) => this.fail(infoHash, error));
    }
  }

  /** Work without an answer: its failure is the torrent's. */
  private run(infoHash: InfoHash, work: Promise<void> | undefined): void {
    work?.catch((error: Error) => this.fail(infoHash, error));
  }

  private answer(call: number, work: Promise<void>): void {
    work.then(
      () => this.options.send({ type: 'done', call, error: null }),
      (error: Error) => this.options.send({ type: 'done', call, error: error.message }),
    );
  }

  private fail(infoHash: InfoHash, error: NodeJS.ErrnoException): void {
    const code = error.code === 'ENOSPC' || error.code === 'EDQUOT' ? 'STORAGE_FULL' : 'INTERNAL';
    this.options.send({ type: 'failed', infoHash, code, message: error.message });
  }
}
