// Reads an NZB as a stream: whatever comes in, memory grows with the segments that are kept, and nothing else. Entities of
// a document's own are refused, and never expanded; elements may have any prefix and case.

import { createHash } from 'node:crypto';
import { SaxesParser } from 'saxes';
import type { ContentId } from '../../../content/index.js';
import { HeadstartError, UnplayableError } from '../../../content/index.js';
import { fieldText } from './field-text.js';
import { FileCollector, MAX_SEGMENTS } from './file-collector.js';
import type { ListedFile } from './file-collector.js';
import type { Nzb, NzbSegment } from './nzb.js';

/** The document is handed to the XML reader in pieces of this size, so that one endless token is noticed. */
const PIECE_BYTES = 64 * 1024;
/** Between two tags. */
const MAX_TOKEN_BYTES = 1024 * 1024;
const MAX_DEPTH = 32;
const MAX_FIELD_CHARACTERS = 2_048;
const MAX_PASSWORDS = 32;
/** Hashed at once. */
const SLICE_IDS = 10_000;
/** A command line of NNTP has room for 512 octets (RFC 3977 §3.1), the command included. */
const MESSAGE_ID = /^[\x21-\x3b\x3d\x3f-\x7e]{1,500}$/;

type Attributes = Readonly<Record<string, string>>;

/** One document; use it once. Chunks are read at once and not kept. */
export class NzbParser {
  readonly #xml = new SaxesParser({ xmlns: false, position: false, forceXMLVersion: true, defaultXMLVersion: '1.0' });
  readonly #collector = new FileCollector();
  readonly #meta = new Map<string, string[]>();
  /** Read, and not collected yet. */
  #closed: ListedFile[] = [];
  #depth = 0;
  #tokenBytes = 0;
  #isBegun = false;
  #failure: HeadstartError | null = null;
  #file: { subject: string; postedAt: number | null; segments: NzbSegment[]; lastNumber: number } | null = null;
  #text: string[] | null = null;
  #attributes: Attributes = {};
  #segmentCount = 0;

