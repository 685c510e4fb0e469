// What a submission carries: text fields from the query and from a form of either kind, and an uploaded NZB. Streams the form
// into one bounded buffer, when there is room for it; the server's own request timeout ends a form that never comes.

import busboy from 'busboy';
import type { Request } from 'express';
import type { Readable } from 'node:stream';
import { BusyError, InputError, TooLargeError } from '../content/index.js';
import { systemClock, Turnstile, type Clock } from '../platform/index.js';

export interface NzbForm {
  /** The form's fields over the query's. */
  readonly fields: ReadonlyMap<string, string>;
  readonly file: UploadedNzb | null;
}

export interface UploadedNzb {
  readonly name: string | null;
  /** Nothing once it was released. */
  readonly bytes: Uint8Array;
  /** Lets go of the bytes and makes room for the next upload. To be called by whoever got it, once it is done with; idempotent. */
  release(): void;
}

export interface ReadFormOptions {
  /** Asked with the fields read so far: a stranger's upload is cut short. */
  readonly isAllowed: (fields: ReadonlyMap<string, string>) => boolean;
  /** What the upload may be called in the form; the first of these is taken. Default `file`. */
  readonly fileFields?: readonly string[];
}

export interface NzbFormLimits {
  /** Default 100 MB. */
  readonly maxBytes?: number;
  /** Of an upload that comes before its key. Default 16 MB. */
  readonly maxUnknownBytes?: number;
  /**
   * Uploads in memory, of callers with a key and again of others, default 8, and `maxTogetherBytes` of them. Further ones of the
   * former wait, 64 of them, for 20 s; those of the latter are refused.
   */
  readonly maxAtOnce?: number;
  /** Default 128 MB. */
  readonly maxTogetherBytes?: number;
}

const MAX_WAITING = 64;
const MAX_WAIT_MS = 20_000;
const REFUSAL = 'Too many NZBs are being sent at once.';
const FILE_FIELDS = ['file'];
const NOTHING = new Uint8Array();
const MAX_FIELD_BYTES = 16 * 1024;
const MAX_FIELDS = 64;
const LIMITS = { fieldSize: MAX_FIELD_BYTES, fields: MAX_FIELDS, files: 4, parts: MAX_FIELDS + 4, headerPairs: 32 };
const JSON_TYPE = /^application\/json\b/i;
const FORM = /^(?:multipart\/form-data|application\/x-www-form-urlencoded)\b/i;

/** Reads forms, so many with an upload at a time. */
export class NzbForms {
  readonly #limits: Required<NzbFormLimits>;
  readonly #turns: { readonly known: Turnstile; readonly unknown: Turnstile };

  constructor(
    limits: NzbFormLimits = {},
    private readonly clock: Clock = systemClock,
  ) {
    this.#limits = { maxBytes: 100e6, maxUnknownBytes: 16e6, maxAtOnce: 8, maxTogetherBytes: 128e6, ...limits };
    const width = this.#limits.maxTogetherBytes;
    this.#turns = {
      known: new Turnstile({ width, maxWaiting: MAX_WAITING, refusal: REFUSAL }),
      unknown: new Turnstile({ width, maxWaiting: 0, refusal: REFUSAL }),
    };
  }

  /** Who gets an upload has to release it. @throws {InputError} for what is no form; {TooLargeError}; {BusyError}; an `AbortError` when the client has gone */
  async read(req: Request, options: ReadFormOptions): Promise<NzbForm> {
    const fields = fieldsOf(req.query);
    const type = req.headers['content-type'] ?? '';
    if (JSON_TYPE.test(type) && !fields.has('nzb_url') && options.isAllowed(fields))
      throw new InputError('Send the NZB or nzb_url as a form, not JSON.');
    if (!isForm(req)) return { fields, file: null };
    const reading = new FormReading(fields, {
      ...options,
      ...this.#limits,
      enter: (who, signal) => this.#enter(req, who, signal),
    });
    try {
      return await reading.run(req);
    } catch (error) {
      reading.giveBack();
      throw error;
    }
  }

  /** Room for as much as the request says that it brings, at least for a share of one upload among `maxAtOnce`. */
  async #enter(req: Request, who: 'known' | 'unknown', signal: AbortSignal): Promise<() => void> {
    const { maxBytes, maxUnknownBytes, maxAtOnce, maxTogetherBytes } = this.#limits;
    const most = who === 'known' ? maxBytes : maxUnknownBytes;
    const said = Number(req.headers['content-length'] ?? NaN);
    const weight = Math.max(said < most ? said : most, maxTogetherBytes / maxAtOnce);
    const late = new AbortController();
    const deadline = this.clock.after(MAX_WAIT_MS, () => late.abort(new BusyError(REFUSAL)));
    try {
      return await this.#turns[who].enter({ weight, signal: AbortSignal.any([signal, late.signal]) });
    } finally {
      deadline.cancel();
    }
  }
}

/** True when the request's body is a form of either kind. */
export function isForm(req: Pick<Request, 'headers'>): boolean {
  return FORM.test(req.headers['content-type'] ?? '');
}

