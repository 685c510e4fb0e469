// One article asked of one connection, and what its answer means for the article and for the provider. Knows no order among
// articles.

import type { HeadstartError } from '../../../content/index.js';
import { CorruptDataError, InputError, UnplayableError, UpstreamError } from '../../../content/index.js';
import type { Clock } from '../../../platform/index.js';
import type { DecodedArticle, SlotPool } from '../article.js';
import type { Reply } from '../nntp/codec.js';
import type { Outcome, SentCommand } from '../nntp/command.js';
import type { NntpConnection } from '../nntp/connection.js';
import { isMissing, isUnknownCommand, wantsModeReader } from '../nntp/refusal.js';
import { ArticleDecoder } from '../yenc/article-decoder.js';
import type { YencKernel } from '../yenc/kernel.js';
import type { MissingMemory } from './missing-memory.js';
import type { ProviderPool } from './provider-pool.js';
import type { ArticleTask, Attempt, TaskKind } from './task.js';

export interface AttemptRunnerOptions {
  readonly kernel: YencKernel;
  readonly slots: SlotPool;
  readonly clock: Clock;
  readonly memory: MissingMemory;
  /** All of them as of now: what one of a storage group lacks, the others lack. */
  readonly providers: () => readonly ProviderPool[];
  /** An attempt ended without a result for its task, or was given up. */
  readonly onFree: (task: ArticleTask) => void;
}

const STAT_THERE = 223;
/** RFC 3977 §3.2.1: the server is about to close. RFC 4643 §2.3.1: it knows of no login, though there was one. */
const ENDS_SESSION = new Set([400, 480]);
/** Where an NZB does not say: what most posters use. */
const USUAL_ARTICLE_BYTES = 750_000;

export class AttemptRunner {
  readonly #options: AttemptRunnerOptions;
  readonly #inFlight: Record<TaskKind, number> = { body: 0, stat: 0 };

  constructor(options: AttemptRunnerOptions) {
    this.#options = options;
  }

  /** Attempts of this kind whose answers are wanted. */
  inFlight(kind: TaskKind): number {
    return this.#inFlight[kind];
  }

  /** Asks `provider` on a connection with room, not on `besides`; returns whether there was one, or the task came to its end. */
  start(task: ArticleTask, provider: ProviderPool, besides?: object): boolean {
    const connection = provider.pick(task.kind, besides);
    if (connection === null) return false;
    const command = this.#send(task, connection);
    if (command === null) return true;
    provider.used(connection);
    task.wasTried = true;
    this.#follow(task, provider, connection, command);
    return true;
  }

  #send(task: ArticleTask, connection: NntpConnection): SentCommand | null {
    const { messageId, sizeBytes } = task.request;
    try {
      if (task.kind === 'stat') return connection.stat(messageId);
      const { kernel, slots } = this.#options;
      const allocate = (bytes: number): Uint8Array => slots.take(bytes);
      const createDecoder = (): ArticleDecoder => new ArticleDecoder({ kernel, allocate, sizeHint: sizeBytes });
      return connection.body(messageId, { createDecoder, sizeHint: sizeBytes === 0 ? USUAL_ARTICLE_BYTES : sizeBytes });
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      // No server can have what cannot be asked for.
      for (const { id } of this.#options.providers()) task.lacks(id, error);
      task.conclude([]);
      return null;
    }
  }

