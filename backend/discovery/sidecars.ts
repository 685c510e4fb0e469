// Subtitle files that lie beside a video in its release. Judges by names; reads nothing.

import type { ReleaseFile } from '../content/index.js';
import { isVideo } from '../naming/index.js';

/** A text file with subtitles for one video. */
export interface Sidecar {
  readonly file: ReleaseFile;
  /** What stands before the extension (`Film.en.srt`, `Subs/2_English.srt`), lower-case; empty when nothing does. */
  readonly tag: string;
}

const SUBTITLE = /\.(?:srt|vtt|ass|ssa)$/i;
/** A subtitle file larger than this is something else. */
const MAX_SIDECAR_BYTES = 4 * 1024 * 1024;
const MAX_SIDECARS = 40;

/**
 * The `.srt`, `.vtt`, `.ass` and `.ssa` files that belong to `video`: those named after it, and all others where it is the only video.
 * At most 40, in the release's order.
 */
export function findSidecars(files: readonly ReleaseFile[], video: Pick<ReleaseFile, 'name'>): Sidecar[] {
  const stem = stemOf(video.name).toLowerCase();
  const isAlone = files.filter((file) => isVideo(file.name) && !file.isPadding).length === 1;
  return files
    .filter((file) => SUBTITLE.test(file.name) && file.sizeBytes > 0 && file.sizeBytes <= MAX_SIDECAR_BYTES)
    .flatMap((file) => {
      const own = stemOf(file.name).toLowerCase();
      if (own === stem || own.startsWith(`${stem}.`)) return [{ file, tag: own.slice(stem.length + 1) }];
      return isAlone ? [{ file, tag: own.split(/[._ -]+/).at(-1) ?? '' }] : [];
    })
    .slice(0, MAX_SIDECARS);
}

function stemOf(name: string): string {
  return name.replace(/\.[^.]*$/, '');
}
