// The forms a setting can have: each turns text into a value by a zod schema and says in words what is allowed. Knows no
// variable by name.

import { z } from 'zod';
import { HeadstartError, InputError } from '../content/index.js';
import {
  isIpAddress,
  parseBaseUrl,
  parseBoolean,
  parseCidr,
  parseDuration,
  parseInteger,
  parseList,
  parseOrigin,
  parseRate,
  parseSize,
  parseUrl,
} from './config-values.js';
import { INDEXER_KINDS } from './indexer-address.js';
import { parseIndexerAddresses } from './indexer-addresses.js';
import type { IndexerAddress } from './indexer-addresses.js';
import { parseNntpProviders } from './nntp-providers.js';
import type { NntpProvider } from './nntp-providers.js';

/** Longest wait a timer can hold. */
const MAX_DURATION_MS = 2 ** 31 - 1;
const MIN_SECRET_KEY_LENGTH = 32;

/** One form. An issue's message never repeats the text. */
export interface Form<Value> {
  readonly schema: z.ZodType<Value, string>;
  /** Which values can be given, as the end of a sentence. */
  readonly allowed: string;
}

function formOf<Value>(allowed: string, parse: (text: string) => Value): Form<Value> {
  const schema = z.string().transform((text, context) => {
    try {
      return parse(text);
    } catch (error) {
      if (!(error instanceof HeadstartError)) throw error;
      context.issues.push({ code: 'custom', message: error.message, input: text });
      return z.NEVER;
    }
  });
  return { schema, allowed };
}

function within(value: number, min: number, max: number): number {
  if (value < min) throw new InputError('too small');
  if (value > max) throw new InputError('too large');
  return value;
}

/** Whole numbers from `min` to `max`. */
export function wholeNumber(min: number, max: number): Form<number> {
  return formOf(`a whole number from ${min} to ${max}`, (text) => within(parseInteger(text), min, max));
}

/** Bytes, at least `minBytes`, which messages call `minText`. */
export function size(minBytes: number, minText: string): Form<number> {
  return formOf(`a size such as 500MB, 20GB or 512MiB, at least ${minText}`, (text) =>
    within(parseSize(text), minBytes, Number.MAX_SAFE_INTEGER),
  );
}

/** Milliseconds from `minMs` to what a timer can hold, or to `most`, which messages call by its text. */
export function duration(minMs: number, most = { ms: MAX_DURATION_MS, text: '24 days' }): Form<number> {
  return formOf(`milliseconds, or a time such as 20s, 5m or 2h, from ${minMs} ms to ${most.text}`, (text) =>
    within(parseDuration(text), minMs, most.ms),
  );
}

/** One of these words, in any case. */
export function oneOf<const Word extends string>(...words: Word[]): Form<Word> {
  return formOf(words.join(', '), (text) => {
    const found = words.find((word) => word === text.trim().toLowerCase());
    if (found === undefined) throw new InputError('unknown');
    return found;
  });
}

/** Entries between commas and blanks; a problem names the entry by its number. */
export function listOf<Entry>(allowed: string, parse: (entry: string) => Entry): Form<readonly Entry[]> {
  return formOf(`${allowed}, separated by commas or blanks`, (text) => parseEntries(text, parse));
}

function parseEntries<Entry>(text: string, parse: (entry: string) => Entry): readonly Entry[] {
  return parseList(text).map((entry, index) => {
    try {
      return parse(entry);
    } catch (error) {
      throw new InputError(`entry ${index + 1} is wrong`, { cause: error });
    }
  });
}

/** Bytes per second; 0 is unlimited. */
export const rate = formOf('MB/s as a number, or a size such as 20MB; 0 is unlimited', parseRate);
/** A boolean. */
export const yesNo = formOf('true or false', parseBoolean);
/** A path, absolute or not. */
export const path = formOf('a path', (text) => text.trim());
/** An absolute http(s) URL. */
export const webUrl = formOf('an http or https address', (text) => parseUrl(text, ['http', 'https']));
/** Networks in CIDR form. */
export const networks = listOf('addresses or networks such as 10.0.0.0/8', parseCidr);

