// How the text of NNTP_PROVIDERS becomes news servers: one address each, with its account and options. Pure; its errors say
// which entry is wrong and why, and never repeat an account.

import { InputError } from '../content/index.js';
import {
  isIpAddress,
  parseBoolean,
  parseDuration,
  parseInteger,
  parsePercentEncoded,
  parseSize,
  parseUrl,
  takeId,
} from './config-values.js';

/** One news server and the account on it. Holds secrets (`user`, `password`, `proxyUrl`): not for logs or answers. */
export interface NntpProvider {
  /** From the host: unique in the list, the same at every start as long as the list's order is. `[a-z0-9.-]`. */
  readonly id: string;
  /** Lower case; IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
  readonly isTls: boolean;
  readonly user?: string;
  readonly password?: string;
  /** Most connections at once. */
  readonly connections: number;
  /** Commands under way on one connection. */
  readonly depth: number;
  /** Lower is asked first. */
  readonly priority: number;
  /** Asked only for what the others do not have. */
  readonly isBackup: boolean;
  /** Providers of one storage group have the same articles: what one lacks, the others lack. */
  readonly group?: string;
  /** Its certificate is not checked. */
  readonly isInsecure: boolean;
  /** PEM file of an authority that is believed beside the system's. */
  readonly caFile?: string;
  /** Bytes that may be fetched in a period, or ever when there is no `quotaPeriodMs`. */
  readonly quotaBytes?: number;
  readonly quotaPeriodMs?: number;
  /** `socks5://[user:password@]host:port`. */
  readonly proxyUrl?: string;
}

/** The most of each that makes sense: more providers are a mistake rather than a list of accounts. `text` in characters. */
export const NNTP_MAXIMA = { providers: 64, connections: 500, priority: 1000, text: 256 } as const;
/** What holds where nothing is said. `depth` hides the way to the server without holding too many articles back when a connection breaks. */
export const NNTP_DEFAULTS = { connections: 10, depth: 3, priority: 0, isBackup: false, isInsecure: false } as const;
const MAX_DEPTH = 8;
const MAX_PERIOD_MS = 3660 * 86400e3;
const TLS_PORT = 563;
const PLAIN_PORT = 119;

type Options = Partial<Omit<NntpProvider, 'id' | 'host' | 'port' | 'isTls' | 'user' | 'password'>>;

/** Each parameter of an address: its value's text becomes an option. */
const parameters: Readonly<Record<string, (text: string) => Options>> = {
  connections: (text) => ({ connections: within(text, 1, NNTP_MAXIMA.connections) }),
  depth: (text) => ({ depth: within(text, 1, MAX_DEPTH) }),
  priority: (text) => ({ priority: within(text, 0, NNTP_MAXIMA.priority) }),
  backup: (text) => ({ isBackup: parseBoolean(text) }),
  group: (text) => ({ group: plainText(text) }),
  insecure: (text) => ({ isInsecure: parseBoolean(text) }),
  ca: (text) => ({ caFile: plainText(text) }),
  quota: (text) => ({ quotaBytes: atLeastOne(parseSize(text)) }),
  quota_period: (text) => ({ quotaPeriodMs: periodOf(text) }),
  proxy: (text) => ({ proxyUrl: proxyOf(text) }),
};

/** A comma inside an address is part of it: of a password, say. */
const SEPARATING_COMMA = /,(?=nntps?:\/\/|\s|$)/gi;

/**
 * The providers between blanks or commas, in order, frozen.
 * @throws {InputError} naming the entry by its number and what is wrong with it.
 */
export function parseNntpProviders(text: string): readonly NntpProvider[] {
  const entries = text
    .replace(SEPARATING_COMMA, ' ')
    .split(/\s+/)
    .filter((entry) => entry !== '');
  if (entries.length > NNTP_MAXIMA.providers) throw new InputError(`more than ${NNTP_MAXIMA.providers} providers`);
  const ids = new Set<string>();
  return entries.map((entry, index) => {
    try {
      const provider = parseProvider(entry);
      return Object.freeze({ id: takeId(idBaseOf(provider.host), ids), ...provider });
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      throw new InputError(`entry ${index + 1}: ${error.message}`);
    }
  });
}

