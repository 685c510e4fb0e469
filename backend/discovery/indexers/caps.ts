// What an indexer says it can do (`t=caps` of Newznab and Torznab). Pure.

import { oneLine } from './foreign-fields.js';
import { IndexerError } from './indexer-error.js';
import type { XmlElement } from './xml-document.js';

/** The parameters each way of searching takes, in lower case; null where it cannot be searched that way. */
export interface IndexerCaps {
  /** Its title and version; null when not told. */
  readonly server: string | null;
  readonly search: ReadonlySet<string> | null;
  readonly tvSearch: ReadonlySet<string> | null;
  readonly movieSearch: ReadonlySet<string> | null;
  /** Ids of categories and their parts; empty when not told. */
  readonly categories: ReadonlySet<number>;
  /** Results in one answer, 1–1000. */
  readonly pageSize: number;
}

const DEFAULT_PAGE_SIZE = 100;
const MAX_PAGE_SIZE = 1_000;
const MAX_CATEGORIES = 1_000;
const MAX_PARAMETERS = 50;
const MAX_SERVER_CHARACTERS = 80;

/** Where a way of searching is offered but its parameters are not told: those of the first Newznab. */
const UNTOLD = { search: ['q'], 'tv-search': ['q', 'season', 'ep'], 'movie-search': ['q', 'imdbid'] } as const;

/** Of an indexer that does not tell: it is searched by words alone. */
export const CAPS_NOT_TOLD: IndexerCaps = {
  server: null,
  search: new Set(UNTOLD.search),
  tvSearch: null,
  movieSearch: null,
  categories: new Set(),
  pageSize: DEFAULT_PAGE_SIZE,
};

/** @throws {IndexerError} `INDEXER_INVALID` for a document that is something else */
export function parseCaps(root: XmlElement): IndexerCaps {
  if (root.name !== 'caps') {
    throw new IndexerError('The answer does not say what the indexer can do.', 'INDEXER_INVALID');
  }
  const searching = root.children('searching')[0];
  return {
    server: serverOf(root),
    search: modeOf(searching, 'search'),
    tvSearch: modeOf(searching, 'tv-search'),
    movieSearch: modeOf(searching, 'movie-search'),
    categories: categoriesOf(root),
    pageSize: pageSizeOf(root),
  };
}

function serverOf(root: XmlElement): string | null {
  const { title, version } = root.children('server')[0]?.attributes ?? {};
  const name = oneLine([title, version].filter(Boolean).join(' '), MAX_SERVER_CHARACTERS);
  return name === '' ? null : name;
}

/** A document without any list of ways is one of the first Newznab, which knew `search` alone for certain. */
function modeOf(searching: XmlElement | undefined, mode: keyof typeof UNTOLD): ReadonlySet<string> | null {
  if (searching === undefined) return mode === 'search' ? new Set(UNTOLD.search) : null;
  const { available, supportedparams } = searching.children(mode)[0]?.attributes ?? {};
  if (available?.toLowerCase() !== 'yes') return null;
  if (supportedparams === undefined || supportedparams.trim() === '') return new Set(UNTOLD[mode]);
  const told = supportedparams.slice(0, 2_000).toLowerCase().split(',', MAX_PARAMETERS);
  return new Set(told.map((name) => name.trim()));
}

function categoriesOf(root: XmlElement): ReadonlySet<number> {
  const tops = root.children('categories')[0]?.children('category').slice(0, MAX_CATEGORIES) ?? [];
  const all = tops.flatMap((top) => [top, ...top.children('subcat')]);
  const ids = all.map(({ attributes }) => attributes['id'] ?? '').filter((id) => /^\d{1,9}$/.test(id));
  return new Set(ids.slice(0, MAX_CATEGORIES).map(Number));
}

function pageSizeOf(root: XmlElement): number {
  const { max, default: usual } = root.children('limits')[0]?.attributes ?? {};
  const told = [max, usual].map(Number).find((size) => Number.isInteger(size) && size > 0);
  return Math.min(told ?? DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE);
}
