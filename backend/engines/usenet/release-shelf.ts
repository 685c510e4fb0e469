// Opened releases, each opened once however many want it, kept while there is room. Opening looks into the archives and, at
// the same time, asks the providers for a sample of the articles: a dead release fails in one round.

import { LRUCache } from 'lru-cache';
import { KeyDerivationGate } from '../../archive/index.js';
import { UnplayableError } from '../../content/index.js';
import type { ContentId, NzbSource, Release } from '../../content/index.js';
import { isVideo } from '../../naming/index.js';
import { SingleFlight } from '../../platform/index.js';
import type { CountedSource } from './counted-source.js';
import { HoleLedger } from './files/hole-ledger.js';
import type { Damage } from './files/hole-ledger.js';
import type { PostedFile } from './files/posted-file.js';
import type { NzbIntake } from './intake.js';
import { kindOf } from './release/file-kinds.js';
import { askSample, chooseSample, isDead, SAMPLE_SIZE } from './release/health-sample.js';
import type { SampleHealth } from './release/health-sample.js';
import { isPack } from './release/is-pack.js';
import { openRelease, postedFiles } from './release/open-release.js';
import type { InnerFile, OpenedRelease } from './release/open-release.js';
import type { ArticleStore } from './store/article-store.js';

/** An opened release and what was found out about its health. */
export interface ShelvedRelease extends OpenedRelease {
  /** Of what is played of this file: the release's own or, in a pack, the file's. Null where nobody would say. Never rejects. */
  sampleOf(file: InnerFile, options: { readonly signal: AbortSignal }): Promise<SampleHealth | null>;
  /** Of one of its files, for as long as the release is shelved. */
  holesOf(file: InnerFile): HoleLedger;
  readonly damage: Damage;
}

export interface ReleaseShelfOptions {
  readonly intake: Pick<NzbIntake, 'load'>;
  readonly store: Pick<ArticleStore, 'get' | 'forgetMissing'>;
  readonly source: Pick<CountedSource, 'exists' | 'forgetMissing' | 'untilFetch'>;
  readonly windowLimit: () => number;
}

/** Segments of all shelved releases, with room for the largest; the one not used for longest goes. */
const MAX_SEGMENTS = 501_000;
/** That the keys of one release may cost: a minute of one thread, or the keys of 4,000 volumes. */
const MAX_KEY_ROUNDS = 2 ** 28;

