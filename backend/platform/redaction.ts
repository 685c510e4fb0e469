// Takes secrets out of what is about to be written down. Pure. Works on names of fields and on the shape of text; it is the
// second line: whoever logs should not hand over secrets in the first place.

import { isNativeError } from 'node:util/types';

/** What stands where a secret stood. */
export const REDACTED = '[redacted]';

/** Field names (any case, dashes and underscores ignored) whose value is a secret whatever it looks like. */
const SECRET_FIELD =
  /^(?:authorization|proxyauthorization|cookie|setcookie|xapikey|apikey|secretkey|sourcesecuritykey|addonkey|downloadkey|tlskey|password|passwd|pass|secret|token|accesstoken|refreshtoken|passkey|signature|access|torrentproxy|proxyurl|nntpproviders|webdavpassword)$/;

const IN_TEXT: readonly (readonly [RegExp, string])[] = [
  // a news server's account, also when somebody forgot to encode a slash in the password
  [/\b(nntps?:\/\/)[^\s"'@]*(?:@[^\s"'@]*)*@/gi, `$1${REDACTED}@`],
  // the commands that carry it
  [/\b(authinfo\s+(?:user|pass)\s+)[^\r\n]+/gi, `$1${REDACTED}`],
  // user:password@ in URLs
  [/\b([a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/?#"'@]*(?:@[^\s/?#"'@]*)*@/gi, `$1${REDACTED}@`],
  // ?access=… and relatives, as query parameters or pairs in text
  [
    /\b((?:access|api[-_]?key|download_key|pass(?:word|key|wd)?|token|secret(?:[-_]?key)?|signature|auth(?:key)?)=)[^\s&#"'<>;,]+/gi,
    `$1${REDACTED}`,
  ],
  [/\b((?:bearer|basic)\s+)[a-z0-9+/=._~-]{6,}/gi, `$1${REDACTED}`],
  // the addon key in its path
  [/(\/stremio\/)[a-z0-9_-]{16,}/gi, `$1${REDACTED}`],
];

/** How deep and wide a logged object is followed; what lies beyond is left out. */
const MAX_DEPTH = 6;
const MAX_ENTRIES = 100;
const MAX_TEXT = 4096;

/** `text` without credentials in URLs, secret query parameters, bearer tokens and addon keys; cut after 4096 characters. */
export function redactText(text: string): string {
  const short = text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;
  return IN_TEXT.reduce((result, [pattern, replacement]) => result.replace(pattern, replacement), short);
}

/**
 * A copy of `value` fit for the log: secret fields replaced, texts redacted, bytes as their length, errors as plain
 * objects with their causes, cycles and depths beyond 6 cut. Never throws.
 */
export function redact(value: unknown): unknown {
  return copy(value, 0, new Set());
}

function copy(value: unknown, depth: number, above: Set<object>): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'bigint' || typeof value === 'symbol' || typeof value === 'function')
    return String(value).slice(0, 64);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= MAX_DEPTH || above.has(value)) return '[…]';
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'invalid date' : value.toISOString();
  above.add(value);
  try {
    return copyObject(value, depth + 1, above);
  } catch {
    return '[unreadable]';
  } finally {
    above.delete(value);
  }
}

function copyObject(value: object, depth: number, above: Set<object>): unknown {
  if (value instanceof Error || isNativeError(value)) return copyError(value, depth, above);
  if (Array.isArray(value)) return value.slice(0, MAX_ENTRIES).map((entry) => copy(entry, depth, above));
  if (value instanceof URL) return redactText(value.href);
  const entries = value instanceof Map ? [...value.entries()] : Object.entries(value);
  const copied = entries.slice(0, MAX_ENTRIES).map(([name, entry]): [string, unknown] => {
    const field = String(name);
    const isSecret = SECRET_FIELD.test(field.toLowerCase().replace(/[-_]/g, ''));
    const isEmpty = entry === undefined || entry === null || typeof entry === 'boolean';
    return [field, isSecret && !isEmpty ? REDACTED : copy(entry, depth, above)];
  });
  return Object.fromEntries(copied);
}

function copyError(error: Error, depth: number, above: Set<object>): unknown {
  const { code } = error as { code?: unknown };
  return {
    type: error.name,
    message: redactText(error.message),
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    ...(error.stack === undefined ? {} : { stack: redactText(error.stack) }),
    ...(error.cause === undefined ? {} : { cause: copy(error.cause, depth, above) }),
  };
}
