// Which file of a release is a wished episode, from what was listed for it: what a list knew of the episode and of the way
// releases count is known to nobody else once it is played. Pure.

import type { EpisodeWish, ReleaseFile } from '../../backend/content/index.js';
import { plainWords, type KnownRelease } from '../../backend/discovery/index.js';
import { chooseFile } from '../../backend/naming/index.js';
import type { ListedFile } from '../../backend/storage/index.js';
import { parsePlayFile } from '../links.js';

/**
 * The file that `sourceId` was listed with; else the one chosen by the numbers that this release was listed by, or any other
 * one for the same episode. Null where the release does not hold it. `listed`: for this episode.
 */
export function findListedEpisode(
  release: KnownRelease,
  episode: EpisodeWish,
  { sourceId, listed }: { readonly sourceId: string; readonly listed: readonly ListedFile[] },
): ReleaseFile | null {
  const own = listed.find((one) => one.sourceId === sourceId);
  const index = own === undefined ? null : (parsePlayFile(own.file)?.index ?? null);
  const file = release.files.find((one) => one.index === index);
  if (file !== undefined) return file;
  const words = plainWords(release.name);
  const alike = own ?? listed.find(({ releaseName = '' }) => plainWords(releaseName) === words);
  return chooseFile(release.files, { episode: { ...episode, ...listed[0]?.episode, ...countedBy(alike) } });
}

/** The same where nothing is known but this: null where this release was never listed for the episode. */
export function findOwnListedFile(
  release: KnownRelease,
  episode: EpisodeWish,
  { sourceId, listed }: { readonly sourceId: string; readonly listed: readonly ListedFile[] },
): ReleaseFile | null {
  const words = plainWords(release.name);
  const own =
    listed.find((one) => one.sourceId === sourceId) ??
    listed.find(
      ({ releaseName = '', file }) => parsePlayFile(file)?.index === null && plainWords(releaseName) === words,
    );
  const told = own === undefined ? null : parsePlayFile(own.file);
  if (own === undefined || told === null) return null;
  if (told.index !== null) return release.files.find(({ index }) => index === told.index) ?? null;
  return chooseFile(release.files, { episode: { ...episode, ...own.episode, ...told.episode } });
}

function countedBy(listed: ListedFile | undefined): Partial<EpisodeWish> {
  const file = listed === undefined ? null : parsePlayFile(listed.file);
  return file === null || file.index !== null ? {} : (file.episode ?? {});
}
