// One article that somebody waits for: who was asked, what they said, and what follows from it. Knows no connection.

import { UnplayableError } from '../../../content/index.js';
import type { HeadstartError, UpstreamError } from '../../../content/index.js';
import type { ArticleRequest, DecodedArticle, FetchOptions } from '../article.js';

/** What is asked: the article itself, or whether it is there. */
export type TaskKind = 'body' | 'stat';

/** `isThere` null: no server would say. */
export type TaskResult = { readonly article: DecodedArticle } | { readonly isThere: boolean | null };

/** One way that a task is tried at the moment. */
export interface Attempt {
  readonly providerId: string;
  readonly connection: object;
  /** Idempotent; frees the connection for others. */
  cancel(): void;
}

export interface ArticleTaskOptions {
  readonly kind: TaskKind;
  readonly request: ArticleRequest;
  readonly options: FetchOptions;
  readonly startedAt: number;
  readonly resolve: (result: TaskResult) => void;
  readonly reject: (error: unknown) => void;
}

/** A connection may break once at an article's expense; the second time it is the provider's fault. */
const MAX_LOSSES = 1;
/** Breaks while other articles had their turn: patience for those that only stood in line. */
const MAX_INNOCENT_LOSSES = 4;

/** Worst first: what a user has to repair comes before what passes. */
const WORST_FIRST = ['PROVIDER_AUTH', 'PROVIDER_LIMIT', 'PROVIDER_UNREACHABLE'];

export class ArticleTask {
  readonly kind: TaskKind;
  readonly request: ArticleRequest;
  readonly options: FetchOptions;
  readonly startedAt: number;
  /** Those under way; empty while it waits. At most two. */
  readonly attempts: Attempt[] = [];
  wasTried = false;
  isOver = false;
  /** What is undone when it is over. */
  readonly #undo: (() => void)[] = [];
  readonly #resolve: (result: TaskResult) => void;
  readonly #reject: (error: unknown) => void;
  readonly #lacking = new Set<string>();
  readonly #silent = new Set<string>();
  readonly #faults = new Map<string, UpstreamError>();
  readonly #losses = new Map<string, number>();
  readonly #lostAt = new Set<string>();
  #innocentLosses = 0;
  #badCopy: HeadstartError | null = null;

  constructor(options: ArticleTaskOptions) {
    this.kind = options.kind;
    this.request = options.request;
    this.options = options.options;
    this.startedAt = options.startedAt;
    this.#resolve = options.resolve;
    this.#reject = options.reject;
  }

  /** Nothing more is to be had there: no good copy, or it would not say. */
  isDoneWith(providerId: string): boolean {
    return this.#lacking.has(providerId) || this.#silent.has(providerId);
  }

  /** Why a provider cannot be asked for this article any more. */
  faultOf(providerId: string): UpstreamError | undefined {
    return this.#faults.get(providerId);
  }

  lacks(providerId: string, badCopy?: HeadstartError): void {
    this.#lacking.add(providerId);
    if (badCopy) this.#badCopy = badCopy;
  }

  /** The provider answers no such question. */
  staysSilent(providerId: string): void {
    this.#silent.add(providerId);
  }

  failedAt(providerId: string, fault: UpstreamError): void {
    this.#faults.set(providerId, fault);
  }

  /** A connection was lost; returns whether that was once too often. */
  lostAt(providerId: string, isCulprit: boolean): boolean {
    this.#lostAt.add(providerId);
    if (!isCulprit) {
      this.#innocentLosses += 1;
      return this.#innocentLosses > MAX_INNOCENT_LOSSES;
    }
    const losses = (this.#losses.get(providerId) ?? 0) + 1;
    this.#losses.set(providerId, losses);
    return losses > MAX_LOSSES;
  }

  wasLostAt(providerId: string): boolean {
    return this.#lostAt.has(providerId);
  }

  /** Ends a task that nobody is left to be asked for. `faults`: of providers that could not be asked. */
  conclude(faults: readonly UpstreamError[]): void {
    const worst = WORST_FIRST.flatMap((code) => faults.filter((fault) => fault.code === code))[0] ?? faults[0];
    if (worst !== undefined) this.fail(worst);
    else if (this.kind === 'stat') this.succeed({ isThere: this.#silent.size > 0 ? null : false });
    else this.fail(new UnplayableError(MISSING, 'ARTICLE_MISSING', { cause: this.#badCopy ?? undefined }));
  }

  onOver(undo: () => void): void {
    this.#undo.push(undo);
  }

  succeed(result: TaskResult): void {
    if (this.#finish()) this.#resolve(result);
  }

  fail(error: unknown): void {
    if (this.#finish()) this.#reject(error);
  }

  #finish(): boolean {
    if (this.isOver) return false;
    this.isOver = true;
    for (const attempt of this.attempts.splice(0)) attempt.cancel();
    for (const undo of this.#undo.splice(0)) undo();
    return true;
  }
}

const MISSING = 'An article of this release is missing from every configured Usenet provider.';
