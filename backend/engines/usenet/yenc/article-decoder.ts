// Turns the body of an article, as it comes from the wire after a `222` line, into the bytes that were posted: yEnc (one
// or several parts) and uuencode. Data goes from the chunk straight into the slot, its checksum is taken on the way.
// Whatever is wrong with an article, its bytes are used up to the closing line, so that a pipelined connection stays in
// step, but not without end; the error is told by `finish`. Does no I/O and knows no connection.

import type { HeadstartError } from '../../../content/index.js';
import { CorruptDataError, UnplayableError } from '../../../content/index.js';
import type { ArticlePart, DecodedArticle } from '../article.js';
import { BodyBound } from './body-bound.js';
import { BodyLines } from './body-lines.js';
import { cleanFileName, parseControlLine } from './control-line.js';
import type { YencKernel, YencState } from './kernel.js';
import { LINE_START, LINE_START_ESCAPE } from './kernel.js';
import { decodeUuLine, isFullUuLine, uuFileName } from './uu-line.js';
import { MAX_DECODED_BYTES, YencPart, lies } from './yenc-part.js';

/** Where an article does not say how much it holds, this much fits at least. */
const USUAL_BYTES = 1024 * 1024;
/** Lines of text before the data begins. */
const MAX_HEAD_LINES = 1_000;
/** Near the slot's end data takes a detour: a kernel wants a target as long as its source. */
const DETOUR_BYTES = 4_096;
const MIN_ROOM = 512;
const [EQUALS, SMALL_Y] = [0x3d, 0x79] as const;
const CONTROL_START = Uint8Array.of(EQUALS, SMALL_Y);
const LATIN1 = new TextDecoder('latin1');

export interface ArticleDecoderOptions {
  readonly kernel: YencKernel;
  /** A buffer of at least that many bytes (0 to 8 MiB), asked for at most once; what it holds is arbitrary. */
  readonly allocate: (sizeBytes: number) => Uint8Array;
  /** What the NZB says the encoded article has, 0 where it does not. */
  readonly sizeHint: number;
}

/**
 * `head`: text before the data; `peek`: is the next line another control line; `data`: yEnc data; `control`: inside a line
 * that began with `=y`; `uu`: uuencoded lines; `rest`: nothing more is wanted; `done`: the closing line was read.
 */
type Phase = 'head' | 'peek' | 'data' | 'control' | 'uu' | 'rest' | 'done';

/** One article; use it once. */
export class ArticleDecoder {
  readonly #kernel: YencKernel;
  readonly #lines = new BodyLines();
  #phase: Phase = 'head';
  #headLines = 0;
  #hasText = false;
  #isPeekEscaped = false;
  #yenc: YencPart | null = null;
  #part: ArticlePart | null = null;
  #slot: Uint8Array | null = null;
  #written = 0;
  #crc = 0;
  #state: YencState = LINE_START;
  #detour: Uint8Array | null = null;
  #error: HeadstartError | null = null;
  readonly #bound: BodyBound;
  #isEndless = false;

  constructor(private readonly options: ArticleDecoderOptions) {
    this.#kernel = options.kernel;
    this.#bound = new BodyBound(options.sizeHint);
  }

  /** The closing line was read. */
  get isDone(): boolean {
    return this.#phase === 'done';
  }

  /** So much came without a closing line that none is to be waited for: `finish` throws, and its connection is of no use. */
  get isEndless(): boolean {
    return this.#isEndless;
  }

  /** The slot taken by `allocate`, if any: to be given back when the article is not used. */
  get slot(): Uint8Array | null {
    return this.#slot;
  }

