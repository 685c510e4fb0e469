// Pure: what names say. Which files play, which of several is meant, what a release name tells and whether it is the title
// that was asked for. Knows no engine and does no I/O; a name is only ever read, never used as a path.

export type { ReleaseFit } from './release-fit.js';
export type { ReleaseName } from './release-name.js';
export type { EpisodeFacts, TitleFacts, TitleIds } from './title-facts.js';

export { chooseFile, listFilms, matchEpisodes } from './choose-file.js';
export { fitRelease } from './fit-release.js';
export { fold } from './fold-text.js';
export { holdsSeasons } from './holds-seasons.js';
export { holdsSeveral } from './holds-several.js';
export { isPlayable, isSubtitle, isVideo } from './playable.js';
export { parseReleaseName } from './release-name.js';