  constructor() {
    this.#xml.on('opentag', ({ name, attributes }) => this.#open(localName(name), attributes));
    this.#xml.on('closetag', ({ name }) => this.#close(localName(name)));
    this.#xml.on('text', (text) => this.#text?.push(text));
    this.#xml.on('cdata', (text) => this.#text?.push(text));
    this.#xml.on('doctype', (text) => {
      if (/<!|\[/.test(text)) throw invalid('it declares entities of its own');
    });
  }

  /** All of `pushing` at once. @throws {UnplayableError} `NZB_INVALID`, and again at each further call */
  push(chunk: Uint8Array): void {
    atOnce(this.pushing(chunk));
  }

  /** All of `finishing` at once. @throws {UnplayableError} `NZB_INVALID`, also for a document that was cut off or lists nothing */
  finish(): Nzb {
    return atOnce(this.finishing());
  }

  /** Reads a chunk; each `yield`, after a few milliseconds of work, is a place to let others do theirs. @throws as `push` does */
  *pushing(chunk: Uint8Array): Generator<void, void> {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
      const piece = bytes.subarray(at, at + PIECE_BYTES);
      this.#tokenBytes += piece.length;
      this.#guard(() => this.#xml.write(this.#begun(piece.toString('latin1'))));
      if (this.#tokenBytes > MAX_TOKEN_BYTES) this.#guard(() => fail('one of its parts is far too long'));
      yield* this.#collect();
      yield;
    }
  }

  /** After the last byte; gives way as `pushing` does. @throws as `finish` does */
  *finishing(): Generator<void, Nzb> {
    this.#guard(() => this.#xml.close());
    yield* this.#collect();
    const files = yield* this.#collector.files();
    if (files.length === 0) throw invalid('it lists no articles');
    const ids = yield* this.#collector.messageIds();
    const passwords = [...new Set(this.#meta.get('password'))].slice(0, MAX_PASSWORDS);
    return {
      contentId: yield* contentIdOf(ids),
      name: this.#meta.get('name')?.[0] ?? this.#meta.get('title')?.[0] ?? null,
      passwords,
      category: this.#meta.get('category')?.[0] ?? null,
      files,
    };
  }

  *#collect(): Generator<void, void> {
    const closed = this.#closed;
    this.#closed = [];
    try {
      for (const file of closed) yield* this.#collector.add(file);
    } catch (error) {
      this.#guard(() => {
        throw error;
      });
    }
  }

  /** Without a byte order mark and blank space in front, which only make an XML declaration wrong. */
  #begun(text: string): string {
    if (this.#isBegun) return text;
    const start = text.replace(/^(?:\u00ef\u00bb\u00bf)?\s*/, '');
    this.#isBegun = start !== '';
    return start;
  }

  #guard<T>(work: () => T): T {
    if (this.#failure !== null) throw this.#failure;
    try {
      return work();
    } catch (error) {
      this.#failure = error instanceof HeadstartError ? error : invalid('it is no whole XML document', error);
      throw this.#failure;
    }
  }

  #open(name: string, attributes: Attributes): void {
    this.#tokenBytes = 0;
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) throw invalid('its elements are nested too deeply');
    if (this.#depth === 1 && name !== 'nzb') throw notNzb(name, attributes);
    if (name === 'file') this.#openFile(attributes);
    if (name === 'meta' || (name === 'segment' && this.#file !== null)) {
      this.#text = [];
      this.#attributes = attributes;
    }
  }

  #close(name: string): void {
    this.#tokenBytes = 0;
    this.#depth -= 1;
    const text = this.#text?.join('') ?? '';
    if (name === 'segment') this.#addSegment(text);
    else if (name === 'meta') this.#addMeta(text);
    else if (name === 'file' && this.#file !== null) {
      this.#closed.push(this.#file);
      this.#file = null;
    }
    if (name === 'segment' || name === 'meta') this.#text = null;
  }

  #openFile(attributes: Attributes): void {
    if (this.#file !== null) throw invalid('it has a file inside a file');
    const seconds = Number(valueOf(attributes, 'date') ?? NaN);
    const isDate = Number.isSafeInteger(seconds) && seconds > 0 && seconds < 1e11;
    const subject = fieldText(valueOf(attributes, 'subject') ?? '', MAX_FIELD_CHARACTERS);
    this.#file = { subject, postedAt: isDate ? seconds * 1000 : null, segments: [], lastNumber: 0 };
  }

  /** One that cannot be asked for is left out, as if it were missing. */
  #addSegment(text: string): void {
    if (this.#file === null) return;
    this.#segmentCount += 1;
    if (this.#segmentCount > 2 * MAX_SEGMENTS) throw invalid('it lists far more than 500,000 articles');
    const bytes = valueOf(this.#attributes, 'bytes') ?? '';
    const said = valueOf(this.#attributes, 'number');
    const number = said === undefined ? this.#file.lastNumber + 1 : Number(said.trim() || NaN);
    const messageId = fieldText(text, 600).replace(/^<(.*)>$/, '$1');
    if (!Number.isInteger(number) || number < 1 || number > MAX_SEGMENTS || !MESSAGE_ID.test(messageId)) return;
    this.#file.lastNumber = number;
    const sizeBytes = /^\s*\d{1,10}\s*$/.test(bytes) ? Number(bytes) : 0;
    this.#file.segments.push({ number, sizeBytes, messageId });
  }

  #addMeta(text: string): void {
    const type = (valueOf(this.#attributes, 'type') ?? '').trim().toLowerCase();
    const value = fieldText(text, MAX_FIELD_CHARACTERS).replace(/[\p{Cc}\p{Cs}]/gu, '');
    if (!['name', 'title', 'password', 'category'].includes(type) || value === '') return;
    const values = this.#meta.get(type) ?? [];
    if (values.length < 2 * MAX_PASSWORDS) this.#meta.set(type, [...values, value]);
  }
}

/** Reads a whole document. Blocks for about a second per 50 MB. @throws {UnplayableError} `NZB_INVALID` */
export function parseNzb(bytes: Uint8Array): Nzb {
  const parser = new NzbParser();
  parser.push(bytes);
  return parser.finish();
}

function atOnce<Result>(steps: Generator<void, Result>): Result {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

function* contentIdOf(ids: readonly string[]): Generator<void, ContentId> {
  const hash = createHash('sha256');
  for (let at = 0; at < ids.length; at += SLICE_IDS) {
    hash.update(`${at === 0 ? '' : '\n'}${ids.slice(at, at + SLICE_IDS).join('\n')}`);
    yield;
  }
  return hash.digest('hex') as ContentId;
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1).toLowerCase();
}

/** The attribute called so, with any prefix and case. */
function valueOf(attributes: Attributes, name: string): string | undefined {
  return attributes[name] ?? Object.entries(attributes).find(([key]) => localName(key) === name)?.[1];
}

/** Indexers answer `<error code= description=>` where they have no NZB. */
function notNzb(name: string, attributes: Attributes): UnplayableError {
  const said =
    name === 'error' ? fieldText(valueOf(attributes, 'description') ?? '', 200).replace(/\p{Cc}/gu, ' ') : '';
  return invalid(said === '' ? 'it is another kind of document' : `the server said "${said}" instead`);
}

function fail(why: string): never {
  throw invalid(why);
}

function invalid(why: string, cause?: unknown): UnplayableError {
  return new UnplayableError(`This is not a usable NZB: ${why}.`, 'NZB_INVALID', cause === undefined ? {} : { cause });
}
