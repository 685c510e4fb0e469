// One torrent as the worker knows it: told everything from nothing, never told anything while its files are in other hands.

import type { InfoHash } from '../../../content/index.js';
import type { Demand, SwarmAddress, ToWorker } from '../protocol.js';

export interface RemoteContext {
  post(message: ToWorker): void;
  call(build: (call: number) => ToWorker): Promise<void>;
  /** What makes the worker know the torrent: a `find`, or an `open` and what belongs to it; null while nothing can. */
  describe(): readonly ToWorker[] | null;
  /** True while somebody wants something that the worker must do. */
  isWanted(): boolean;
}

export class RemoteTorrent {
  private state: 'nothing' | 'find' | 'open' = 'nothing';
  /** Work on the torrent's files that the worker must not be part of, in a row. */
  private awayWork: Promise<unknown> = Promise.resolve();
  private awayCount = 0;

  constructor(
    private readonly infoHash: InfoHash,
    private readonly context: RemoteContext,
  ) {}

  get isKnown(): boolean {
    return this.state !== 'nothing';
  }

  get isOpen(): boolean {
    return this.state === 'open';
  }

  /** Tells everything about the torrent; later, where its files are in other hands now. */
  tell(): void {
    const messages = this.awayCount > 0 ? null : this.context.describe();
    if (messages === null) return;
    this.state = messages.some((message) => message.type === 'open') ? 'open' : 'find';
    for (const message of messages) this.context.post(message);
  }

  setDemands(demands: readonly Demand[]): void {
    if (this.isOpen) this.context.post({ type: 'demand', infoHash: this.infoHash, demands });
  }

  setPaused(isPaused: boolean): void {
    if (this.isKnown) this.context.post({ type: 'pause', infoHash: this.infoHash, isPaused });
  }

  learn(swarm: SwarmAddress): void {
    if (this.isKnown) this.context.post({ type: 'learn', infoHash: this.infoHash, swarm });
  }

  /** The worker leaves the torrent; what is wanted meanwhile is told when it has. @throws when the worker dies of it */
  close(options: { readonly deletesFiles: boolean }): Promise<void> {
    const wasKnown = this.isKnown;
    this.state = 'nothing';
    return this.away(async () => {
      if (wasKnown) await this.context.call((call) => ({ type: 'close', infoHash: this.infoHash, ...options, call }));
    });
  }

  /** False when the worker could not do it. */
  async dropExtent(extent: number): Promise<boolean> {
    if (!this.isOpen) return false;
    return this.context
      .call((call) => ({ type: 'dropExtent', infoHash: this.infoHash, extent, call }))
      .then(
        () => true,
        () => false,
      );
  }

  /** Runs `work` while the worker has nothing to do with the torrent's files, or does not begin to. */
  away<T>(work: () => Promise<T>): Promise<T> {
    this.awayCount++;
    const result = this.awayWork.then(work);
    this.awayWork = result
      .catch(() => undefined)
      .then(() => {
        this.awayCount--;
        if (this.awayCount === 0 && !this.isKnown && this.context.isWanted()) this.tell();
      });
    return result;
  }

  /** The worker died; what it is to know is told to the next one. */
  lost(): void {
    this.state = 'nothing';
  }

  /** A fresh worker knows nothing, whatever was sent while it started. */
  started(): void {
    this.state = 'nothing';
    if (this.context.isWanted()) this.tell();
  }
}
