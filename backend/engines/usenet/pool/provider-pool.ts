// One provider's connections: dialled one first, then as many as are wanted and allowed; kept warm, closed when idle, never more than
// configured, those that are being dialled or not yet counted out by the server included. Knows articles only as commands. Longer than most, because every change of how many connections there are and may be
// stands here, in the one place that counts them.

import { ClosedError, TimeoutError } from '../../../content/index.js';
import type { UpstreamError } from '../../../content/index.js';
import type { Clock, Logger, NntpProvider, Timer } from '../../../platform/index.js';
import type { Reply } from '../nntp/codec.js';
import type { NntpConnection } from '../nntp/connection.js';
import { refusalError } from '../nntp/refusal.js';
import type { Connector } from '../nntp/wire.js';
import { AdaptiveCeiling } from './ceiling.js';
import { KEEP_EVERY_MS, chooseKeeping } from './connection-keeper.js';
import { dialProvider } from './provider-dial.js';
import { ProviderHealth, faultFrom } from './provider-health.js';
import { ProviderNumbers } from './provider-numbers.js';
import type { ProviderStatus } from './provider-status.js';
import type { Readiness, RouteStop } from './route.js';
import type { TaskKind } from './task.js';

export interface ProviderPoolOptions {
  readonly provider: NntpProvider;
  readonly connect: Connector;
  readonly clock: Clock;
  readonly log: Logger;
  /** Something changed: a connection came or went, a command ended, a pause is over. */
  readonly onChange: () => void;
  readonly giveSlot: (slot: Uint8Array) => void;
  /** Another one for each pool that there ever was: what an article met at one says nothing of the next. Default 0. */
  readonly number?: number;
  /** Connections of others to the same account, which are still ending: they count against the limit. Default none. */
  readonly ending?: () => number;
}

/** What is known of an open connection beside itself. */
interface Link {
  readonly connection: NntpConnection;
  idleSince: number;
  unusedSince: number;
  counted: number;
}

/** More dials at once delay each other (measured: twenty TLS dials cost the first one seven times its time). */
const MAX_DIALS = 4;
/** Questions of one line under way on a connection. */
const MAX_STATS_PER_CONNECTION = 64;
/** A first dial that takes longer is no reason to wait, if there is another provider. */
const PATIENCE_MS = 1000;
/** A server may still count a connection that we cut. */
const LINGER_MS = 250;
/** Reconnecting instead of passing over unwanted bytes is done to half of the connections in such a time. */
const CUT_PERIOD_MS = 5000;
const ASSUMED_BYTES_PER_MS = 5000;

/** Which kinds of commands find room, and the share of connections at work. */
interface ProviderView extends Readonly<Record<TaskKind, boolean>> {
  readonly load: number;
}

export class ProviderPool implements RouteStop {
  /** Of this pool, not of the settings: never given twice. */
  readonly id: string;
  readonly priority: number;
  readonly isBackup: boolean;
  /** Providers of one key have the same articles. */
  readonly group: string;
  readonly numbers = new ProviderNumbers();
  /** The server does not answer STAT. */
  refusesStat = false;
  readonly #options: ProviderPoolOptions;
  readonly health: ProviderHealth;
  readonly #ceiling: AdaptiveCeiling;
  readonly #links = new Map<NntpConnection, Link>();
  readonly #dials = new Set<Promise<void>>();
  readonly #leaving = new Set<NntpConnection>();
  readonly #closing = new AbortController();
  #keeper: Timer | null = null;
  #wake: Timer | null = null;
  #dialledAt = 0;
  #usedAt: number | null = null;
  /** As it was last written into the log. */
  #toldLimit: number | null = null;
  #cuts = { at: 0, count: 0 };
  #isReaderModeWanted = false;
  #view: ProviderView | null = null;

  constructor(options: ProviderPoolOptions) {
    const { provider } = options;
    this.#options = options;
    this.id = `${provider.id} ${options.number ?? 0}`;
    this.priority = provider.priority;
    this.isBackup = provider.isBackup;
    this.group = provider.group === undefined ? `provider ${this.id}` : `group ${provider.group}`;
    this.#ceiling = new AdaptiveCeiling(provider.connections);
    this.health = new ProviderHealth({ ...options, numbers: this.numbers });
  }

  get provider(): NntpProvider {
    return this.#options.provider;
  }

  /** Connections that its server may count: open ones, those that are being dialled, those that are just ending. */
  get total(): number {
    return this.#links.size + this.#dials.size + this.#leaving.size;
  }

  get host(): string {
    return this.#options.provider.host;
  }

  get load(): number {
    return this.#look().load;
  }

  get fault(): UpstreamError | null {
    return this.health.fault;
  }

