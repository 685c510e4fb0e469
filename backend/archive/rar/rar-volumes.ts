// The volumes of a set in their order, and what their headers told so far. Each header is read once; the order is
// corrected when a header says that it is another volume.

import { SingleFlight } from '../../platform/index.js';
import type { RandomAccessFile, ReadOptions } from '../archive.js';
import { incomplete } from '../refusals.js';
import type { KnownVolumes } from './member-layout.js';
import { continuingPart } from './member-layout.js';
import type { RarSession } from './rar-session.js';
import type { VolumeHeaders } from './volume-headers.js';
import { readVolumeHeaders } from './volume-headers.js';

/** One volume of the set; stays itself when the order changes. */
export interface RarVolume {
  readonly file: RandomAccessFile;
  headers: VolumeHeaders | null;
}

/** Headers read at once, so that a long set does not take all connections. */
const MAX_PARALLEL = 8;

export class RarVolumes implements KnownVolumes {
  #slots: (RarVolume | null)[];
  readonly #readings = new SingleFlight<VolumeHeaders, RarVolume>();
  #revision = 0;
  #isOrdered = false;

  constructor(
    files: readonly RandomAccessFile[],
    private readonly session: RarSession,
  ) {
    this.#slots = files.map((file) => ({ file, headers: null }));
  }

  /** Grows with everything learnt. */
  get revision(): number {
    return this.#revision;
  }

  /** The order comes from the volumes themselves. */
  get isOrdered(): boolean {
    return this.#isOrdered;
  }

  get count(): number {
    return this.#slots.length;
  }

  at(volume: number): VolumeHeaders | 'missing' | null {
    const slot = this.#slots[volume] ?? null;
    return slot === null ? 'missing' : slot.headers;
  }

  volumeAt(volume: number): RarVolume | null {
    return this.#slots[volume] ?? null;
  }

  placeOf(volume: RarVolume): number {
    return this.#slots.findIndex((slot) => slot === volume);
  }

  /**
   * The headers of the volume at that place, read now if need be; the order is put right first when they are another's.
   * @throws {UnplayableError} `ARCHIVE_INCOMPLETE` when there is no such volume; what reading throws
   */
  async read(volume: number, options: ReadOptions): Promise<VolumeHeaders> {
    const slot = this.#slots[volume] ?? null;
    if (slot === null) throw incomplete(`Volume ${volume + 1} of the archive is missing.`);
    const headers = slot.headers ?? (await this.#readSlot(slot, options, false));
    if (this.#isOrdered || !isMisplaced(headers, volume)) return headers;
    await this.reorder(options);
    return this.read(volume, options);
  }

  /** Reads what is not read yet from `start` until before `end`. */
  async readSpan(start: number, end: number, options: ReadOptions): Promise<void> {
    const slots = this.#slots.slice(start, end).filter((slot) => slot?.headers === null);
    await this.#readSlots(slots, options, false);
    const misplaced = this.#slots
      .slice(start, end)
      .some((slot, at) => slot?.headers && isMisplaced(slot.headers, start + at));
    if (misplaced && !this.#isOrdered) await this.reorder(options);
  }

  /** Makes certain of the order, by the number each volume gives itself; done once. */
  async reorder(options: ReadOptions): Promise<void> {
    if (this.#isOrdered) return;
    const unnumbered = this.#slots.filter((slot) => typeof slot?.headers?.volumeNumber !== 'number');
    await this.#readSlots(unnumbered, options, true);
    if (this.#isOrdered) return;
    const slots = this.#slots.filter((slot) => slot !== null);
    if (slots.some((slot) => typeof slot.headers?.volumeNumber !== 'number')) return this.#ordered(byEnds(slots));
    const places: (RarVolume | null)[] = [];
    for (const slot of slots) {
      const number = slot.headers?.volumeNumber ?? 0;
      // As many places as volumes and as many missing again: more is no set, but something else.
      if (number < slots.length * 2 + 16) places[number] ??= slot;
    }
    this.#ordered(Array.from(places, (slot) => slot ?? null));
  }

  #ordered(slots: (RarVolume | null)[]): void {
    this.#slots = slots;
    this.#isOrdered = true;
    this.#revision += 1;
  }

  async #readSlots(slots: readonly (RarVolume | null)[], options: ReadOptions, untilEnd: boolean): Promise<void> {
    const waiting = slots.filter((slot) => slot !== null);
    const work = async (): Promise<void> => {
      for (let slot = waiting.shift(); slot !== undefined; slot = waiting.shift()) {
        await this.#readSlot(slot, options, untilEnd);
      }
    };
    try {
      await Promise.all(Array.from({ length: MAX_PARALLEL }, work));
    } finally {
      waiting.length = 0;
    }
  }

  async #readSlot(slot: RarVolume, options: ReadOptions, untilEnd: boolean): Promise<VolumeHeaders> {
    const { priority } = options;
    const start = async (signal: AbortSignal): Promise<VolumeHeaders> => {
      const headers = await readVolumeHeaders(slot.file, this.session, {
        signal,
        untilEnd,
        ...(priority === undefined ? {} : { priority }),
      });
      slot.headers = headers;
      this.#revision += 1;
      return headers;
    };
    if (untilEnd) return start(options.signal);
    return this.#readings.run(slot, start, options.signal);
  }
}

/** The header says outright that it is another volume's. */
function isMisplaced(headers: VolumeHeaders, volume: number): boolean {
  if (headers.volumeNumber !== null) return headers.main.isVolume && headers.volumeNumber !== volume;
  if (headers.main.isFirstVolume === true) return volume !== 0;
  return volume === 0 && (headers.main.isFirstVolume === false || continuingPart(headers) !== null);
}

/** Where volumes are not numbered (RAR 2): first what begins, last what ends, the others as they came. */
function byEnds(slots: readonly RarVolume[]): RarVolume[] {
  const rank = ({ headers }: RarVolume): number => {
    if (headers === null) return 1;
    if (headers.main.isFirstVolume === true || continuingPart(headers) === null) return 0;
    return headers.parts.at(-1)?.block.isSplitAfter === true ? 1 : 2;
  };
  return [...slots].sort((one, other) => rank(one) - rank(other));
}
