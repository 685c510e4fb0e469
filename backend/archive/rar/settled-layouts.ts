// Layouts that do not contradict what is known: when one does, the headers it skipped are read, and at last the order of
// the volumes is put right.

import type { ReadOptions } from '../archive.js';
import { incomplete } from '../refusals.js';
import { corruptArchive } from './corrupt-archive.js';
import type { MemberLayout } from './member-layout.js';
import { layOut } from './member-layout.js';
import { packedBytes } from './packed-bytes.js';
import type { MemberPlace } from './member-place.js';
import type { RarVolumes } from './rar-volumes.js';

interface CachedLayout {
  readonly revision: number;
  readonly layout: MemberLayout;
}

/** Keeps one layout per place, for as long as the place is kept. */
export class SettledLayouts {
  readonly #cached = new WeakMap<MemberPlace, CachedLayout>();

  constructor(private readonly volumes: RarVolumes) {}

  /**
   * Reads nothing unless the known headers disagree.
   * @throws {UnplayableError} `ARCHIVE_INCOMPLETE` when they do after all were read; what reading throws
   */
  async of(place: MemberPlace, options: ReadOptions): Promise<MemberLayout> {
    for (;;) {
      const layout = this.#layOut(place);
      if (layout.contradiction === null) return layout;
      if (!layout.isHopeless) await this.volumes.readSpan(this.#start(place), layout.contradiction + 1, options);
      else if (!this.volumes.isOrdered) await this.volumes.reorder(options);
      else throw incomplete('The volumes of the archive do not fit together.');
    }
  }

  /** Like `of`, after reading the headers of all volumes from the member's first on. */
  async ofAll(place: MemberPlace, options: ReadOptions): Promise<MemberLayout> {
    await this.volumes.readSpan(this.#start(place), this.volumes.count, options);
    return this.of(place, options);
  }

  #start(place: MemberPlace): number {
    return this.volumes.placeOf(place.volume);
  }

  #layOut(place: MemberPlace): MemberLayout {
    const { revision } = this.volumes;
    const cached = this.#cached.get(place);
    if (cached?.revision === revision) return cached.layout;
    const { headers } = place.volume;
    const total = packedBytes(place.part.block);
    if (headers === null || total === null) throw corruptArchive('a file in it has no length');
    const layout = layOut({ volume: this.#start(place), headers, part: place.part }, total, this.volumes);
    this.#cached.set(place, { revision, layout });
    return layout;
  }
}
