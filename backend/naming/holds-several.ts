// Whether a release is a pack: several things to watch in one, by names and sizes. Pure.

import { isVideo } from './playable.js';

/** Of the largest video: what is smaller is a sample or an extra. */
const MIN_SHARE = 0.25;

/** More than one video that somebody would watch for itself. */
export function holdsSeveral(files: readonly { readonly name: string; readonly sizeBytes: number }[]): boolean {
  const sizes = files.filter(({ name }) => isVideo(name)).map(({ sizeBytes }) => sizeBytes);
  const largest = sizes.reduce((a, b) => Math.max(a, b), 0);
  return sizes.filter((size) => size >= largest * MIN_SHARE).length > 1;
}
