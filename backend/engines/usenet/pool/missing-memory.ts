// What is remembered of providers' holdings: articles they said they lack, for a minute, and which of them has a release. Keys of
// providers are storage groups: what one of a group lacks, the others lack. Bounded; the oldest is forgotten. Pure: told the time.

import { LRUCache } from 'lru-cache';

/** Long enough for a play that comes back to it, short enough for an article that is still arriving. */
const MISS_MS = 60_000;
const MAX_MISSES = 20_000;
const MAX_RELEASES = 512;
/** So many misses in a row, and a release is looked for elsewhere first. */
const GIVEN_UP_AFTER = 3;

interface Miss {
  readonly at: number;
  readonly contentId: string;
}

export class MissingMemory {
  /** Changes with every new finding: what was concluded before holds as long as it stays. */
  version = 0;
  readonly #misses = new LRUCache<string, Miss>({ max: MAX_MISSES });
  readonly #releases = new LRUCache<string, Map<string, number>>({ max: MAX_RELEASES });

  /** Whether the group said within the last minute that it lacks the article. */
  isMissing(group: string, messageId: string, now: number): boolean {
    const miss = this.#misses.get(keyOf(group, messageId));
    return miss !== undefined && now - miss.at < MISS_MS;
  }

  missed(group: string, article: { readonly messageId: string; readonly contentId: string }, now: number): void {
    this.version += 1;
    this.#misses.set(keyOf(group, article.messageId), { at: now, contentId: article.contentId });
    const release = this.#releases.get(article.contentId) ?? new Map<string, number>();
    release.set(group, (release.get(group) ?? 0) + 1);
    this.#releases.set(article.contentId, release);
  }

  /** Whoever has it is asked again. Proportional to the misses that are remembered. */
  forget(contentId: string): void {
    this.#releases.delete(contentId);
    this.version += 1;
    for (const [key, miss] of this.#misses.entries()) if (miss.contentId === contentId) this.#misses.delete(key);
  }

  had(group: string, contentId: string): void {
    const release = this.#releases.get(contentId) ?? new Map<string, number>();
    if (release.get(group) !== 0) this.version += 1;
    release.set(group, 0);
    this.#releases.set(contentId, release);
  }

  /** Whether the group missed this release several times running, while another has it: it is asked last. */
  isUnlikely(group: string, contentId: string): boolean {
    const release = this.#releases.get(contentId);
    if ((release?.get(group) ?? 0) < GIVEN_UP_AFTER) return false;
    return [...(release ?? [])].some(([other, misses]) => other !== group && misses === 0);
  }
}

function keyOf(group: string, messageId: string): string {
  return `${group}\n${messageId}`;
}