function parseProvider(entry: string): Omit<NntpProvider, 'id'> {
  if (/^["'“”‘’]/.test(entry)) throw new InputError('there are quotes around it; leave them out');
  if (!/^nntps?:\/\//i.test(entry)) throw new InputError('it does not begin with nntps:// or nntp://');
  if (!URL.canParse(entry)) throw new InputError(hasWrongPort(entry) ? WRONG_PORT : `not an address; ${ENCODING}`);
  const url = new URL(entry);
  if ((url.pathname !== '' && url.pathname !== '/') || url.hash !== '') {
    throw new InputError(`there is a path or # in it; ${ENCODING}`);
  }
  const isTls = url.protocol === 'nntps:';
  return {
    host: hostOf(url),
    port: portOf(url, isTls),
    isTls,
    ...accountOf(url),
    ...NNTP_DEFAULTS,
    ...optionsOf(url.search.slice(1)),
  };
}

const ENCODING =
  'user and password must be percent-encoded (@ is %40, : is %3A, / is %2F, # is %23, ? is %3F, % is %25)';

function hostOf(url: URL): string {
  const host = url.hostname.toLowerCase().replace(/^\[(.*)\]$/, '$1');
  if (!isNntpHost(host)) throw new InputError(`the host is missing or not a host; ${ENCODING}`);
  return host;
}

/** A name in lower case, or an IP address without brackets. */
export function isNntpHost(text: string): boolean {
  return isIpAddress(text) || /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?$/.test(text);
}

const WRONG_PORT = 'the port is not from 1 to 65535';

/** Of an address that is none. */
function hasWrongPort(entry: string): boolean {
  const authority = entry.split(/[/?#]/)[2] ?? '';
  const [, port] = /:(\d+)$/.exec(authority.slice(authority.lastIndexOf('@') + 1)) ?? [];
  return Number(port) > 65535;
}

function portOf(url: URL, isTls: boolean): number {
  if (url.port === '') return usualNntpPort(isTls);
  const port = Number(url.port);
  if (port === 0) throw new InputError(WRONG_PORT);
  return port;
}

/** 563 or 119. */
export function usualNntpPort(isTls: boolean): number {
  return isTls ? TLS_PORT : PLAIN_PORT;
}

function accountOf(url: URL): { readonly user?: string; readonly password?: string } {
  if (url.username === '' && url.password === '') return {};
  if (url.username === '') throw new InputError('there is a password without a user');
  const user = parsePercentEncoded(url.username, 'the user', NNTP_MAXIMA.text);
  return url.password === ''
    ? { user }
    : { user, password: parsePercentEncoded(url.password, 'the password', NNTP_MAXIMA.text) };
}

function optionsOf(query: string): Options {
  const options: Record<string, unknown> = {};
  const seen = new Set<string>();
  for (const part of query.split('&').filter((one) => one !== '')) {
    const equals = part.indexOf('=');
    const name = equals < 0 ? part : part.slice(0, equals);
    const read = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    if (read === undefined) throw new InputError(unknownParameter(name, query));
    if (seen.has(name)) throw new InputError(`${name} is given twice`);
    seen.add(name);
    Object.assign(options, readParameter(name, read, equals < 0 ? '' : part.slice(equals + 1)));
  }
  if (options['quotaPeriodMs'] !== undefined && options['quotaBytes'] === undefined) {
    throw new InputError('quota_period is given without quota');
  }
  return options;
}

function readParameter(name: string, read: (text: string) => Options, text: string): Options {
  try {
    return read(parsePercentEncoded(text, 'it', NNTP_MAXIMA.text));
  } catch (error) {
    if (error instanceof InputError) throw new InputError(`${name}: ${error.message}`);
    throw error;
  }
}

/** With an @ in it, the query may be the rest of a password that was not encoded: then not even a name is repeated. */
function unknownParameter(name: string, query: string): string {
  const known = `known are ${Object.keys(parameters).join(', ')}`;
  return !query.includes('@') && /^[a-z][a-z_-]{0,23}$/i.test(name)
    ? `there is no parameter ${name}; ${known}`
    : `there is an unknown parameter; ${known}; ${ENCODING}`;
}

function within(text: string, min: number, max: number): number {
  const value = parseInteger(text);
  if (value < min || value > max) throw new InputError(`not from ${min} to ${max}`);
  return value;
}

function atLeastOne(value: number): number {
  if (value < 1) throw new InputError('too small');
  return value;
}

function periodOf(text: string): number {
  const periodMs = atLeastOne(parseDuration(text));
  if (periodMs > MAX_PERIOD_MS) throw new InputError('too large');
  return periodMs;
}

function plainText(text: string): string {
  if (text === '') throw new InputError('it is empty');
  return text;
}

function proxyOf(text: string): string {
  const url = parseUrl(text, ['socks5']);
  if (new URL(url).port === '') throw new InputError('the port is missing');
  return url.replace(/\/$/, '');
}

function idBaseOf(host: string): string {
  return host.replace(/[^a-z0-9.-]+/g, '-').replace(/^[-.]+/, '') || 'provider';
}