export class ReleaseShelf {
  readonly #flights = new SingleFlight<ShelvedRelease>();
  /** For all releases: one key is made at a time. */
  readonly #gate = new KeyDerivationGate();
  readonly #shelved = new LRUCache<string, ShelvedRelease>({
    maxSize: MAX_SEGMENTS,
    sizeCalculation: ({ posted }) => 1 + posted.reduce((sum, { segmentCount }) => sum + segmentCount, 0),
  });

  constructor(private readonly o: ReleaseShelfOptions) {}

  /** @throws what `openRelease` throws; {UnplayableError} `ARTICLE_MISSING` when the sample says that it is dead */
  async get(source: NzbSource, { signal }: { readonly signal: AbortSignal }): Promise<ShelvedRelease> {
    const key = JSON.stringify([source.contentId, source.passwords]);
    const known = this.#shelved.get(key);
    if (known !== undefined) return known;
    return this.#flights.run(
      key,
      async (life) => {
        const opened = await this.#open(source, life);
        this.#shelved.set(key, opened);
        return opened;
      },
      signal,
    );
  }

  /** What would be played of a kept NZB, without looking into it. @throws {GoneError} when it is not kept any more */
  async playedFiles(source: NzbSource, { signal }: { readonly signal: AbortSignal }): Promise<readonly PostedFile[]> {
    const { intake, store, windowLimit } = this.o;
    return playedOf(postedFiles({ nzb: await intake.load(source, { signal }), store, windowLimit }));
  }

  /** What is shelved of a content. */
  peek(contentId: ContentId): ShelvedRelease | null {
    for (const release of this.#shelved.values()) if (release.contentId === contentId) return release;
    return null;
  }

  forget(contentId: ContentId): void {
    for (const [key, release] of this.#shelved.entries())
      if (release.contentId === contentId) this.#shelved.delete(key);
  }

  /** Of those that may hold more than was found: they are looked into again. */
  forgetLacking(): void {
    for (const [key, { lack }] of this.#shelved.entries()) if (lack !== null) this.#shelved.delete(key);
  }

  async #open(source: NzbSource, signal: AbortSignal): Promise<ShelvedRelease> {
    const { intake, source: provided, store, windowLimit } = this.o;
    const nzb = await intake.load(source, { signal });
    store.forgetMissing(source.contentId);
    provided.forgetMissing(source.contentId);
    const all = postedFiles({ nzb, store, windowLimit });
    const life = new AbortController();
    const stop = (): void => life.abort(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    try {
      const { name, passwords, contentId } = source;
      const gate = this.#gate.narrow(MAX_KEY_ROUNDS);
      const opening = openRelease({ contentId, all, name, passwords, gate, signal: life.signal });
      const played = playedOf(all);
      if (isPack(played)) return shelve(await opening, (file, { signal: leaving }) => this.#ask(file.posted, leaving));
      const sample = this.#sample(contentId, played, { opening, signal: life.signal });
      void sample.then((health) => {
        if (health !== null && isDead(health)) life.abort(missingOf(health));
      });
      return shelve(await opening, () => sample);
    } catch (error) {
      life.abort(error);
      throw error;
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  /** Behind the first article, which somebody waits for. Never rejects. */
  async #sample(
    contentId: ContentId,
    played: readonly PostedFile[],
    { opening, signal }: { readonly opening: Promise<unknown>; readonly signal: AbortSignal },
  ): Promise<SampleHealth | null> {
    const { source } = this.o;
    const waiting = new AbortController();
    const stop = (): void => waiting.abort();
    opening.then(stop, stop);
    await source.untilFetch(contentId, waiting.signal);
    return this.#ask(played, signal);
  }

  /** Never rejects. */
  #ask(played: readonly PostedFile[], signal: AbortSignal): Promise<SampleHealth | null> {
    const { source } = this.o;
    return askSample(chooseSample(played, SAMPLE_SIZE), { source, rank: 'prepare', signal }).catch(() => null);
  }
}

/** All of them where none looks as if it were played. */
function playedOf(all: readonly PostedFile[]): readonly PostedFile[] {
  const played = all.filter(({ name }) => ['playable', 'archive', 'unknown'].includes(kindOf(name)));
  return played.length > 0 ? played : all;
}

/** As the rest of the house sees it. */
export function releaseOf({ contentId, name, files }: ShelvedRelease, source: NzbSource): Release {
  return {
    contentId,
    name,
    source,
    files: files.map(({ path, name: fileName, sizeBytes }, index) => ({
      index,
      path,
      name: fileName,
      sizeBytes,
      isPadding: false,
    })),
  };
}

/** What a viewer is told of a dead release. */
export function missingOf({ asked, missing }: SampleHealth): UnplayableError {
  return new UnplayableError(
    `Too much of this release is missing: at least ${missing} of the ${asked} articles that were looked for.`,
    'ARTICLE_MISSING',
  );
}

function shelve(opened: OpenedRelease, sampleOf: ShelvedRelease['sampleOf']): ShelvedRelease {
  const ledgers = new Map<InnerFile, HoleLedger>();
  return {
    ...opened,
    sampleOf,
    holesOf: (file) => {
      const ledger = ledgers.get(file) ?? new HoleLedger(file.sizeBytes, isPaddable(file));
      ledgers.set(file, ledger);
      return ledger;
    },
    get damage() {
      const all = [...ledgers.values()].map(({ damage }) => damage);
      return {
        holes: all.reduce((sum, one) => sum + one.holes, 0),
        bytes: all.reduce((sum, one) => sum + one.bytes, 0),
      };
    },
  };
}

/** A player gets over zeros in a video; in anything else, or in what is deciphered, they are only wrong. */
function isPaddable({ name, body }: InnerFile): boolean {
  return isVideo(name) && (body.kind === 'posted' || body.member.cipher === null);
}
