// Articles from all providers together: who is asked, in what order, again, or twice. Knows neither files nor what is kept.
// At most `MAX_IN_FLIGHT` articles are under way (and a few asked for twice), at most `MAX_WAITING` wait: more are refused.

import { BusyError, ClosedError, NotFoundError, TimeoutError, usenetUnavailable } from '../../../content/index.js';
import type { ContentId } from '../../../content/index.js';
import type { Clock, Logger, NntpProvider } from '../../../platform/index.js';
import type { ArticleRequest, ArticleSource, DecodedArticle, FetchOptions, SlotPool } from '../article.js';
import type { Connector } from '../nntp/wire.js';
import type { YencKernel } from '../yenc/kernel.js';
import { AttemptRunner } from './attempt.js';
import { Departures } from './departures.js';
import { DispatchOrder, candidateOf } from './dispatch.js';
import type { Candidate } from './dispatch.js';
import { Hedger } from './hedge.js';
import { MissingMemory } from './missing-memory.js';
import type { ProviderPool } from './provider-pool.js';
import { ProviderSet } from './provider-set.js';
import type { ProviderStatus } from './provider-status.js';
import type { ProviderTest } from './provider-test.js';
import { chooseRoute } from './route.js';
import type { Route } from './route.js';
import { ArticleTask } from './task.js';
import type { TaskKind, TaskResult } from './task.js';

export interface ArticlePoolOptions {
  readonly kernel: YencKernel;
  readonly slots: SlotPool;
  readonly clock: Clock;
  readonly log: Logger;
  /** How sockets are opened. */
  readonly connect?: Connector;
}

/** More does not fill a line better (measured: 20 × 4 was slower than 10 × 1). */
const MAX_IN_FLIGHT: Readonly<Record<TaskKind, number>> = { body: 40, stat: 100 };
const KINDS: readonly TaskKind[] = ['body', 'stat'];
/** Fifty readers with forty articles ahead each; a scan of all of them takes well under a millisecond. */
const MAX_WAITING = 2048;
/** For an article that a reader waits for, once it was asked for. */
const FETCH_MS = 30_000;
/** For all others: a slow line carries what is under way in more than half a minute. */
const PATIENT_FETCH_MS = 120_000;

export class ArticlePool implements ArticleSource {
  readonly #options: ArticlePoolOptions;
  readonly #providers: ProviderSet;
  readonly #memory = new MissingMemory();
  readonly #order = new DispatchOrder();
  readonly #runner: AttemptRunner;
  readonly #hedger: Hedger;
  readonly #waiting = new Set<ArticleTask>();
  readonly #departures = new Departures();
  #plans = new WeakMap<ArticleTask, { readonly version: number; readonly stops: readonly ProviderPool[] }>();
  readonly #open = new Set<ArticleTask>();
  /** Came since the last look. */
  #fresh: ArticleTask[] = [];
  #isStarted = false;
  #isPumping = false;
  /** Something happened to a provider, or to what waits, since the last look. */
  #hasChanged = false;
  #closed: Promise<void> | null = null;