  /** What a reply to a command says of this provider. */
  refusal(reply: Reply): UpstreamError {
    return refusalError(this.#options.provider, reply, 'command');
  }

  readiness(): Readiness {
    const readiness = this.health.readiness(this.#links.size > 0);
    if (readiness !== 'ready' || this.#links.size > 0) return readiness;
    return this.#dials.size > 0 && this.#now - this.#dialledAt > PATIENCE_MS ? 'hopeful' : 'ready';
  }

  hasRoom(kind: TaskKind): boolean {
    return this.#look()[kind];
  }

  /**
   * The connection that will answer soonest, if one takes another command of this kind; `besides` is not taken. An article
   * takes its time on the line, an answer of one line takes none: many of those fit beside it.
   */
  pick(kind: TaskKind, besides?: object): NntpConnection | null {
    const { depth } = this.#options.provider;
    let best: NntpConnection | null = null;
    let least = Infinity;
    for (const connection of this.#links.keys()) {
      const { live, pending } = connection.bodies;
      const isFull =
        kind === 'body' ? live >= depth || pending >= depth * 2 : connection.live - live >= MAX_STATS_PER_CONNECTION;
      const delay = pending * depth * 2 + (kind === 'body' ? 0 : connection.pending - pending);
      if (connection === besides || isFull || delay >= least) continue;
      [best, least] = [connection, delay];
      if (least === 0) break;
    }
    return best;
  }

  /** `waiting` articles would be asked here if there were room: dials for them as far as it is allowed. */
  want(waiting: number): void {
    const { dialling, retryAt } = this.health;
    if (waiting === 0 || this.#closing.signal.aborted || dialling === 'never') return;
    this.#usedAt = this.#now;
    if (dialling === 'later') return this.#wakeAt(retryAt);
    if (dialling === 'probe') return this.#dialMore(1 - this.#dials.size);
    const idle = [...this.#links.keys()].filter(({ pending }) => pending === 0).length;
    const atOnce = this.#links.size === 0 ? 1 : MAX_DIALS;
    this.#dialMore(Math.min(atOnce - this.#dials.size, waiting - idle - this.#dials.size));
  }

  /** Marks a connection as used and an article as asked for. */
  used(connection: NntpConnection): void {
    const link = this.#links.get(connection);
    if (link) link.unusedSince = this.#now;
    this.#view = null;
    this.#usedAt = this.#now;
  }

  /** The server has too many connections, this one among them; returns whether that is put right by fewer. */
  crowded(connection: NntpConnection): boolean {
    if (this.#links.size < 2) return false;
    connection.close();
    this.#ceiling.refused(this.#links.size, this.#now);
    return true;
  }

  /** The server wants `MODE READER`: each connection from now on begins with it. */
  wantsReaderMode(connection: NntpConnection): void {
    this.#isReaderModeWanted = true;
    connection.close();
  }

  /**
   * Commands were given up. Where passing over their bytes would take longer than a new connection, or they are late already, it is
   * cut instead: at most half of the connections in a few seconds, so that seeks do not cost all of them.
   */
  dropped(connection: NntpConnection): void {
    this.#view = null;
    if (connection.live > 0 || connection.pending === 0) return;
    if (this.#closing.signal.aborted) return connection.close();
    const drainMs = connection.unwantedBytes / (this.numbers.bytesPerConnectionMs ?? ASSUMED_BYTES_PER_MS);
    const isLate = connection.quietMs > this.numbers.latency.deadlineMs;
    if (!isLate && drainMs < this.numbers.dialMs * 2 + LINGER_MS) return;
    const now = this.#now;
    if (now - this.#cuts.at >= CUT_PERIOD_MS) this.#cuts = { at: now, count: 0 };
    if (this.#cuts.count >= Math.max(1, Math.floor(this.#limit / 2))) return;
    this.#cuts.count += 1;
    connection.close();
  }

  status(): ProviderStatus {
    const { id, host, port, isTls, connections } = this.#options.provider;
    const { articles, bytes, misses, errors, lastError, rate } = this.numbers;
    const open = [...this.#links.keys()];
    const busy = open.filter(({ pending }) => pending > 0).length;
    return {
      id,
      host,
      port,
      tls: isTls,
      connections: { open: open.length, busy, limit: this.#limit, configured: connections },
      speedBytesPerSecond: rate.bytesPerSecond(this.#now),
      articles,
      bytes,
      misses,
      errors,
      lastError,
      state: this.health.state(open.length > 0),
    };
  }

  /** Dials no more; each connection ends with the last answer that is wanted of it. Resolves when all are gone. Idempotent. */
  async drain(): Promise<void> {
    this.#closing.abort(new ClosedError());
    this.#keeper?.cancel();
    this.#wake?.cancel();
    const connections = [...this.#links.keys()];
    for (const connection of connections) if (connection.live === 0) connection.close();
    await Promise.all([...this.#dials, ...[...connections, ...this.#leaving].map(({ gone }) => gone)]);
  }

  /** Ends all connections and waits until they are gone. Idempotent. */
  async close(): Promise<void> {
    const drained = this.drain();
    for (const connection of [...this.#links.keys()]) connection.close();
    await drained;
  }

  get #now(): number {
    return this.#options.clock.now();
  }

  get #limit(): number {
    return this.#ceiling.limit(this.#now);
  }

  /** Asked for each waiting article: found out once between two changes. */
  #look(): ProviderView {
    if (this.#view !== null) return this.#view;
    let live = 0;
    for (const connection of this.#links.keys()) live += connection.live;
    this.#view = { body: this.pick('body') !== null, stat: this.pick('stat') !== null, load: live / this.#limit };
    return this.#view;
  }

  #dialMore(wanted: number): void {
    const count = Math.min(wanted, this.#limit - this.total - (this.#options.ending?.() ?? 0));
    for (let dialled = 0; dialled < count; dialled += 1) {
      if (this.#dials.size === 0) this.#dialledAt = this.#now;
      const dial: Promise<void> = this.#dial().finally(() => {
        this.#dials.delete(dial);
        this.#options.onChange();
      });
      this.#dials.add(dial);
    }
    if (count > 0) this.#wakeAt(this.#now + PATIENCE_MS + 1);
  }

  async #dial(): Promise<void> {
    const startedAt = this.#now;
    const begun: NntpConnection[] = [];
    try {
      const connection = await dialProvider({
        ...this.#options,
        signal: this.#closing.signal,
        isReaderModeWanted: this.#isReaderModeWanted,
        onChange: () => this.#changed(begun[0]),
        onBegin: (each) => begun.push(each),
      });
      this.#closing.signal.throwIfAborted();
      const now = this.#now;
      this.numbers.dialMs = now - startedAt;
      this.health.loggedIn();
      this.#links.set(connection, { connection, idleSince: now, unusedSince: now, counted: 0 });
      this.#keeper ??= this.#options.clock.every(KEEP_EVERY_MS, () => this.#keep());
      this.#changed(connection);
    } catch (error) {
      begun[0]?.close();
      if (begun[0]) this.#left(begun[0]);
      if (!this.#closing.signal.aborted) this.#dialFailed(error);
    }
  }

  #dialFailed(error: unknown): void {
    const fault = faultFrom(this.host, error);
    if (fault.code === 'PROVIDER_LIMIT' && this.#links.size > 0) {
      this.#ceiling.refused(this.#links.size, this.#now);
      this.numbers.failed(fault, this.#now);
      this.#tellLimit(this.#limit);
    } else {
      this.health.failed(fault, error instanceof TimeoutError);
      this.#wakeAt(this.health.retryAt);
    }
  }

  /** Not again whenever one more is tried and refused. */
  #tellLimit(limit: number): void {
    if (limit === this.#toldLimit) return;
    this.#toldLimit = limit;
    this.#options.log.info({ provider: this.provider.id, limit }, 'A Usenet provider allows fewer connections.');
  }

  /** A command ended on a connection, or it is gone. */
  #changed(connection: NntpConnection | undefined): void {
    this.#view = null;
    const link = connection && this.#links.get(connection);
    if (!connection || !link) return;
    this.health.received(connection.bytesReceived - link.counted);
    link.counted = connection.bytesReceived;
    if (connection.pending === 0) link.idleSince = this.#now;
    if (connection.lost !== null) {
      this.#links.delete(connection);
      this.#left(connection);
    } else if (this.#closing.signal.aborted && connection.live === 0) connection.close();
    this.#options.onChange();
  }

  /** It counts against the limit until the server has surely counted it out. */
  #left(connection: NntpConnection): void {
    this.#leaving.add(connection);
    const forget = (): void => {
      this.#leaving.delete(connection);
      this.#options.onChange();
    };
    void connection.gone.then(() => {
      if (connection.isCut && !this.#closing.signal.aborted) this.#options.clock.after(LINGER_MS, forget);
      else forget();
    });
  }

  #keep(): void {
    const idle = [...this.#links.values()].filter(({ connection }) => connection.pending === 0);
    const question = { idle, total: this.total, limit: this.#limit, usedAt: this.#usedAt, now: this.#now };
    const { close, ask, dial } = chooseKeeping(question);
    for (const connection of close) connection.close();
    for (const connection of ask) connection.ask('DATE\r\n');
    if (this.health.dialling === 'free') this.#dialMore(dial);
  }

  #wakeAt(at: number): void {
    this.#wake?.cancel();
    this.#wake = this.#options.clock.after(Math.max(0, at - this.#now), this.#options.onChange);
  }
}