  /**
   * Takes bytes as they came from the wire; the chunk is free again afterwards. Answers how many were used: all, or those
   * up to and including the closing line, after which `isDone`. Throws only what `allocate` throws.
   */
  push(chunk: Uint8Array): number {
    let at = 0;
    while (at < chunk.length && this.#phase !== 'done') {
      if (this.#phase === 'data') at += this.#pushData(chunk, at);
      else if (this.#phase === 'peek') at += this.#peek(chunk[at]!);
      else at += this.#pushLine(chunk, at);
    }
    if (this.#phase !== 'done') this.#count(at);
    return at;
  }

  #count(bytes: number): void {
    const isHead = this.#phase === 'head';
    const decodedBytes = Math.min(this.#yenc?.expectedBytes ?? 0, MAX_DECODED_BYTES);
    const excess = this.#bound.count(bytes, { isHead, hasFailed: this.#error !== null, decodedBytes });
    if (excess === 'head') this.#fail(this.#hasText ? unsupported() : truncated());
    if (excess !== 'end') return;
    this.#error ??= new CorruptDataError('The article does not end.', { code: 'ARTICLE_SIZE' });
    this.#isEndless = true;
  }

  /**
   * The article, its slot included. After `isDone`.
   * @throws {CorruptDataError} `ARTICLE_CRC`, `ARTICLE_SIZE`, `ARTICLE_PART`, `ARTICLE_TRUNCATED` (also before `isDone`):
   * another copy may be good; {UnplayableError} `ENCODING_UNSUPPORTED`: there is neither yEnc nor uuencode in it.
   */
  finish(): DecodedArticle {
    if (this.#error !== null) throw this.#error;
    if (!this.isDone || this.#part === null || this.#slot === null) throw truncated();
    return {
      slot: this.#slot,
      bytes: this.#slot.subarray(0, this.#written),
      crc32: this.#crc,
      part: this.#part,
    };
  }

  #pushLine(chunk: Uint8Array, at: number): number {
    const used = this.#lines.read(chunk, at);
    if (this.#lines.isEnd) this.#end();
    else if (this.#lines.line !== null) this.#takeLine(this.#lines.line);
    return used;
  }

  #takeLine(line: Uint8Array): void {
    if (this.#phase === 'head') this.#takeHeadLine(line);
    else if (this.#phase === 'control') this.#takeControlLine(line);
    else if (this.#phase === 'uu') this.#takeUuLine(line);
  }

  #takeHeadLine(line: Uint8Array): void {
    this.#headLines += 1;
    this.#hasText ||= line.length > 0;
    if (line[0] === EQUALS && line[1] === SMALL_Y) this.#begin(line);
    else if (isFullUuLine(line)) {
      this.#beginUu(null);
      this.#takeUuLine(line);
    } else {
      const name = uuFileName(LATIN1.decode(line));
      if (name !== null) this.#beginUu(cleanFileName(line.subarray(line.length - name.length)));
      else if (this.#headLines >= MAX_HEAD_LINES) this.#fail(this.#hasText ? unsupported() : truncated());
    }
  }

  /** A line of text may begin with `=y` too; a header says how long its lines or its file are. */
  #begin(line: Uint8Array): void {
    const control = parseControlLine(line);
    if (control.tag !== 'begin' || (!control.hasLine && control.size === null)) return;
    this.#yenc = new YencPart(control);
    this.#phase = 'peek';
  }

  #peek(byte: number): number {
    if (!this.#isPeekEscaped && byte === EQUALS) {
      this.#isPeekEscaped = true;
      return 1;
    }
    const isEscaped = this.#isPeekEscaped;
    this.#isPeekEscaped = false;
    if (isEscaped && byte === SMALL_Y) {
      this.#enterControl();
      return 1;
    }
    this.#beginData(isEscaped ? LINE_START_ESCAPE : LINE_START);
    return 0;
  }

  #enterControl(): void {
    this.#lines.resume(CONTROL_START);
    this.#phase = 'control';
  }

  #takeControlLine(line: Uint8Array): void {
    const control = parseControlLine(line);
    if (this.#yenc === null || this.#error !== null) return this.#rest();
    if (control.tag === 'end') return this.#endYenc(this.#yenc, control);
    if (control.tag !== 'part' || this.#slot !== null)
      return this.#fail(lies('a line stands where it does not belong'));
    const error = this.#yenc.addRange(control);
    if (error !== null) return this.#fail(error);
    this.#phase = 'peek';
  }

  #endYenc(yenc: YencPart, line: ReturnType<typeof parseControlLine>): void {
    const error = yenc.checkHead() ?? yenc.checkEnd(line, this.#written, this.#crc);
    if (error !== null) return this.#fail(error);
    this.#slot ??= this.options.allocate(0);
    this.#part = yenc.describe();
    this.#rest();
  }

  #beginData(state: YencState): void {
    const error = this.#yenc?.checkHead() ?? null;
    if (error === null) this.#slot = this.options.allocate(this.#yenc?.expectedBytes ?? this.#guessBytes());
    else this.#error = error;
    this.#state = state;
    this.#phase = 'data';
  }

  #pushData(chunk: Uint8Array, at: number): number {
    const room = this.#slot === null || this.#error !== null ? 0 : this.#slot.length - this.#written;
    const isDirect = room >= MIN_ROOM;
    const target = isDirect ? this.#slot!.subarray(this.#written) : (this.#detour ??= new Uint8Array(DETOUR_BYTES));
    const run = this.#kernel.decode(chunk.subarray(at, at + target.length), target, this.#state);
    if (this.#error === null) this.#keep(target.subarray(0, run.written), isDirect, room);
    this.#state = run.state;
    if (run.end === 'article') this.#end();
    else if (run.end === 'control') this.#enterControl();
    return run.read;
  }

  #keep(data: Uint8Array, isInPlace: boolean, room: number): void {
    if (data.length > room || this.#written + data.length > MAX_DECODED_BYTES) {
      this.#error = new CorruptDataError('The article holds more than it says.', { code: 'ARTICLE_SIZE' });
      return;
    }
    if (!isInPlace) this.#slot?.set(data, this.#written);
    this.#crc = this.#kernel.crc32(data, this.#crc);
    this.#written += data.length;
  }

  #beginUu(fileName: string | null): void {
    this.#slot = this.options.allocate(this.#guessBytes());
    const unknown = { begin: null, fileSizeBytes: null, partNumber: null, partCount: null };
    this.#part = { encoding: 'uu', fileName, ...unknown };
    this.#phase = 'uu';
  }

  #takeUuLine(line: Uint8Array): void {
    if (line.length === 3 && LATIN1.decode(line) === 'end') return this.#rest();
    const target = this.#slot!;
    const size = decodeUuLine(line, target, this.#written);
    if (size === null) {
      this.#fail(new CorruptDataError('A line of the article is not uuencode.', { code: 'ARTICLE_CRC' }));
    } else if (this.#written + size > Math.min(target.length, MAX_DECODED_BYTES)) {
      this.#fail(new CorruptDataError('The article holds more than fits.', { code: 'ARTICLE_SIZE' }));
    } else {
      this.#crc = this.#kernel.crc32(target.subarray(this.#written, this.#written + size), this.#crc);
      this.#written += size;
    }
  }

  /** For articles that do not say: as many as the encoded ones, which are more. */
  #guessBytes(): number {
    return Math.min(Math.max(this.options.sizeHint || 0, USUAL_BYTES), MAX_DECODED_BYTES);
  }

  #end(): void {
    const isPlain = this.#phase === 'head' && this.#hasText;
    const isEmptyUu = this.#part?.encoding === 'uu' && this.#written === 0;
    if (this.#part === null || isEmptyUu) this.#error ??= isPlain ? unsupported() : truncated();
    this.#phase = 'done';
  }

  #fail(error: HeadstartError): void {
    this.#error ??= error;
    this.#rest();
  }

  #rest(): void {
    this.#phase = 'rest';
  }
}

function truncated(): CorruptDataError {
  return new CorruptDataError('The article ends before its data does.', { code: 'ARTICLE_TRUNCATED' });
}

function unsupported(): UnplayableError {
  return new UnplayableError('The article holds neither yEnc nor uuencoded data.', 'ENCODING_UNSUPPORTED');
}
