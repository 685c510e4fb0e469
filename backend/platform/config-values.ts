// How a setting's text becomes a value: one parser per unit, all pure. Knows no variable by name; its errors never repeat
// the text, which may be a secret.

import ipaddr from 'ipaddr.js';
import { InputError } from '../content/index.js';

const BYTES_PER_UNIT: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 1024,
  mib: 1024 ** 2,
  gib: 1024 ** 3,
  tib: 1024 ** 4,
};

const MS_PER_UNIT: Readonly<Record<string, number>> = { '': 1, ms: 1, s: 1e3, m: 60e3, h: 3600e3, d: 86400e3 };

const NUMBER_WITH_UNIT = /^(\d{1,15}(?:\.\d{1,9})?)\s?([a-z]{0,3})$/i;

function parseWithUnit(text: string, units: Readonly<Record<string, number>>, problem: string): number {
  const match = NUMBER_WITH_UNIT.exec(text.trim());
  const factor = match ? units[(match[2] ?? '').toLowerCase()] : undefined;
  if (!match || factor === undefined) throw new InputError(problem);
  const value = Math.round(Number(match[1]) * factor);
  if (!Number.isSafeInteger(value)) throw new InputError(problem);
  return value;
}

/**
 * Bytes from `500000`, `500MB`, `1.5GB` (decimal) or `512MiB` (binary); the case of the unit does not matter.
 * @throws {InputError}
 */
export function parseSize(text: string): number {
  return parseWithUnit(text, BYTES_PER_UNIT, 'not a size');
}

/**
 * Bytes per second from a plain number of MB/s (`1.5`), or a size with its unit (`20MB`, `20MB/s`, `512KiB`).
 * `0` stays 0, which means unlimited. @throws {InputError}
 */
export function parseRate(text: string): number {
  const trimmed = text.trim();
  if (/^\d{1,9}(?:\.\d{1,9})?$/.test(trimmed)) return Math.round(Number(trimmed) * 1e6);
  return parseWithUnit(trimmed.replace(/\/s$/i, ''), BYTES_PER_UNIT, 'not a rate');
}

/** Milliseconds from `1500` (ms), `20s`, `5m`, `2h` or `1d`. @throws {InputError} */
export function parseDuration(text: string): number {
  return parseWithUnit(text, MS_PER_UNIT, 'not a duration');
}

/** `true`, `yes`, `on`, `1` and their opposites, in any case. @throws {InputError} */
export function parseBoolean(text: string): boolean {
  const word = text.trim().toLowerCase();
  if (['true', 'yes', 'on', '1'].includes(word)) return true;
  if (['false', 'no', 'off', '0'].includes(word)) return false;
  throw new InputError('not a yes or no');
}

/** A decimal integer without sign, point or exponent. @throws {InputError} */
export function parseInteger(text: string): number {
  const trimmed = text.trim();
  if (!/^\d{1,15}$/.test(trimmed)) throw new InputError('not a whole number');
  return Number(trimmed);
}

/**
 * What percent-encoding stands for. @throws {InputError} that begins with `what`: for anything that is no UTF-8, for control
 * characters (a line break could become a command or a header), and for more than `maxLength` characters.
 */
export function parsePercentEncoded(text: string, what: string, maxLength: number): string {
  let plain: string;
  try {
    plain = decodeURIComponent(text);
  } catch {
    throw new InputError(`${what} is not percent-encoded UTF-8; % itself is %25`);
  }
  if (/[\u0000-\u001f\u007f]/.test(plain)) throw new InputError(`${what} contains a control character`);
  if (plain.length > maxLength) throw new InputError(`${what} is longer than ${maxLength} characters`);
  return plain;
}

/** The parts between commas and blanks, empty ones dropped, repeated ones kept once, in order. */
export function parseList(text: string): readonly string[] {
  return [...new Set(text.split(/[\s,]+/).filter((part) => part !== ''))];
}

/** A network in the form `10.0.0.0/8` or `fd00::/8`; a single address becomes a `/32` or `/128`. @throws {InputError} */
export function parseCidr(text: string): string {
  const [address = '', bits, ...rest] = text.trim().split('/');
  if (rest.length > 0 || !isIpAddress(address)) throw new InputError('not an address or network');
  const parsed = ipaddr.parse(address);
  const width = parsed.kind() === 'ipv4' ? 32 : 128;
  const length = bits === undefined ? width : parseInteger(bits);
  if (length > width) throw new InputError('not an address or network');
  return `${parsed.toString()}/${length}`;
}

/** Four decimal numbers, or IPv6 without a zone: none of the octal, hexadecimal or shortened IPv4 forms. */
export function isIpAddress(text: string): boolean {
  return ipaddr.IPv4.isValidFourPartDecimal(text) || (ipaddr.IPv6.isValid(text) && !text.includes('%'));
}

/** True for `localhost`, `127.0.0.0/8` and `::1`, with or without brackets. */
export function isLoopbackHost(host: string): boolean {
  const bare = host
    .trim()
    .toLowerCase()
    .replace(/^\[(.*)\]$/, '$1');
  if (bare === 'localhost') return true;
  return isIpAddress(bare) && ipaddr.process(bare).range() === 'loopback';
}

/**
 * An absolute URL of one of `schemes` (without colon), as written by `URL`.
 * @throws {InputError} for anything else, a missing host included.
 */
export function parseUrl(text: string, schemes: readonly string[]): string {
  const trimmed = text.trim();
  const url = URL.canParse(trimmed) ? new URL(trimmed) : null;
  if (!url || url.hostname === '' || !schemes.includes(url.protocol.slice(0, -1))) {
    throw new InputError('not such an address');
  }
  return url.href;
}

/**
 * The address handed out to clients: http(s) origin with an optional path prefix and no trailing slash.
 * @throws {InputError} when it carries a query, a fragment or credentials.
 */
export function parseBaseUrl(text: string): string {
  const url = new URL(parseUrl(text, ['http', 'https']));
  if (url.search || url.hash || url.username || url.password) throw new InputError('not a base address');
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

/** A web origin (`https://host:port`), or `*`. @throws {InputError} when there is a path, query or credentials. */
export function parseOrigin(text: string): string {
  if (text.trim() === '*') return '*';
  const base = parseBaseUrl(text);
  if (base !== new URL(base).origin) throw new InputError('not an origin');
  return base;
}

/** `base`, or `base-2` and so on where it is taken; it is taken then. The same entries in the same order get the same ids. */
export function takeId(base: string, taken: Set<string>): string {
  let id = base;
  for (let number = 2; taken.has(id); number += 1) id = `${base}-${number}`;
  taken.add(id);
  return id;
}
