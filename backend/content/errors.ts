// Every failure the house can name. Classes say what the caller can do; codes say what happened. The HTTP column lives in
// delivery, never here.

export interface ErrorOptionsWithCode {
  readonly code?: string;
  readonly cause?: unknown;
}

/** Base of all errors. `message` is for people and may be shown to a client; `cause` is for the log only. */
export class HeadstartError extends Error {
  /** Stable, upper-case, for machines. */
  readonly code: string;

  constructor(message: string, defaultCode: string, options: ErrorOptionsWithCode = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = options.code ?? defaultCode;
  }
}

/** The caller's fault: a bad id, magnet, NZB or setting. */
export class InputError extends HeadstartError {
  constructor(message: string, options?: ErrorOptionsWithCode) {
    super(message, 'INPUT', options);
  }
}

/** Sent more than is taken (uploads, request bodies, fetched documents). */
export class TooLargeError extends HeadstartError {
  constructor(message: string, options?: ErrorOptionsWithCode) {
    super(message, 'TOO_LARGE', options);
  }
}

/** No such torrent, file, job or release. */
export class NotFoundError extends HeadstartError {
  constructor(message: string, options?: ErrorOptionsWithCode) {
    super(message, 'NOT_FOUND', options);
  }
}

/** The range lies outside the file; `sizeBytes` goes into `Content-Range`. */
export class RangeNotSatisfiableError extends HeadstartError {
  constructor(
    readonly sizeBytes: number,
    options?: ErrorOptionsWithCode,
  ) {
    super('The requested range lies outside the file.', 'RANGE', options);
  }
}

/** This release will not play: remember it, try the next one. */
export class UnplayableError extends HeadstartError {
  constructor(message: string, code: string, options: { readonly cause?: unknown } = {}) {
    super(message, code, options);
  }
}

/** A hash or checksum failed: drop that copy. */
export class CorruptDataError extends HeadstartError {
  constructor(message: string, options?: ErrorOptionsWithCode) {
    super(message, 'CORRUPT', options);
  }
}

/** A peer or server broke the rules: close that connection. */
export class ProtocolError extends HeadstartError {
  constructor(message: string, options?: ErrorOptionsWithCode) {
    super(message, 'PROTOCOL', options);
  }
}

/** An account or server outside failed: leave it alone for a while, tell the user. */
export class UpstreamError extends HeadstartError {
  constructor(message: string, code = 'UPSTREAM', options: { readonly cause?: unknown } = {}) {
    super(message, code, options);
  }
}

/** Sign in (`UNAUTHORIZED`), or may not (`FORBIDDEN`). */
export class AccessError extends HeadstartError {
  constructor(message: string, code: 'UNAUTHORIZED' | 'FORBIDDEN', options: { readonly cause?: unknown } = {}) {
    super(message, code, options);
  }
}

/** Was here; was removed or has expired. */
export class GoneError extends HeadstartError {
  constructor(message: string, options?: ErrorOptionsWithCode) {
    super(message, 'GONE', options);
  }
}

/** The disk or the cache is full. */
export class StorageFullError extends HeadstartError {
  constructor(message: string, options?: ErrorOptionsWithCode) {
    super(message, 'STORAGE_FULL', options);
  }
}

/** A limit is reached or something is not ready: wait `retryAfterSeconds` and ask again. */
export class BusyError extends HeadstartError {
  constructor(
    message: string,
    readonly retryAfterSeconds = 5,
    options?: ErrorOptionsWithCode,
  ) {
    super(message, 'BUSY', options);
  }
}

/** A deadline passed. */
export class TimeoutError extends HeadstartError {
  constructor(message: string, options?: ErrorOptionsWithCode) {
    super(message, 'TIMEOUT', options);
  }
}

/** Not done here (yet): an NZB where no news server is set up. */
export class UnsupportedError extends HeadstartError {
  constructor(message: string, options?: ErrorOptionsWithCode) {
    super(message, 'UNSUPPORTED', options);
  }
}

/** What whoever wants something of Usenet is told while no news server is set up. */
export function usenetUnavailable(): UnsupportedError {
  return new UnsupportedError('No news server is set up: add one on the configure page, or set NNTP_PROVIDERS.', {
    code: 'USENET_UNAVAILABLE',
  });
}

/** We are shutting down. */
export class ClosedError extends HeadstartError {
  constructor(message = 'The server is shutting down.', options?: ErrorOptionsWithCode) {
    super(message, 'CLOSED', options);
  }
}
