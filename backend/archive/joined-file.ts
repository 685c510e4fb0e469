// Volumes that are one file together, cut anywhere (`.001`, `.7z.001`, spanned ZIPs). Only the first and the last are
// measured at once: those between are taken to be as long as the first, and measured when they are touched.

import type { ByteRange, OpenOptions } from '../content/index.js';
import type { PackedExtent, RandomAccessFile, ReadOptions } from './archive.js';
import type { LocatedBytes } from './read-located.js';
import { readLocated } from './read-located.js';
import { incomplete } from './refusals.js';

/** Estimates of equal volumes differ by less; a volume that says otherwise is measured at once. */
const ODD_ESTIMATE = 0.01;
/** Volumes measured at the same time. */
const MAX_MEASURED_AT_ONCE = 8;

export class JoinedFile implements RandomAccessFile, LocatedBytes {
  readonly name: string;
  readonly #volumes: readonly RandomAccessFile[];
  /** Null while it is only assumed. */
  readonly #measured: (number | null)[];
  /** Where each volume begins, and the end of the last. */
  #starts: readonly number[] = [];

  private constructor(volumes: readonly RandomAccessFile[]) {
    this.#volumes = volumes;
    this.#measured = volumes.map(() => null);
    this.name = volumes[0]?.name ?? '';
  }

  /** Measures what must be known: see above. @throws {UnplayableError} `ARCHIVE_INCOMPLETE` without a volume; what measuring throws */
  static async open(volumes: readonly RandomAccessFile[], options: ReadOptions): Promise<JoinedFile> {
    const [first] = volumes;
    if (first === undefined) throw incomplete();
    const joined = new JoinedFile(volumes);
    const isOdd = ({ sizeBytes }: RandomAccessFile): boolean =>
      Math.abs(sizeBytes - first.sizeBytes) > ODD_ESTIMATE * first.sizeBytes;
    const wanted = volumes.flatMap((volume, at) =>
      at === 0 || at === volumes.length - 1 || isOdd(volume) ? [at] : [],
    );
    await joined.#measureThese(wanted, options);
    joined.#layOut();
    return joined;
  }

  /** As laid out now: exact unless a volume between is of another length than all others of its kind. */
  get sizeBytes(): number {
    return this.#starts.at(-1) ?? 0;
  }

  /** Where each volume begins; for formats that count by volume. */
  get starts(): readonly number[] {
    return this.#starts;
  }

  async measure(_options: ReadOptions): Promise<number> {
    return this.sizeBytes;
  }

  /** Measures every volume. False when the layout was another than assumed. */
  async confirm(options: ReadOptions): Promise<boolean> {
    const before = this.#starts;
    await this.#measureThese(
      this.#measured.flatMap((size, at) => (size === null ? [at] : [])),
      options,
    );
    this.#layOut();
    return this.#starts.every((start, at) => start === before[at]);
  }

  /** Ends with the volume. @throws {UnplayableError} `ARCHIVE_INCOMPLETE` beyond the last byte */
  async locate(offset: number, _options: ReadOptions): Promise<PackedExtent> {
    const at = this.#starts.findIndex((start, index) => start <= offset && offset < (this.#starts[index + 1] ?? 0));
    const file = this.#volumes[at];
    if (file === undefined) throw incomplete();
    const [start = 0, end = 0] = this.#starts.slice(at, at + 2);
    return {
      file,
      range: { start: offset - start, end: end - start },
      confirm: this.#measured[at] === null ? (options) => this.#confirmVolume(at, end - start, options) : null,
    };
  }

  open(range: ByteRange, { signal, priority = 'play' }: OpenOptions): AsyncIterable<Uint8Array> {
    return readLocated(this, range, { signal, priority });
  }

  async #confirmVolume(at: number, assumed: number, options: ReadOptions): Promise<boolean> {
    await this.#measureThese([at], options);
    if (this.#measured[at] === assumed) return true;
    await this.confirm(options);
    return false;
  }

  async #measureThese(indexes: readonly number[], options: ReadOptions): Promise<void> {
    for (let from = 0; from < indexes.length; from += MAX_MEASURED_AT_ONCE) {
      const batch = indexes.slice(from, from + MAX_MEASURED_AT_ONCE);
      await Promise.all(
        batch.map(async (at) => {
          this.#measured[at] = (await this.#volumes[at]?.measure(options)) ?? 0;
        }),
      );
    }
  }

  #layOut(): void {
    const usual = this.#measured[0] ?? 0;
    const starts = [0];
    for (const size of this.#measured) starts.push((starts.at(-1) ?? 0) + (size ?? usual));
    this.#starts = starts;
  }
}
