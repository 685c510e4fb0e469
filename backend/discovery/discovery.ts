// Which releases there are for a film or an episode: of the library, of the open films, and of the indexers as far as they
// answer in time. Says what was in the way. Neither ranks nor prepares.

import type { ContentId } from '../content/index.js';
import type { TitleFacts } from '../naming/index.js';
import { mapInSteps, runInTurns, type Steps } from '../platform/index.js';
import { candidateOfResult, type KnownContents, type ResultWish } from './candidate-of-result.js';
import type { Candidate } from './candidate.js';
import { findByTitle, NOTHING_SOUGHT, type TitleKnowledge, type TitleLibrary } from './find-candidates.js';
import type { ReleaseHealth } from './health/release-health.js';
import type { Indexer } from './indexers/indexer.js';
import { mergeDuplicates } from './ranking/merge-duplicates.js';
import type { FittingResult } from './search/fitting-results.js';
import type { SearchOptions, SearchPicture, SearchWish, TitleSearch } from './search/title-search.js';
import { wishWithFacts } from './wish-with-facts.js';

/** Why a list may be shorter than it could be. */
export type DiscoveryNote =
  | { readonly kind: 'no-indexers' | 'title-waiting' | 'title-unknown' | 'title-unreachable' }
  | { readonly kind: 'indexer-waiting'; readonly indexer: string }
  | { readonly kind: 'indexer-failed'; readonly indexer: string; readonly code: string; readonly message: string }
  /** So many of its results were of other titles or episodes. */
  | { readonly kind: 'others'; readonly indexer: string; readonly count: number };

export interface Found {
  /** Each content once, in no order that means anything. */
  readonly candidates: readonly Candidate[];
  /** Null where nobody was asked, or nobody knows. */
  readonly title: TitleFacts | null;
  readonly notes: readonly DiscoveryNote[];
}

export interface DiscoveryOptions {
  readonly library: TitleLibrary &
    Pick<KnownContents, 'get'> & {
      /** Somebody took it out of the library: it would not play. */
      isUnwanted(contentId: ContentId): boolean;
    };
  readonly nzbAt: KnownContents['nzbAt'];
  readonly contentOf: KnownContents['contentOf'];
  /** Those in use now. */
  readonly indexers: () => readonly Indexer[];
  readonly search: Pick<TitleSearch, 'find'>;
  /** What is known of whether releases can be had. */
  readonly health: Pick<ReleaseHealth, 'judge' | 'follow' | 'isDeserted'>;
}

export interface FindOptions extends SearchOptions, Partial<Pick<TitleKnowledge, 'listedFile'>> {}

export class Discovery {
  constructor(private readonly o: DiscoveryOptions) {}

  /** Answers within the time a search has. Without an indexer nobody outside is asked. @throws the signal's reason */
  async find(wish: SearchWish, options: FindOptions): Promise<Found> {
    const isSearched = this.o.indexers().length > 0;
    const picture = isSearched ? await this.o.search.find(wish, options) : null;
    const title = picture?.title ?? null;
    const { episode } = wishWithFacts(wish, title);
    const wished = { titleId: wish.titleId, ...(episode === undefined ? {} : { episode }) };
    const isAway = picture?.titleState === 'waiting' || picture?.titleState === 'unreachable';
    const { listedFile = NOTHING_SOUGHT.listedFile } = options;
    const ours = findByTitle(wished, this.o.library, { title, isAway, listedFile });
    const candidates = await runInTurns(this.#judged(ours, fittingOf(picture), wished), options);
    return { candidates, title, notes: notesOf(picture) };
  }

  /** Told what a list shows, best first: more is found out of that in the background, for the lists to come. */
  follow(listed: readonly Candidate[]): void {
    this.o.health.follow(listed);
  }

  /** Its trackers were asked lately, and counted nobody. */
  isDeserted(contentId: ContentId): boolean {
    return this.o.health.isDeserted(contentId);
  }

  /** Thousands of results take a while, and what plays meanwhile must not wait for them. */
  *#judged(ours: readonly Candidate[], fitting: readonly FittingResult[], wish: ResultWish): Steps<Candidate[]> {
    const { library, nzbAt, contentOf, health } = this.o;
    const known: KnownContents = { get: (contentId) => library.get(contentId), nzbAt, contentOf };
    const isUnwanted = ({ contentId, toldInfoHash }: Candidate): boolean =>
      [contentId, toldInfoHash].some((id) => id !== null && id !== undefined && library.isUnwanted(id));
    const theirs = yield* mapInSteps(fitting, (one) => {
      const candidate = candidateOfResult(one, wish, known);
      return candidate === null || isUnwanted(candidate) ? [] : [candidate];
    });
    // Each by itself, before they are merged: a dead one gives way to its like, and says nothing of it.
    const judged = yield* mapInSteps([...ours, ...theirs.flat()], (candidate) => health.judge(candidate));
    return yield* mergeDuplicates(judged);
  }
}

function fittingOf(picture: SearchPicture | null): readonly FittingResult[] {
  return picture?.answers.flatMap((answer) => (answer.state === 'answered' ? answer.fitting : [])) ?? [];
}

function notesOf(picture: SearchPicture | null): DiscoveryNote[] {
  if (picture === null) return [{ kind: 'no-indexers' }];
  const { titleState, answers } = picture;
  if (titleState !== 'known') return [{ kind: `title-${titleState}` }];
  return answers.flatMap((answer): DiscoveryNote[] => {
    const { name: indexer } = answer;
    if (answer.state === 'waiting') return [{ kind: 'indexer-waiting', indexer }];
    if (answer.state === 'answered')
      return answer.others > 0 ? [{ kind: 'others', indexer, count: answer.others }] : [];
    return [{ kind: 'indexer-failed', indexer, code: answer.code, message: answer.message }];
  });
}
