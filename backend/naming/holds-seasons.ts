// Whether a release holds several seasons, by the names and folders of its files. Pure.

import type { ReleaseFile } from '../content/index.js';
import { listFilms, MAX_FILES_READ } from './choose-file.js';
import { readEpisodeMarks } from './episode-name.js';

/** Files of more than one season; specials are none. Reads as many names as `chooseFile` does. */
export function holdsSeasons(files: readonly ReleaseFile[]): boolean {
  const read = listFilms(files).slice(0, MAX_FILES_READ);
  const seasons = new Set(read.map(({ path }) => readEpisodeMarks(path).season ?? 0));
  seasons.delete(0);
  return seasons.size > 1;
}
