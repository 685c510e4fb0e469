// What went wrong between here and an indexer, told apart and put into words for who set it up. Pure.

import { HeadstartError } from '../../content/index.js';
import { oneLine } from './foreign-fields.js';
import { IndexerError } from './indexer-error.js';
import type { XmlElement } from './xml-document.js';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
/** Longer than this nobody is believed: a clock may be wrong. */
const MAX_RETRY_AFTER_MS = 24 * HOUR_MS;
const MAX_DESCRIPTION_CHARACTERS = 120;

/** Status and headers of an answer. */
export interface AnswerHead {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** `Retry-After` in ms from `now`, one second to a day: seconds or a date (RFC 9110 §10.2.3); null for anything else. */
export function parseRetryAfter(text: string | undefined, now: number): number | null {
  const value = text?.trim().slice(0, 64) ?? '';
  const isDate = /^[a-z]{3,9},? /i.test(value);
  const ms = /^\d{1,9}$/.test(value) ? Number(value) * SECOND_MS : isDate ? Date.parse(value) - now : Number.NaN;
  if (Number.isNaN(ms)) return null;
  return Math.min(Math.max(ms, SECOND_MS), MAX_RETRY_AFTER_MS);
}

/** What its HTTP status alone says is wrong; null for 200, and for what the body may explain better. */
export function faultOfStatus({ status, headers }: AnswerHead, now: number): IndexerError | null {
  const retryAfterMs = parseRetryAfter(headers['retry-after'], now);
  if (status === 200) return null;
  if (status === 401 || status === 403) {
    return new IndexerError(`It refuses the key (HTTP ${status}).`, 'INDEXER_AUTH');
  }
  if (status === 429 || (status === 503 && retryAfterMs !== null)) return limit('', retryAfterMs ?? MINUTE_MS);
  if (status === 404 || status === 405) {
    return new IndexerError(`There is no API at this path (HTTP ${status}).`, 'INDEXER_INVALID');
  }
  if (status >= 500) return new IndexerError(`It fails to answer (HTTP ${status}).`, 'INDEXER_UNREACHABLE');
  return new IndexerError(`Its answer is no results (HTTP ${status}).`, 'INDEXER_INVALID');
}

/**
 * What an `<error code description>` means (Newznab's list, and what Jackett and Prowlarr add); null for any other document.
 * `retryAfterMs` is what the answer's head said; `apiKey` is cut out of whatever it repeats.
 */
export function faultOfDocument(
  root: XmlElement,
  { retryAfterMs, apiKey = '' }: { readonly retryAfterMs: number | null; readonly apiKey?: string | undefined },
): IndexerError | null {
  if (root.name !== 'error') return null;
  const { code = '', description = '' } = root.attributes;
  const safe = apiKey === '' ? description : description.replaceAll(apiKey, '…');
  const said = oneLine(safe, MAX_DESCRIPTION_CHARACTERS);
  const number = /^\d{1,4}$/.test(code) ? Number(code) : 900;
  const words = said === '' ? '' : `: ${said}`;
  if (number >= 100 && number < 200) return new IndexerError(`It refuses the key${words}`, 'INDEXER_AUTH');
  if (number >= 200 && number < 300) {
    return new IndexerError(`It does not understand the question${words}`, 'INDEXER_UNSUPPORTED');
  }
  if (number === 429) return limit(words, retryAfterMs ?? MINUTE_MS);
  // 500 and 501: the day's requests, or downloads, are used up. Nobody says when the day ends.
  if (number === 500 || number === 501) return limit(words, retryAfterMs ?? HOUR_MS);
  return new IndexerError(`It reports an error (${number})${words}`, 'INDEXER_INVALID');
}

/** Whether a document says that there is nothing (300: no such item), which is an answer. */
export function isNothingFound({ name, attributes }: XmlElement): boolean {
  return name === 'error' && attributes['code'] === '300';
}

/** What the guarded client threw, as a fault of the indexer; aborts and timeouts pass as they are. */
export function faultOfFetch(error: unknown): unknown {
  if (!(error instanceof HeadstartError) || error instanceof IndexerError) return error;
  const options = { cause: error };
  switch (error.code) {
    case 'FETCH_REFUSED':
      return new IndexerError('It leads to an address that may not be fetched from.', 'INDEXER_UNREACHABLE', options);
    case 'TOO_LARGE':
      return new IndexerError('Its answer is far too large.', 'INDEXER_INVALID', options);
    case 'UPSTREAM':
      return new IndexerError(reasonOf(error.cause), 'INDEXER_UNREACHABLE', options);
    default:
      return error;
  }
}

const REASONS: readonly (readonly [RegExp, string])[] = [
  [/^(ENOTFOUND|EAI_\w+|ENODATA)$/, 'Its name is unknown (DNS).'],
  [/^ECONNREFUSED$/, 'The connection is refused: nothing listens there.'],
  [/^(ECONNRESET|EPIPE|ECONNABORTED|ERR_BAD_RESPONSE)$/, 'The connection broke off.'],
  [/^(EHOSTUNREACH|ENETUNREACH|ETIMEDOUT)$/, 'There is no way to its address.'],
  [/CERT|SELF_SIGNED|ISSUER|LEAF_SIGNATURE/, 'Its TLS certificate is not trusted.'],
  [/^(EPROTO$|ERR_SSL|ERR_TLS)/, 'It does not speak TLS at this address.'],
];

function reasonOf(cause: unknown): string {
  const { code } = Object(cause) as { code?: unknown };
  const known = typeof code === 'string' ? REASONS.find(([pattern]) => pattern.test(code)) : undefined;
  return known?.[1] ?? 'It could not be reached.';
}

function limit(words: string, retryAfterMs: number): IndexerError {
  return new IndexerError(`It was asked too often${words || '.'}`, 'INDEXER_LIMIT', { retryAfterMs });
}
