// What yEnc's lines say about one article, and whether they and the decoded bytes can all be true.

import { CorruptDataError } from '../../../content/index.js';
import type { ArticlePart } from '../article.js';
import type { YencControl } from './control-line.js';

/** More than any server takes in one article. */
export const MAX_DECODED_BYTES = 8 * 1024 * 1024;

/** Collects the lines as they come; each method answers what is wrong, or null. */
export class YencPart {
  #range: { readonly begin: number; readonly end: number } | null = null;

  /** @param begin the `=ybegin` line */
  constructor(private readonly begin: YencControl) {}

  /** How many bytes must come out; null when the lines do not say. */
  get expectedBytes(): number | null {
    if (this.#range !== null) return this.#range.end - this.#range.begin;
    return this.#isWhole() ? this.begin.size : null;
  }

  /** After `=ybegin` and, where there is one, `=ypart`. */
  checkHead(): CorruptDataError | null {
    if ([this.begin.size, this.begin.part, this.begin.total].some(Number.isNaN)) return lies('a number is none');
    return (this.expectedBytes ?? 0) > MAX_DECODED_BYTES
      ? new CorruptDataError('The article claims to hold more than 8 MiB.', { code: 'ARTICLE_SIZE' })
      : null;
  }

  /** Takes the `=ypart` line. */
  addRange(line: YencControl): CorruptDataError | null {
    const { begin, end } = line;
    const size = this.begin.size ?? Number.MAX_SAFE_INTEGER;
    if (this.#range !== null) return lies('it says twice where it belongs');
    if (begin === null || end === null || Number.isNaN(begin) || Number.isNaN(end))
      return lies('its place is no number');
    const isEmptyFile = size === 0 && begin <= 1 && end === 0;
    if (!isEmptyFile && (begin < 1 || begin > end || end > size)) return lies('it lies outside its file');
    this.#range = { begin: isEmptyFile ? 0 : begin - 1, end };
    return this.checkHead();
  }

  /** Compares with the `=yend` line and what was decoded. */
  checkEnd(line: YencControl, sizeBytes: number, crc: number): CorruptDataError | null {
    const expected = this.expectedBytes;
    if ((expected !== null && expected !== sizeBytes) || (line.size !== null && line.size !== sizeBytes)) {
      return new CorruptDataError('The article has another size than it says.', { code: 'ARTICLE_SIZE' });
    }
    if (line.part !== null && this.begin.part !== null && line.part !== this.begin.part) {
      return lies('it begins and ends as different parts');
    }
    const said = line.partCrc ?? (this.#isWhole() ? line.fileCrc : null);
    if (said === null || said === crc) return null;
    return new CorruptDataError('The checksum of the article is wrong.', { code: 'ARTICLE_CRC' });
  }

  /** For the caller. */
  describe(): ArticlePart {
    const { name, size, part, total } = this.begin;
    return {
      encoding: 'yenc',
      begin: this.#range?.begin ?? (part === null || part === 1 ? 0 : null),
      fileName: name,
      fileSizeBytes: size,
      partNumber: part || null,
      partCount: total || null,
    };
  }

  /** The article is the whole file: then the file's checksum is its own. */
  #isWhole(): boolean {
    if (this.#range !== null) return this.#range.begin === 0 && this.#range.end === this.begin.size;
    return this.begin.part === null || this.begin.total === 1;
  }
}

/** The article contradicts itself about which part of which file it is. */
export function lies(why: string): CorruptDataError {
  return new CorruptDataError(`The article cannot be what it says: ${why}.`, { code: 'ARTICLE_PART' });
}
