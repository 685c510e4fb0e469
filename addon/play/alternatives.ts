// What else could be played for the same wish, in the order of the viewer's list. Asks for the list; prepares nothing.

import { NotFoundError } from '../../backend/content/index.js';
import {
  formatSourceIdentity,
  plainWords,
  type Candidate,
  type SearchOptions,
  type SearchWish,
} from '../../backend/discovery/index.js';
import { TitleLists, type TitleListsDeps } from '../stremio/title-lists.js';
import { bingeGroupOf } from '../stremio/binge-group.js';
import type { ForgottenTarget, PlayTarget } from './play-target.js';

const SIZE_TOLERANCE = 0.01;
/** Somebody waits for a picture: a slow indexer is waited for only where nothing else is left. */
const FIRST_LOOK_MS = 1_000;

export class Alternatives {
  readonly #titles: TitleLists;

  constructor(private readonly deps: TitleListsDeps) {
    this.#titles = new TitleLists(deps);
  }

  /** The best release of the same list that was not tried and is not known to be dead; null when there is none. */
  async next(
    pressed: Pick<PlayTarget, 'wish'>,
    tried: ReadonlySet<string>,
    options: { readonly signal: AbortSignal },
  ): Promise<PlayTarget | null> {
    if (pressed.wish === null) return null;
    const known = await this.#best(pressed.wish, tried, { ...options, maxWaitMs: FIRST_LOOK_MS });
    return known ?? this.#best(pressed.wish, tried, options);
  }

  async #best(wished: SearchWish, tried: ReadonlySet<string>, options: SearchOptions): Promise<PlayTarget | null> {
    const { wish, candidates } = await this.#titles.find(wished, options);
    const isLeft = ({ source, health }: Candidate): boolean =>
      health.state !== 'dead' && !tried.has(formatSourceIdentity(source));
    const candidate = candidates.find(isLeft);
    return candidate === undefined ? null : targetOf(candidate, wish, bingeGroupOf(candidate));
  }

  /** What was listed long ago: the same source, else what has its name and size. @throws {NotFoundError} when nobody has it any more */
  async findAgain(forgotten: ForgottenTarget, options: { readonly signal: AbortSignal }): Promise<PlayTarget> {
    const { wish, candidates } = await this.#titles.find(forgotten.wish, options);
    const isSame = ({ source }: Candidate): boolean =>
      this.deps.access.sourceId(formatSourceIdentity(source)) === forgotten.sourceId;
    const candidate = candidates.find(isSame) ?? candidates.find((one) => isAlike(one, forgotten));
    if (candidate === undefined)
      throw new NotFoundError('This stream is not to be found any more. Open its title again.');
    return targetOf(candidate, wish, bingeGroupOf(candidate));
  }
}

/** By its file, or by the release as a whole: which of them is known may have changed. Indexers round sizes. */
function isAlike({ file, releaseName, sizeBytes }: Candidate, { labels }: ForgottenTarget): boolean {
  const own = [...(file === null ? [] : [file]), { name: releaseName, sizeBytes }];
  return labels.some(({ name, sizeBytes: wanted }) =>
    own.some((one) => plainWords(one.name) === plainWords(name) && isNearly(one.sizeBytes, wanted)),
  );
}

function isNearly(sizeBytes: number | null, wanted: number | null): boolean {
  if (wanted === null || sizeBytes === null) return true;
  return Math.abs(sizeBytes - wanted) <= wanted * SIZE_TOLERANCE;
}

/** The target that pressing this candidate would be. */
export function targetOf(candidate: Candidate, wish: SearchWish, bingeGroup: string): PlayTarget {
  const { source, contentId, file, titleId } = candidate;
  const episode = candidate.episode ?? wish.episode;
  return {
    request: {
      source,
      priority: 'play',
      refusesRemoved: true,
      ...(file === null ? {} : { fileIndex: file.index }),
      ...(file !== null || episode === undefined ? {} : { episode }),
      ...(titleId === null ? {} : { titleId }),
    },
    contentId,
    sizeBytes: file?.sizeBytes ?? null,
    identity: formatSourceIdentity(source),
    wish,
    bingeGroup,
  };
}
