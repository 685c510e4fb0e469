// One page of an indexer's answer: RSS with the attributes of Newznab and Torznab. Pure. Everything is still as a stranger
// wrote it.

import { IndexerError } from './indexer-error.js';
import type { XmlElement } from './xml-document.js';

export interface FeedItem {
  readonly title: string;
  readonly link: string;
  readonly guid: string;
  readonly publishedOn: string;
  readonly size: string;
  readonly enclosure: { readonly url: string; readonly type: string; readonly length: string };
  /** The site behind an aggregator, from Jackett's or Prowlarr's own element; '' where there is none. */
  readonly site: string;
  /** By name in lower case, the first of each. */
  readonly attributes: ReadonlyMap<string, string>;
}

export interface Feed {
  /** At most 1000. */
  readonly items: readonly FeedItem[];
  /** How many there are in all, on all pages; null when not told. */
  readonly total: number | null;
}

const MAX_ITEMS = 1_000;
const MAX_ATTRIBUTES = 100;

/** @throws {IndexerError} `INDEXER_INVALID` for a document that is no feed */
export function parseFeed(root: XmlElement): Feed {
  const channel = root.name === 'rss' ? root.children('channel')[0] : undefined;
  if (channel === undefined) throw new IndexerError('The answer is no list of results.', 'INDEXER_INVALID');
  const total = channel.children('response')[0]?.attributes['total'] ?? '';
  return {
    items: channel.children('item').slice(0, MAX_ITEMS).map(itemOf),
    total: /^\d{1,9}$/.test(total) ? Number(total) : null,
  };
}

function itemOf(item: XmlElement): FeedItem {
  const text = (name: string): string => item.children(name)[0]?.text ?? '';
  const { url = '', type = '', length = '' } = item.children('enclosure')[0]?.attributes ?? {};
  return {
    title: text('title'),
    link: text('link'),
    guid: text('guid'),
    publishedOn: text('pubdate'),
    size: text('size'),
    enclosure: { url, type, length },
    site: text('jackettindexer') || text('prowlarrindexer'),
    attributes: attributesOf(item),
  };
}

function attributesOf(item: XmlElement): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { attributes } of item.children('attr').slice(0, MAX_ATTRIBUTES)) {
    const name = attributes['name']?.toLowerCase();
    if (name !== undefined && !found.has(name)) found.set(name, attributes['value'] ?? '');
  }
  return found;
}
