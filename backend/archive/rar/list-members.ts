// Finds all members of a set by reading as few headers as can be: where a member runs on, the next volume that is looked
// into is the one it should end in.

import type { ReadOptions } from '../archive.js';
import { incomplete, tooManyFiles } from '../refusals.js';
import type { LaidExtent, MemberLayout } from './member-layout.js';
import type { MemberPlace } from './member-place.js';
import { packedBytes } from './packed-bytes.js';
import type { RarVolumes } from './rar-volumes.js';
import type { SettledLayouts } from './settled-layouts.js';
import type { VolumeHeaders } from './volume-headers.js';

/** More files than this are not a film. */
const MAX_MEMBERS = 10_000;
/** Sizes may be estimates, this far off. */
const ESTIMATE_SHARE = 0.03;
/** Of a volume: less may be a longer header here and there. */
const CLEAR_SHARE = 0.25;

/**
 * The members' places, folders and links left out, in the archive's order. A member that is packed smaller and runs on
 * ends the list: where the next begins only reading every header would tell.
 * @throws {UnplayableError} `ARCHIVE_INCOMPLETE` when a member cannot fit into the volumes, `ARCHIVE_UNSUPPORTED` when there
 * are too many; what reading throws
 */
export async function listMembers(
  volumes: RarVolumes,
  layouts: SettledLayouts,
  options: ReadOptions,
): Promise<readonly MemberPlace[]> {
  const wasOrdered = volumes.isOrdered;
  const listing = new Listing(volumes, layouts, options);
  for (let volume: number | null = 0; volume !== null;) {
    volume = await listing.take(volume);
    if (listing.places.length > MAX_MEMBERS) throw tooManyFiles();
    // The volumes have changed places: all over again, this happens once.
    if (volumes.isOrdered !== wasOrdered) return listMembers(volumes, layouts, options);
  }
  return listing.places.filter(({ part }) => !part.block.isFolderOrLink);
}

class Listing {
  readonly places: MemberPlace[] = [];

  constructor(
    private readonly volumes: RarVolumes,
    private readonly layouts: SettledLayouts,
    private readonly options: ReadOptions,
  ) {}

  /** Lists what begins in `volume`; gives the volume to look into next, null after the last. */
  async take(volume: number): Promise<number | null> {
    const headers = await this.volumes.read(volume, this.options);
    const entry = this.volumes.volumeAt(volume);
    if (entry === null) return null;
    if (volume === 0 && headers.parts[0]?.block.isSplitBefore === true) {
      throw incomplete('The first volume of the archive is missing.');
    }
    const begun = headers.parts.filter((part) => !part.block.isSplitBefore);
    this.places.push(...begun.map((part) => ({ volume: entry, part })));
    return this.#after(volume, headers);
  }

  async #after(volume: number, headers: VolumeHeaders): Promise<number | null> {
    if (!headers.main.isVolume) return null;
    const running = this.places.at(-1);
    if (headers.parts.at(-1)?.block.isSplitAfter !== true || running === undefined) {
      return headers.isLastVolume === true || volume + 1 >= this.volumes.count ? null : volume + 1;
    }
    if (packedBytes(running.part.block) === null) return null;
    const end = await this.#endOf(running);
    const hasMore = end.volume < this.volumes.count - 1 || end.isKnown || !this.#fillsVolume(end, running);
    return hasMore && end.volume > volume ? end.volume : null;
  }

  /** The last extent of a member. */
  async #endOf(place: MemberPlace): Promise<LaidExtent> {
    let layout = await this.layouts.of(place, this.options);
    if (!layout.isComplete && !this.#isClearlyShort(place, layout)) {
      layout = await this.layouts.ofAll(place, this.options);
    }
    const end = layout.extents.at(-1);
    if (!layout.isComplete || end === undefined) throw incomplete('Volumes of the archive are missing.');
    return end;
  }

  /** A good part of a volume is missing where all are of about one size: no header would tell otherwise. */
  #isClearlyShort({ part }: MemberPlace, layout: MemberLayout): boolean {
    const sizes = Array.from({ length: this.volumes.count }, (_, at) => this.volumes.volumeAt(at)?.file.sizeBytes ?? 0);
    const first = sizes[0] ?? 0;
    const areAlike = sizes.slice(0, -1).every((size) => Math.abs(size - first) <= 2 * ESTIMATE_SHARE * first);
    const last = layout.extents.at(-1);
    if (!areAlike || last === undefined) return false;
    // The layout took the last volume to be as long as the first.
    const covered = last.memberOffset + last.bytes - (first - (sizes.at(-1) ?? 0));
    return (packedBytes(part.block) ?? 0) - covered > CLEAR_SHARE * last.bytes;
  }

  /** What follows `end` in its volume is no more than follows the member's part in its first one, about. */
  #fillsVolume(end: LaidExtent, { volume, part }: MemberPlace): boolean {
    const last = this.volumes.volumeAt(end.volume);
    if (last === null) return true;
    const tail = volume.file.sizeBytes - (part.dataOffset + part.block.dataBytes);
    const rest = last.file.sizeBytes - (end.dataOffset + end.bytes);
    return rest <= tail + ESTIMATE_SHARE * last.file.sizeBytes;
  }
}