/** Where a server listens: IP address (without brackets) or host name. */
export const hostName = formOf('an IP address or a host name', (text) => {
  const host = text.trim().replace(/^\[(.*)\]$/, '$1');
  if (!isIpAddress(host) && !/^(?=.{1,253}$)[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/i.test(host))
    throw new InputError('not a host');
  return host;
});

/** An IP address. */
export const bindAddress = formOf('an IP address', (text) => {
  if (!isIpAddress(text.trim())) throw new InputError('not an address');
  return text.trim();
});

/** A key that can stand in a header. */
export const apiKey = formOf('printable ASCII characters without blanks', (text) => {
  if (!/^[\x21-\x7e]{1,256}$/.test(text)) throw new InputError('not a key');
  return text;
});

/** A name of a Basic account: no colon, which ends it there. */
export const userName = formOf('1 to 64 printable ASCII characters without blanks and colons', (text) => {
  if (!/^[\x21-\x39\x3b-\x7e]{1,64}$/.test(text)) throw new InputError('not a name');
  return text;
});

/** What secrets are sealed with. */
export const secretKey = formOf(`${MIN_SECRET_KEY_LENGTH} characters or more`, (text) => {
  if (text.length < MIN_SECRET_KEY_LENGTH) throw new InputError(`too short: ${text.length} characters`);
  return text;
});

/** Yes, no, or the networks (CIDR form) that may be fetched from. */
export const privateFetch = formOf(
  'true, false, or networks such as 10.0.0.0/8, separated by commas or blanks',
  (text) => (/^(?:[a-z]+|[01])$/i.test(text.trim()) ? parseBoolean(text) : parseEntries(text, parseCidr)),
);

/** A SOCKS5 proxy, without trailing slash. */
export const socksUrl = formOf('socks5://host:port or socks5://user:password@host:port', (text) => {
  const url = parseUrl(text, ['socks5']);
  if (new URL(url).port === '') throw new InputError('the port is missing');
  return url.replace(/\/$/, '');
});

/** Origin and path prefix that are handed out. */
export const baseUrl = formOf(
  'an http or https address without query, such as https://example.org/headstart',
  parseBaseUrl,
);

/** Root of a Stremio addon; the address of its manifest, which is what people have at hand, is taken for it. */
export const addonUrl = formOf(
  'the http or https address of a Stremio addon that answers meta, with or without /manifest.json',
  (text) => parseBaseUrl(text.trim().replace(/\/manifest\.json$/i, '')),
);

/** Web origins, or `*`. */
export const origins = listOf('origins such as https://example.org, or *', parseOrigin);

/** Announce URLs; `none` is the empty list, since a blank value counts as not set. */
export const trackers = formOf(
  'udp, http or https announce addresses, separated by commas or blanks, or none',
  (text): readonly string[] =>
    text.trim().toLowerCase() === 'none'
      ? []
      : parseEntries(text, (entry) => parseUrl(entry, ['udp', 'http', 'https'])),
);

/** News servers with their accounts; a list in the settings file reads like one text. */
export const nntpProviders: Form<readonly NntpProvider[]> = formOf(
  'addresses such as nntps://user:password@news.example.org:563/?connections=20, separated by blanks or commas, user and password percent-encoded; parameters connections, priority, backup, depth, group, insecure, ca, quota, quota_period, proxy',
  parseNntpProviders,
);

/** Indexers with their keys; a list in the settings file reads like one text. */
export const indexerAddresses: Form<readonly IndexerAddress[]> = formOf(
  `addresses such as torznab+https://indexer.example.org/api?apikey=…, separated by blanks; kinds ${INDEXER_KINDS.join(', ')}; #name=… at the end names one`,
  parseIndexerAddresses,
);
