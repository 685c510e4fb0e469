// One indexer's address as people write it, taken apart: kind, address, key, what follows the #. Pure; its errors are the end
// of a sentence about the address and never repeat it or a key.

import { InputError } from '../content/index.js';
import { parsePercentEncoded } from './config-values.js';

/** What one can be set up as; `nzbhydra` and `jackett` speak Newznab and Torznab, `prowlarr` has a way of its own. */
export const INDEXER_KINDS = ['torznab', 'newznab', 'prowlarr', 'nzbhydra', 'jackett'] as const;

export type IndexerKind = (typeof INDEXER_KINDS)[number];

/** Holds secrets (`apiKey`, and `url` may). */
export interface IndexerAddressParts {
  /** Null where nothing stands in front of the address. */
  readonly kind: IndexerKind | null;
  /** http or https, without key and fragment; what else is in its query stays as it is written. */
  readonly url: string;
  /** Printable ASCII, at most 256 characters; empty: the parameter is there without a value; null: it is not there. */
  readonly apiKey: string | null;
  /** What follows the `#`, as it is written; empty where nothing does. */
  readonly fragment: string;
}

/** Characters, the kind included. */
export const MAX_INDEXER_ADDRESS_LENGTH = 2000;
const MAX_KEY_LENGTH = 256;

/** Of `torznab+https://host/api?apikey=…#…`, where only the address itself has to be there. @throws {InputError} */
export function parseIndexerAddress(text: string): IndexerAddressParts {
  const [, word = null, address = text] = /^([a-z0-9]+)\+(.*)$/is.exec(text) ?? [];
  const kind = word === null ? null : kindOf(word);
  const url = urlOf(address);
  const { apiKey, query } = takeKey(url.search.slice(1));
  const fragment = url.hash.slice(1);
  // A query may begin with a question mark of its own.
  url.search = query === '' ? '' : `?${query}`;
  url.hash = '';
  return { kind, url: url.href, apiKey, fragment };
}

function kindOf(word: string): IndexerKind {
  const kind = INDEXER_KINDS.find((one) => one === word.toLowerCase());
  if (kind === undefined) throw new InputError(`its kind is not one of ${INDEXER_KINDS.join(', ')}`);
  return kind;
}

function urlOf(address: string): URL {
  if (!/^https?:\/\/[^/?#]/i.test(address) || !URL.canParse(address)) {
    throw new InputError('it is not an address such as https://indexer.example.org/api');
  }
  if (address.length > MAX_INDEXER_ADDRESS_LENGTH) {
    throw new InputError(`it is longer than ${MAX_INDEXER_ADDRESS_LENGTH} characters`);
  }
  return new URL(address);
}

function takeKey(search: string): { readonly apiKey: string | null; readonly query: string } {
  const parts = search.split('&').filter((part) => part !== '');
  const [given, ...more] = parts.filter(isKey);
  const query = parts.filter((part) => !isKey(part)).join('&');
  if (given === undefined) return { apiKey: null, query };
  if (more.length > 0) throw new InputError('apikey is given twice');
  const written = given.includes('=') ? given.slice(given.indexOf('=') + 1) : '';
  const apiKey = parsePercentEncoded(written, 'the apikey', MAX_KEY_LENGTH);
  if (apiKey !== '' && !isIndexerKey(apiKey)) throw new InputError('the apikey is not ASCII without blanks');
  return { apiKey, query };
}

/** Whether this could be the key of an indexer: printable ASCII without blanks, at most 256 characters. */
export function isIndexerKey(text: string): boolean {
  return text.length <= MAX_KEY_LENGTH && /^[\x21-\x7e]+$/.test(text);
}

function isKey(part: string): boolean {
  const [name = ''] = new URLSearchParams(part).keys();
  return /^api_?key$/i.test(name);
}