/** The fields of a query that are plain text. */
export function fieldsOf(query: object): Map<string, string> {
  return new Map(Object.entries(query).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

interface ReadingOptions extends ReadFormOptions {
  readonly maxBytes: number;
  readonly maxUnknownBytes: number;
  /** Waits for room for one upload, held until the returned function is called. @throws {BusyError}; the signal's reason */
  readonly enter: (who: 'known' | 'unknown', signal: AbortSignal) => Promise<() => void>;
}

/** One form on its way. */
class FormReading {
  /** The room for its upload. */
  giveBack: () => void = () => undefined;
  readonly #ending = new AbortController();
  readonly #fields: Map<string, string>;
  readonly #options: ReadingOptions;
  #chunks: Uint8Array[] = [];
  #sizeBytes = 0;
  #name: string | null = null;
  #hasFile = false;
  #isOver = false;

  constructor(fields: Map<string, string>, options: ReadingOptions) {
    this.#fields = fields;
    this.#options = options;
  }

  run(req: Request): Promise<NzbForm> {
    return new Promise((resolve, reject) => {
      const parser = openParser(req);
      const fail = (error: Error): void => {
        if (this.#isOver) return;
        this.#isOver = true;
        this.#chunks = [];
        this.#ending.abort(error);
        req.unpipe(parser);
        void drain(req, this.#options.maxBytes).finally(() => reject(error));
      };
      const left = (): void => {
        if (!req.complete) fail(new DOMException('The client has gone.', 'AbortError'));
      };
      parser.on('field', (name, value, info) => {
        if (info.nameTruncated || info.valueTruncated) fail(new InputError('A field of the form is too long.'));
        else this.#fields.set(name, value);
      });
      parser.on('file', (name, stream, info) => {
        this.#takeFile({ name, stream, fileName: info.filename }, fail);
      });
      for (const full of ['fieldsLimit', 'filesLimit', 'partsLimit'] as const)
        parser.on(full, () => fail(new InputError('The form has too many fields.')));
      parser.on('error', (cause) => fail(unreadable(cause)));
      parser.on('close', () => {
        if (this.#isOver) return;
        this.#isOver = true;
        req.off('close', left);
        resolve({ fields: this.#fields, file: this.#file() });
      });
      req.once('close', left);
      req.pipe(parser);
    });
  }

  #takeFile(
    {
      name,
      stream,
      fileName,
    }: { readonly name: string; readonly stream: Readable; readonly fileName: string | undefined },
    fail: (error: Error) => void,
  ): void {
    stream.on('error', (cause) => fail(unreadable(cause)));
    const { isAllowed, enter, fileFields = FILE_FIELDS } = this.#options;
    if (!fileFields.includes(name) || this.#hasFile) {
      stream.resume();
      return;
    }
    this.#hasFile = true;
    this.#name = fileName ?? null;
    enter(isAllowed(this.#fields) ? 'known' : 'unknown', this.#ending.signal).then((leave) => {
      if (this.#isOver) return leave();
      this.giveBack = leave;
      this.#collect(stream, fail);
    }, fail);
  }

  /** Until then nothing more is read of the request. */
  #collect(stream: Readable, fail: (error: Error) => void): void {
    stream.on('data', (chunk: Uint8Array) => {
      if (this.#isOver) return;
      this.#sizeBytes += chunk.length;
      if (this.#sizeBytes > this.#maxBytes()) fail(new TooLargeError('The NZB is larger than is taken.'));
      else this.#chunks.push(chunk);
    });
  }

  #maxBytes(): number {
    const { isAllowed, maxBytes, maxUnknownBytes } = this.#options;
    return this.#sizeBytes <= maxUnknownBytes || isAllowed(this.#fields) ? maxBytes : maxUnknownBytes;
  }

  #file(): UploadedNzb | null {
    if (!this.#hasFile) return null;
    let bytes: Uint8Array = Buffer.concat(this.#chunks);
    this.#chunks = [];
    return {
      name: this.#name,
      get bytes() {
        return bytes;
      },
      release: () => {
        bytes = NOTHING;
        this.giveBack();
      },
    };
  }
}

/** Reads and forgets what is left of a body, up to `maxBytes`: who is cut off while sending hears no answer. */
function drain(req: Request, maxBytes: number): Promise<void> {
  return new Promise((resolve) => {
    let leftBytes = maxBytes;
    if (req.complete || req.destroyed) return resolve();
    req.on('data', (chunk: Uint8Array) => {
      leftBytes -= chunk.length;
      if (leftBytes < 0) resolve();
    });
    req.once('end', resolve);
    req.once('close', resolve);
    req.resume();
  });
}

function openParser(req: Request): busboy.Busboy {
  try {
    return busboy({ headers: req.headers, limits: LIMITS, defParamCharset: 'utf8' });
  } catch (cause) {
    throw unreadable(cause);
  }
}

function unreadable(cause: unknown): InputError {
  return new InputError('The form could not be read.', { cause });
}
