// Whether an NZB holds several things to watch, by the names of its files alone: then what is missing of one says nothing of
// the others. Pure.

import { groupVolumes } from '../../../archive/index.js';
import { kindOf } from './file-kinds.js';

/** Of the largest part: what is smaller is a sample, an extra, a set of subtitles. */
const MIN_SHARE = 0.25;

/** More than one set of volumes or video of its own. Names that tell nothing are taken for one thing. */
export function isPack(files: readonly { readonly name: string; readonly sizeBytes: number }[]): boolean {
  const telling = files.filter(({ name }) => kindOf(name) === 'playable' || kindOf(name) === 'archive');
  const { sets, others } = groupVolumes(telling);
  const sizeOf = (indexes: readonly number[]): number =>
    indexes.reduce((sum, index) => sum + (telling[index]?.sizeBytes ?? 0), 0);
  const sizes = [...sets.map(({ volumes }) => volumes), ...others.map((index) => [index])].map(sizeOf);
  const largest = sizes.reduce((a, b) => Math.max(a, b), 0);
  return sizes.filter((size) => size >= largest * MIN_SHARE).length > 1;
}
