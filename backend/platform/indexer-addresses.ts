// How the text of INDEXERS becomes indexers: kind and address in one text, the key taken out of it. Pure; its errors say which
// entry is wrong and why, and never repeat an address or a key.

import { InputError } from '../content/index.js';
import { parsePercentEncoded, takeId } from './config-values.js';

/** What one can be set up as; `nzbhydra` and `jackett` speak Newznab and Torznab, `prowlarr` has a way of its own. */
export const INDEXER_KINDS = ['torznab', 'newznab', 'prowlarr', 'nzbhydra', 'jackett'] as const;

export type IndexerKind = (typeof INDEXER_KINDS)[number];

/** Where an indexer is reached. Holds secrets (`apiKey`, and `url` may): not for logs or answers. */
export interface IndexerAddress {
  /** Unique and stable; `[a-z0-9-]`. */
  readonly id: string;
  readonly kind: IndexerKind;
  /** For people. */
  readonly name: string;
  /** Of its API, without the key; http or https. */
  readonly url: string;
  readonly apiKey?: string;
}

/** More is a mistake rather than a list of indexers. */
const MAX_INDEXERS = 100;
const MAX_URL_LENGTH = 2000;
const MAX_KEY_LENGTH = 256;
const MAX_NAME_LENGTH = 60;
const KINDS = INDEXER_KINDS.join(', ');
const EXAMPLE = 'torznab+https://indexer.example.org/api?apikey=…';

/** A comma inside an address is part of it: of its categories, say. */
const SEPARATING_COMMA = /,(?=[a-z]+\+https?:\/\/|\s|$)/gi;

/**
 * The indexers between blanks, in order, frozen. Ids come from kind and host, a number behind them where they are alike; a
 * name is the host unless `#name=…` gives one. @throws {InputError} naming the entry by its number and what is wrong with it.
 */
export function parseIndexerAddresses(text: string): readonly IndexerAddress[] {
  const entries = text
    .replace(SEPARATING_COMMA, ' ')
    .split(/\s+/)
    .filter((entry) => entry !== '');
  if (entries.length > MAX_INDEXERS) throw new InputError(`more than ${MAX_INDEXERS} indexers`);
  const ids = new Set<string>();
  return entries.map((entry, index) => {
    try {
      return Object.freeze(parseIndexer(entry, ids));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      throw new InputError(`entry ${index + 1}: ${error.message}`);
    }
  });
}

function parseIndexer(entry: string, ids: Set<string>): IndexerAddress {
  if (/^["'“”‘’]/.test(entry)) throw new InputError('there are quotes around it; leave them out');
  const [, word, address = ''] = /^([a-z0-9]+)\+(.*)$/i.exec(entry) ?? [];
  if (word === undefined)
    throw new InputError(`it does not begin with a kind and +, as in ${EXAMPLE}; kinds are ${KINDS}`);
  const kind = INDEXER_KINDS.find((one) => one === word.toLowerCase());
  if (kind === undefined) throw new InputError(`its kind is not one of ${KINDS}`);
  const url = urlOf(address);
  const name = nameOf(url);
  const { apiKey, query } = takeKey(url.search.slice(1));
  url.search = query;
  url.hash = '';
  const id = takeId(`${kind}-${hostPartOf(url)}`, ids);
  return { id, kind, name, url: url.href, ...(apiKey === undefined ? {} : { apiKey }) };
}

function urlOf(address: string): URL {
  const isWeb = /^https?:\/\/[^/?#]/i.test(address);
  if (!isWeb || !URL.canParse(address)) {
    throw new InputError('what follows the + is not an address such as https://indexer.example.org/api');
  }
  if (address.length > MAX_URL_LENGTH) throw new InputError(`it is longer than ${MAX_URL_LENGTH} characters`);
  return new URL(address);
}

function nameOf(url: URL): string {
  if (url.hash === '') return url.hostname;
  const [, encoded] = /^#name=(.+)$/.exec(url.hash) ?? [];
  if (encoded === undefined) throw new InputError('what follows the # is not name=…; in an address # is %23');
  const name = parsePercentEncoded(encoded, 'the name', MAX_NAME_LENGTH).trim();
  if (name === '') throw new InputError('the name is empty');
  return name;
}

/** What is not the key stays as it is written. */
function takeKey(search: string): { readonly apiKey?: string; readonly query: string } {
  const isKey = (part: string): boolean => /^apikey(?:=|$)/i.test(part);
  const parts = search.split('&').filter((part) => part !== '');
  const [given, ...more] = parts.filter(isKey);
  const query = parts.filter((part) => !isKey(part)).join('&');
  if (given === undefined) return { query };
  if (more.length > 0) throw new InputError('apikey is given twice');
  const apiKey = parsePercentEncoded(given.slice('apikey='.length), 'the apikey', MAX_KEY_LENGTH);
  if (apiKey === '') throw new InputError('the apikey is empty; leave the parameter out where none is needed');
  return { apiKey, query };
}

function hostPartOf(url: URL): string {
  return url.hostname.replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '');
}
