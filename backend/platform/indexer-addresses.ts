// How the text of INDEXERS becomes indexers: several addresses, each with its kind in front. Pure; its errors say which
// entry is wrong and why, and never repeat an address or a key.

import { InputError } from '../content/index.js';
import { parsePercentEncoded, takeId } from './config-values.js';
import { INDEXER_KINDS, parseIndexerAddress, type IndexerKind } from './indexer-address.js';

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
  const parts = /^[a-z0-9]+\+/i.test(entry) ? parseIndexerAddress(entry) : null;
  const kind = parts?.kind ?? null;
  if (parts === null || kind === null) {
    throw new InputError(`it does not begin with a kind and +, as in ${EXAMPLE}; kinds are ${KINDS}`);
  }
  const { url, apiKey, fragment } = parts;
  if (apiKey === '') throw new InputError('the apikey is empty; leave the parameter out where none is needed');
  const { hostname } = new URL(url);
  const name = nameOf(fragment) ?? hostname;
  const id = takeId(`${kind}-${idPartOf(hostname)}`, ids);
  return { id, kind, name, url, ...(apiKey === null ? {} : { apiKey }) };
}

/** Null where none is given. */
function nameOf(fragment: string): string | null {
  if (fragment === '') return null;
  const [, encoded] = /^name=(.+)$/.exec(fragment) ?? [];
  if (encoded === undefined) throw new InputError('what follows the # is not name=…; in an address # is %23');
  const name = parsePercentEncoded(encoded, 'the name', MAX_NAME_LENGTH).trim();
  if (name === '') throw new InputError('the name is empty');
  return name;
}

function idPartOf(hostname: string): string {
  return hostname.replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '');
}