  #follow(task: ArticleTask, provider: ProviderPool, connection: NntpConnection, command: SentCommand): void {
    const startedAt = this.#options.clock.now();
    let isOver = false;
    this.#inFlight[task.kind] += 1;
    const over = (): boolean => {
      if (isOver) return false;
      isOver = true;
      this.#inFlight[task.kind] -= 1;
      return true;
    };
    const attempt: Attempt = {
      providerId: provider.id,
      connection,
      cancel: () => {
        if (!over()) return;
        command.cancel();
        provider.dropped(connection);
        this.#options.onFree(task);
      },
    };
    task.attempts.push(attempt);
    void command.outcome.then((outcome) => {
      if (!over()) return this.#discard(outcome);
      const position = task.attempts.indexOf(attempt);
      if (position >= 0) task.attempts.splice(position, 1);
      this.#judge(task, provider, connection, outcome, this.#options.clock.now() - startedAt);
      this.#options.onFree(task);
    });
  }

  #judge(
    task: ArticleTask,
    provider: ProviderPool,
    connection: NntpConnection,
    outcome: Outcome,
    tookMs: number,
  ): void {
    switch (outcome.kind) {
      case 'article':
        return this.#checked(task, provider, outcome.article, tookMs);
      case 'bad':
        return this.#spoilt(task, provider, outcome.error);
      case 'reply':
        return this.#answered(task, provider, connection, outcome.reply);
      case 'lost':
        if (outcome.isCulprit) provider.health.broke(outcome.error);
        if (task.lostAt(provider.id, outcome.isCulprit)) task.failedAt(provider.id, unreachable(outcome.error));
        return undefined;
    }
  }

  #checked(task: ArticleTask, provider: ProviderPool, article: DecodedArticle, tookMs: number): void {
    provider.numbers.delivered(article.bytes.length, tookMs);
    provider.health.answered();
    try {
      task.request.check?.(article);
    } catch (error) {
      this.#options.slots.give(article.slot);
      if (error instanceof CorruptDataError) this.#spoilt(task, provider, error);
      else task.fail(error);
      return;
    }
    this.#options.memory.had(provider.group, task.request.contentId);
    task.succeed({ article });
  }

  /** A copy that is no good is as none; other providers may have a better one. */
  #spoilt(task: ArticleTask, provider: ProviderPool, error: HeadstartError): void {
    provider.numbers.failed(error, this.#options.clock.now());
    if (error instanceof UnplayableError) task.fail(error);
    else task.lacks(provider.id, error);
  }

  #answered(task: ArticleTask, provider: ProviderPool, connection: NntpConnection, reply: Reply): void {
    if (isMissing(reply)) return this.#missed(task, provider);
    if (task.kind === 'stat' && reply.code === STAT_THERE) {
      provider.health.answered();
      return task.succeed({ isThere: true });
    }
    if (wantsModeReader(reply)) {
      if (task.lostAt(provider.id, true)) task.failedAt(provider.id, provider.refusal(reply));
      return provider.wantsReaderMode(connection);
    }
    if (task.kind === 'stat' && isUnknownCommand(reply)) {
      provider.refusesStat = true;
      return task.staysSilent(provider.id);
    }
    return this.#refused(task, provider, connection, reply);
  }

  /** Once is an accident: of the server, of a session that it forgot, of too many at a time. Twice is its word. */
  #refused(task: ArticleTask, provider: ProviderPool, connection: NntpConnection, reply: Reply): void {
    const fault = provider.refusal(reply);
    const mayBeAccident = ENDS_SESSION.has(reply.code) || fault.code === 'PROVIDER_UNREACHABLE';
    const isCrowd = fault.code === 'PROVIDER_LIMIT' && /connection|session|simultan/i.test(reply.text);
    const isPutRight = isCrowd && provider.crowded(connection);
    if (isCrowd || ENDS_SESSION.has(reply.code)) connection.close();
    if (isPutRight) {
      if (task.lostAt(provider.id, false)) task.failedAt(provider.id, fault);
    } else if ((mayBeAccident || isCrowd) && !task.lostAt(provider.id, true))
      provider.numbers.failed(fault, this.#options.clock.now());
    else {
      task.failedAt(provider.id, fault);
      if (fault.code === 'PROVIDER_UNREACHABLE') provider.numbers.failed(fault, this.#options.clock.now());
      else provider.health.refused(fault);
    }
  }

  #missed(task: ArticleTask, provider: ProviderPool): void {
    const { memory, clock } = this.#options;
    provider.numbers.misses += 1;
    provider.health.answered();
    memory.missed(provider.group, task.request, clock.now());
    task.lacks(provider.id);
    for (const { id, group } of this.#options.providers()) if (group === provider.group) task.lacks(id);
  }

  /** Came after it was given up. */
  #discard(outcome: Outcome): void {
    if (outcome.kind === 'article') this.#options.slots.give(outcome.article.slot);
  }
}

function unreachable(error: HeadstartError): UpstreamError {
  if (error instanceof UpstreamError) return error;
  return new UpstreamError(error.message, 'PROVIDER_UNREACHABLE', { cause: error });
}
