// Where a member's packed bytes lie in the volumes of its set: told by the headers that were read, and worked out for the
// rest. The archiver makes all volumes but the last equally long, so a part in the middle ends where its neighbour's
// does, and begins where the same headers end. Pure.

import { storedHeaderBytes } from './block-reader.js';
import { vintBytes } from './byte-cursor.js';
import type { VolumeHeaders, VolumePart } from './volume-headers.js';

/** What is known of the set; asked by a volume's place in it. */
export interface KnownVolumes {
  readonly count: number;
  /** `null`: not read yet; `missing`: there is no such volume. */
  at(volume: number): VolumeHeaders | 'missing' | null;
}

export interface LaidExtent {
  readonly volume: number;
  /** In the member's packed stream. */
  readonly memberOffset: number;
  /** In the volume. */
  readonly dataOffset: number;
  readonly bytes: number;
  /** Less than `bytes` where the volume was cut off. */
  readonly availableBytes: number;
  /** False: worked out, its volume's header was not read. */
  readonly isKnown: boolean;
}

export interface MemberLayout {
  readonly extents: readonly LaidExtent[];
  /** The extents hold the whole packed stream. */
  readonly isComplete: boolean;
  /** The volume whose header does not say what was worked out for it: headers before it must be read. */
  readonly contradiction: number | null;
  /** Nothing before `contradiction` is guesswork: it is the archive that is wrong. */
  readonly isHopeless: boolean;
}

export interface MemberStart {
  readonly volume: number;
  readonly headers: VolumeHeaders;
  readonly part: VolumePart;
}

/** The part by which a volume goes on with what the one before it began. */
export function continuingPart(headers: VolumeHeaders): VolumePart | null {
  const first = headers.parts[0];
  return first?.block.isSplitBefore === true ? first : null;
}

/** Lays `packedBytes` out from `start` on. */
export function layOut(start: MemberStart, packedBytes: number, volumes: KnownVolumes): MemberLayout {
  const laying = new Laying(start, packedBytes, volumes);
  return laying.run();
}

class Laying {
  readonly #extents: LaidExtent[] = [];
  #memberOffset = 0;
  /** A volume with a known part that runs on: its neighbours look like it. */
  #model: MemberStart;
  /** Some extent so far was worked out. */
  #hasGuessed = false;

  constructor(
    private readonly start: MemberStart,
    private readonly packedBytes: number,
    private readonly volumes: KnownVolumes,
  ) {
    this.#model = start;
  }

  run(): MemberLayout {
    for (let volume = this.start.volume; this.#memberOffset < this.packedBytes; volume += 1) {
      const headers = volume < this.volumes.count ? this.volumes.at(volume) : 'missing';
      if (headers === 'missing') return this.#ended(null);
      const fits = headers === null ? this.#guess(volume) : this.#take(volume, headers);
      if (!fits) return this.#ended(volume);
    }
    return this.#ended(null);
  }

  #ended(contradiction: number | null): MemberLayout {
    return {
      extents: this.#extents,
      isComplete: this.#memberOffset >= this.packedBytes,
      contradiction,
      isHopeless: contradiction !== null && !this.#hasGuessed,
    };
  }

  #guess(volume: number): boolean {
    const place = placeLike(this.#model, volume, this.packedBytes - this.#memberOffset);
    this.#hasGuessed = true;
    if (place === null) return false;
    this.#push({ volume, ...place, availableBytes: place.bytes, isKnown: false });
    return true;
  }

  #take(volume: number, headers: VolumeHeaders): boolean {
    const part = volume === this.start.volume ? this.start.part : continuingPart(headers);
    if (part === null || part.block.rawPath !== this.start.part.block.rawPath) return false;
    const { dataOffset, availableBytes } = part;
    const bytes = part.block.dataBytes;
    const left = this.packedBytes - this.#memberOffset;
    if (part.block.isSplitAfter ? bytes >= left : bytes !== left) return false;
    if (this.#hasGuessed) {
      const place = placeLike(this.#model, volume, left);
      if (place?.dataOffset !== dataOffset || place.bytes !== bytes) return false;
    }
    // A part of no bytes (a volume with room for a header only) is passed over.
    if (bytes > 0) this.#push({ volume, dataOffset, bytes, availableBytes, isKnown: true });
    if (part.block.isSplitAfter) this.#model = { volume, headers, part };
    return true;
  }

  #push(extent: Omit<LaidExtent, 'memberOffset'>): void {
    this.#extents.push({ ...extent, memberOffset: this.#memberOffset });
    this.#memberOffset += extent.bytes;
  }
}

/** Where `volume` would hold its part of a member of which `left` bytes are to come, if it is made as the model is. */
function placeLike(
  model: MemberStart,
  volume: number,
  left: number,
): { readonly dataOffset: number; readonly bytes: number } | null {
  const { headers, part } = model;
  const { format, hasEncryptedHeaders } = headers;
  const stored = (plainBytes: number): number => storedHeaderBytes(plainBytes, format, hasEncryptedHeaders);
  const ownNumber = numberBytes(headers, headers.volumeNumber ?? model.volume);
  const mainBytes = headers.main.headerBytes - ownNumber + numberBytes(headers, volume);
  // A part's length is written as wide in all volumes, whatever it is.
  const dataOffset = headers.prefixBytes + stored(mainBytes) + stored(part.block.headerBytes);
  const room = part.dataOffset + part.block.dataBytes - dataOffset;
  return room <= 0 ? null : { dataOffset, bytes: Math.min(room, left) };
}

/** RAR5 writes a volume's number into its main header, but for the first. */
function numberBytes(headers: VolumeHeaders, volumeNumber: number): number {
  return headers.format === 'rar4' || volumeNumber === 0 ? 0 : vintBytes(volumeNumber);
}
