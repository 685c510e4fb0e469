// The subtitles beside a video and inside it, as players are told of them. Pure.

import type { ReleaseFile } from '../../backend/content/index.js';
import { findSidecars, type CandidateFile } from '../../backend/discovery/index.js';
import type { TextTrack } from '../../backend/media/index.js';
import { formatEmbeddedUrl, formatSidecarUrl, type Caller } from '../links.js';
import type { StreamSubtitle } from '../stremio/stream-object.js';
import { languageOf } from './languages.js';

export interface ListedSubtitlesOptions {
  readonly caller: Caller;
  /** Of the release: what the addresses carry. */
  readonly sourceId: string;
}

/** The sidecars of `video` among the `files` of its release. */
export function listSidecars(
  files: readonly ReleaseFile[],
  video: CandidateFile,
  { caller, sourceId }: ListedSubtitlesOptions,
): StreamSubtitle[] {
  return findSidecars(files, video).map(({ file, tag }) => ({
    id: `headstart-${file.index}`,
    url: formatSidecarUrl(caller, sourceId, file.index, file.name.replace(/\.[^.]*$/, '')),
    lang: languageOf(tag),
  }));
}

/** The text tracks inside of `video`. */
export function listEmbedded(
  tracks: readonly TextTrack[],
  video: CandidateFile,
  { caller, sourceId }: ListedSubtitlesOptions,
): StreamSubtitle[] {
  return tracks.map(({ index, language }) => ({
    id: `headstart-${video.index}-${index}`,
    url: formatEmbeddedUrl(caller, sourceId, video.index, index),
    lang: languageOf(language ?? ''),
  }));
}
