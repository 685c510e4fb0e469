// The one table from errors to HTTP statuses, and what a client may be told of an error. Knows no message and no socket.

import {
  AccessError,
  BusyError,
  ClosedError,
  CorruptDataError,
  GoneError,
  HeadstartError,
  InputError,
  NotFoundError,
  ProtocolError,
  RangeNotSatisfiableError,
  StorageFullError,
  TimeoutError,
  TooLargeError,
  UnplayableError,
  UnsupportedError,
  UpstreamError,
} from '../content/index.js';

/** What a client is told: a stable code and a sentence for people. */
export interface PublicError {
  readonly code: string;
  readonly message: string;
}

/** `bytes`: a media file was asked for, where an upstream that is down or silent means "later", not "bad gateway". */
export type Audience = 'api' | 'bytes';

interface Row {
  readonly type: abstract new (...args: never[]) => HeadstartError;
  readonly status: number;
  /** Where a byte request is answered otherwise (503 goes with Retry-After). */
  readonly bytesStatus?: number;
}

const STATUSES: readonly Row[] = [
  { type: InputError, status: 400 },
  { type: NotFoundError, status: 404 },
  { type: GoneError, status: 410 },
  { type: TooLargeError, status: 413 },
  { type: RangeNotSatisfiableError, status: 416 },
  { type: UnplayableError, status: 422 },
  { type: UnsupportedError, status: 501 },
  { type: CorruptDataError, status: 502 },
  { type: ProtocolError, status: 502 },
  { type: UpstreamError, status: 502, bytesStatus: 503 },
  { type: BusyError, status: 503 },
  { type: ClosedError, status: 503 },
  { type: TimeoutError, status: 504, bytesStatus: 503 },
  { type: StorageFullError, status: 507 },
];

const UNKNOWN_STATUS = 500;
const ABORTED: PublicError = { code: 'ABORTED', message: 'The request was ended before it was answered.' };
const INTERNAL: PublicError = { code: 'INTERNAL', message: 'Something went wrong on the server.' };
const FULL: PublicError = { code: 'STORAGE_FULL', message: 'The disk is full.' };
const DEFAULT_RETRY_SECONDS = 5;

/** The status an error is answered with; 500 for whatever the house does not know. */
export function httpStatusOf(error: unknown, audience: Audience = 'api'): number {
  if (error instanceof AccessError) return error.code === 'FORBIDDEN' ? 403 : 401;
  if (error instanceof HeadstartError) {
    const row = STATUSES.find(({ type }) => error instanceof type);
    return (audience === 'bytes' ? row?.bytesStatus : undefined) ?? row?.status ?? UNKNOWN_STATUS;
  }
  if (isAbort(error)) return 503;
  if (isDiskFull(error)) return 507;
  return frameworkStatus(error) ?? UNKNOWN_STATUS;
}

/** What may leave the house about an error: a HeadstartError's own words, a neutral sentence for all others. */
export function publicErrorOf(error: unknown): PublicError {
  if (error instanceof HeadstartError) return { code: error.code, message: error.message };
  if (isAbort(error)) return ABORTED;
  if (isDiskFull(error)) return FULL;
  const status = frameworkStatus(error);
  if (status === undefined) return INTERNAL;
  return status === 413
    ? { code: 'TOO_LARGE', message: 'The request is larger than is taken.' }
    : { code: 'INPUT', message: 'The request could not be read.' };
}

/** Whole seconds for `Retry-After`, or null when trying again is no use. */
export function retryAfterOf(error: unknown, audience: Audience = 'api'): number | null {
  if (error instanceof BusyError) return Math.max(1, Math.ceil(error.retryAfterSeconds));
  return httpStatusOf(error, audience) === 503 ? DEFAULT_RETRY_SECONDS : null;
}

/** True for the error an AbortSignal ends things with: nobody waits for an answer any more. */
export function isAbort(error: unknown): boolean {
  return field(error, 'name') === 'AbortError';
}

function isDiskFull(error: unknown): boolean {
  const code = field(error, 'code');
  return code === 'ENOSPC' || code === 'EDQUOT';
}

/** The web framework marks what it could not read (a broken %, bad JSON, a body too large) with a status of its own. */
function frameworkStatus(error: unknown): number | undefined {
  const isForClients = field(error, 'expose') === true || error instanceof URIError;
  const status = isForClients ? field(error, 'status') : undefined;
  return typeof status === 'number' && Number.isInteger(status) && status >= 400 && status < 500 ? status : undefined;
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
