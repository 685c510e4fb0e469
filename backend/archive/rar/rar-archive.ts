// A RAR set as an archive: its members, the way to their bytes, and the second look at what was worked out.

import type { Archive, PackedExtent, ReadOptions } from '../archive.js';
import { incomplete } from '../refusals.js';
import type { RarFormat } from './block-reader.js';
import { listMembers } from './list-members.js';
import type { LaidExtent, MemberLayout } from './member-layout.js';
import type { MemberLocator } from './rar-member.js';
import { RarMember } from './rar-member.js';
import type { RarSession } from './rar-session.js';
import type { RarVolume, RarVolumes } from './rar-volumes.js';
import { SettledLayouts } from './settled-layouts.js';

/** Made by `openRar`. Its list of members may grow with `confirm`: by small files behind the last big one. */
export class RarArchive implements Archive, MemberLocator {
  readonly #layouts: SettledLayouts;
  #members: readonly RarMember[] = [];
  /** Their last volume could not be read: not tried again. */
  readonly #withoutSum = new WeakSet<RarMember>();

  constructor(
    readonly format: RarFormat,
    private readonly isSolid: boolean,
    private readonly volumes: RarVolumes,
    private readonly session: RarSession,
  ) {
    this.#layouts = new SettledLayouts(volumes);
  }

  get members(): readonly RarMember[] {
    return this.#members;
  }

  /** Brings the list of members up to what is known; those listed before stay the same objects. */
  async list(options: ReadOptions): Promise<void> {
    const places = await listMembers(this.volumes, this.#layouts, options);
    const context = { locator: this, session: this.session, isSolidArchive: this.isSolid };
    const members: RarMember[] = [];
    for (const place of places) {
      const listed = this.#members.find(
        (member) => member.place.volume === place.volume && member.place.part.dataOffset === place.part.dataOffset,
      );
      members.push(listed ?? (await RarMember.create(place, context, options)));
    }
    this.#members = members;
  }

  async confirm(options: ReadOptions): Promise<void> {
    if (this.volumes.count > 1) {
      // RAR4 tells the number of a volume at its end only; there reading in order and reading at all are one.
      if (this.format === 'rar4') await this.volumes.reorder(options);
      await this.volumes.readSpan(0, this.volumes.count, options);
    }
    await this.list(options);
    for (const member of this.#members.filter(({ refusal }) => refusal === null)) {
      const layout = await this.#layouts.of(member.place, options);
      if (!layout.isComplete) throw incomplete();
    }
  }

  async locate(member: RarMember, offset: number, options: ReadOptions): Promise<PackedExtent> {
    options.signal.throwIfAborted();
    if (member.refusal !== null) throw member.refusal;
    const extent = await this.#extentAt(member, offset, options);
    const volume = this.volumes.volumeAt(extent.volume);
    const skipped = offset - extent.memberOffset;
    if (volume === null || skipped >= extent.availableBytes) throw incomplete('A volume of the archive is cut off.');
    return {
      file: volume.file,
      range: { start: extent.dataOffset + skipped, end: extent.dataOffset + extent.availableBytes },
      confirm: extent.isKnown ? null : (reading) => this.#confirm(member, extent, volume, reading),
    };
  }

  async #extentAt(member: RarMember, offset: number, options: ReadOptions): Promise<LaidExtent> {
    const found = extentIn(await this.#layouts.of(member.place, options), offset);
    if (found !== undefined) return found;
    const all = await this.#layouts.ofAll(member.place, options);
    const late = extentIn(all, offset);
    if (late === undefined) throw incomplete('Volumes of the archive are missing.');
    return late;
  }

  async #confirm(member: RarMember, assumed: LaidExtent, volume: RarVolume, options: ReadOptions): Promise<boolean> {
    await Promise.all([this.volumes.read(assumed.volume, options), this.#checkSum(member, assumed, options)]);
    const found = extentIn(await this.#layouts.of(member.place, options), assumed.memberOffset);
    return (
      found !== undefined &&
      found.memberOffset === assumed.memberOffset &&
      found.dataOffset === assumed.dataOffset &&
      found.bytes === assumed.bytes &&
      found.availableBytes === assumed.availableBytes &&
      this.volumes.volumeAt(found.volume) === volume
    );
  }

  /**
   * Behind volumes that were not looked into, a volume may be as expected and yet hold bytes from elsewhere in the member.
   * Its last volume tells: there the sum comes out, or not. Where that one cannot be read, the volume's own word counts.
   */
  async #checkSum(member: RarMember, assumed: LaidExtent, options: ReadOptions): Promise<void> {
    const { extents } = await this.#layouts.of(member.place, options);
    const last = extents.at(-1);
    const isCertainSoFar = extents.every(({ isKnown, volume }) => isKnown || volume >= assumed.volume);
    if (last === undefined || isCertainSoFar || this.#withoutSum.has(member)) return;
    try {
      await this.volumes.read(last.volume, options);
    } catch {
      options.signal.throwIfAborted();
      this.#withoutSum.add(member);
    }
  }
}

function extentIn({ extents }: MemberLayout, offset: number): LaidExtent | undefined {
  return extents.find(({ memberOffset, bytes }) => offset >= memberOffset && offset < memberOffset + bytes);
}