  /** Without providers: `replace` sets them. */
  constructor(options: ArticlePoolOptions) {
    this.#options = options;
    const { clock, slots, kernel } = options;
    const giveSlot = (slot: Uint8Array): void => slots.give(slot);
    this.#providers = new ProviderSet({ ...options, giveSlot, onChange: () => this.#changed() });
    const onFree = (task: ArticleTask): void => this.#freed(task);
    this.#runner = new AttemptRunner({
      kernel,
      slots,
      clock,
      memory: this.#memory,
      providers: () => this.#providers.list,
      onFree,
    });
    this.#hedger = new Hedger({ clock, runner: this.#runner, stopsFor: (task) => this.#stopsFor(task) });
  }

  /** Connects to the first provider in the background, so that the first article need not wait for it. */
  start(): void {
    this.#isStarted = true;
    this.#providers.list[0]?.want(1);
  }

  /**
   * From now on these are asked. Those that are as they were keep their connections; of the others each connection ends once
   * what is asked on it is answered. What waits is asked of the new ones, or refused where there are none.
   */
  replace(providers: readonly NntpProvider[]): void {
    if (this.#closed !== null) return;
    this.#providers.replace(providers);
    this.#plans = new WeakMap();
    if (this.#isStarted) this.start();
    this.#changed();
  }

  /** Nobody could be asked. */
  get isEmpty(): boolean {
    return this.#providers.list.length === 0;
  }

  async fetch(request: ArticleRequest, options: FetchOptions): Promise<DecodedArticle> {
    const result = await this.#run('body', request, options);
    if (!('article' in result)) throw new NotFoundError('An answer without an article.');
    return result.article;
  }

  async exists(request: ArticleRequest, options: FetchOptions): Promise<boolean | null> {
    const result = await this.#run('stat', request, options);
    return 'isThere' in result ? result.isThere : null;
  }

  /** Numbers and states as of now, in the order in which providers are asked. */
  providers(): readonly ProviderStatus[] {
    return this.#providers.list.map((provider) => provider.status());
  }

  /** Dials a provider once beyond the pool, whether it is in use or not, and says how far that went. */
  test(provider: NntpProvider, options: { readonly signal: AbortSignal }): Promise<ProviderTest> {
    return this.#providers.test(provider, options);
  }

  /** Asks for articles of this release again that were missing a moment ago. */
  forgetMissing(contentId: ContentId): void {
    this.#memory.forget(contentId);
  }

  /** Nothing but checks is wanted. Proportional to the articles that wait or are under way. */
  get isIdle(): boolean {
    return ![...this.#open].some((task) => task.options.demand.urgency().rank !== 'background');
  }

  /** Refuses what waits, drops what is under way, and waits until all connections are gone. Idempotent. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    for (const task of [...this.#open]) task.fail(new ClosedError());
    await this.#providers.close();
  }

  #run(kind: TaskKind, request: ArticleRequest, options: FetchOptions): Promise<TaskResult> {
    return new Promise((resolve, reject) => {
      options.signal.throwIfAborted();
      if (this.#closed !== null) throw new ClosedError();
      if (this.isEmpty) throw usenetUnavailable();
      if (this.#waiting.size >= MAX_WAITING) throw new BusyError('Too many articles are waiting for Usenet.');
      const startedAt = this.#options.clock.now();
      const task = new ArticleTask({ kind, request, options, startedAt, resolve, reject });
      this.#admit(task);
    });
  }

  #admit(task: ArticleTask): void {
    const { signal } = task.options;
    const stay = this.#departures.expect(signal, () => task.fail(signal.reason));
    this.#armDeadline(task, FETCH_MS);
    this.#open.add(task);
    this.#waiting.add(task);
    this.#fresh.push(task);
    task.onOver(() => {
      stay();
      this.#open.delete(task);
      this.#waiting.delete(task);
      this.#pumpSoon();
    });
    this.#pumpSoon();
  }

  #armDeadline(task: ArticleTask, ms: number): void {
    const timer = this.#options.clock.after(ms, () => {
      const isPatient = !task.wasTried || task.options.demand.urgency().rank !== 'play';
      if (ms === FETCH_MS && isPatient) return this.#armDeadline(task, PATIENT_FETCH_MS - FETCH_MS);
      task.fail(this.#lateness(task));
    });
    task.onOver(() => timer.cancel());
  }

  /** A provider that is down says more than a deadline. */
  #lateness(task: ArticleTask): Error {
    const route = this.#route(task);
    const fault = route.kind === 'wait' ? route.provider.fault : null;
    return fault ?? new TimeoutError('An article did not arrive in time.');
  }

  /** No more of a kind is sent now: too many are under way, or no provider has room. */
  #isFull(kind: TaskKind): boolean {
    if (this.#runner.inFlight(kind) >= MAX_IN_FLIGHT[kind]) return true;
    return !this.#providers.list.some((provider) => provider.hasRoom(kind));
  }

  #changed(): void {
    this.#hasChanged = true;
    this.#pumpSoon();
  }

  /** Once for however many things change in one turn. */
  #pumpSoon(): void {
    if (this.#isPumping) return;
    this.#isPumping = true;
    queueMicrotask(() => {
      this.#isPumping = false;
      if (this.#closed === null) this.#pump();
    });
  }

  /** Sends what may go. Proportional to the waiting articles, times those that go. */
  #pump(): void {
    if (this.#waiting.size === 0 || KINDS.every((kind) => this.#runner.inFlight(kind) >= MAX_IN_FLIGHT[kind])) {
      this.#fresh = [];
      this.#hasChanged = true;
      return;
    }
    const wanted = new Map<ProviderPool, number>();
    const ready: Record<TaskKind, Candidate<ArticleTask>[]> = { body: [], stat: [] };
    for (const task of this.#toLookAt()) {
      if (task.isOver) continue;
      const route = this.#route(task);
      if (this.isEmpty) task.fail(usenetUnavailable());
      else if (route.kind === 'nobody') task.conclude(route.faults);
      else {
        wanted.set(route.provider, (wanted.get(route.provider) ?? 0) + 1);
        if (route.kind === 'go') ready[task.kind].push(candidateOf(task, task.options.demand));
      }
    }
    for (const kind of KINDS) this.#send(kind, ready[kind]);
    for (const [provider, count] of wanted) provider.want(count);
    this.#reviveFirst();
  }

  #send(kind: TaskKind, ready: Candidate<ArticleTask>[]): void {
    while (!this.#isFull(kind)) {
      const next = this.#order.take(ready);
      if (next === null) return;
      const route = this.#route(next.item);
      if (route.kind !== 'go' || !this.#runner.start(next.item, route.provider)) continue;
      this.#order.used(next);
      this.#waiting.delete(next.item);
      this.#hedger.watch(next.item, route.provider);
    }
  }

  /** Where nothing has changed and nobody has room, only what is new needs an answer. */
  #toLookAt(): readonly ArticleTask[] {
    const hasRoom = KINDS.some((kind) => !this.#isFull(kind));
    const tasks = this.#hasChanged || hasRoom ? [...this.#waiting] : this.#fresh;
    this.#hasChanged = false;
    this.#fresh = [];
    return tasks;
  }

  /** A provider that others stand in for is tried again once its pause is over. */
  #reviveFirst(): void {
    for (const provider of this.#providers.list) if (provider.readiness() === 'hopeful') provider.want(1);
  }

  #route(task: ArticleTask): Route<ProviderPool> {
    return chooseRoute(this.#stopsFor(task), task);
  }

  /** In the order in which they are to be asked. Asked for each waiting article at each turn: found out once per finding. */
  #stopsFor(task: ArticleTask): readonly ProviderPool[] {
    const known = this.#plans.get(task);
    if (known?.version === this.#memory.version) return known.stops;
    const stops = this.#planFor(task);
    this.#plans.set(task, { version: this.#memory.version, stops });
    return stops;
  }

  /** Those that lack the article are told to the task. */
  #planFor(task: ArticleTask): readonly ProviderPool[] {
    const { messageId, contentId } = task.request;
    const now = this.#options.clock.now();
    const [likely, unlikely]: [ProviderPool[], ProviderPool[]] = [[], []];
    for (const provider of this.#providers.list) {
      if (this.#memory.isMissing(provider.group, messageId, now)) task.lacks(provider.id);
      else if (task.kind === 'stat' && provider.refusesStat) task.staysSilent(provider.id);
      else (this.#memory.isUnlikely(provider.group, contentId) ? unlikely : likely).push(provider);
    }
    return unlikely.length === 0 ? likely : [...likely, ...unlikely];
  }

  /** One of a task's attempts ended without a result. */
  #freed(task: ArticleTask): void {
    if (!task.isOver && task.attempts.length === 0) this.#waiting.add(task);
    this.#changed();
  }
}
