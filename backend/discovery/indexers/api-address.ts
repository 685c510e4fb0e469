// Where an indexer's API lies, and what it speaks there, from what people enter: often the address of its pages. Pure.

import type { IndexerAddress } from '../../platform/index.js';

/** `url` has no key in it, but whatever else was entered. */
export interface ApiAddress {
  readonly speaks: 'torznab' | 'prowlarr';
  readonly url: URL;
}

const JACKETT_API = /\/api\/v2\.0\/indexers\/[^/]+\/results\/torznab/;
/** Prowlarr's own address of one indexer, in both its forms. */
const PROWLARR_FEED = /\/(?:\d+\/api|api\/v1\/indexer\/\d+\/newznab)$/;

/** @throws {TypeError} when `url` is no URL, which settings do not let through */
export function apiAddressOf({ kind, url: text }: Pick<IndexerAddress, 'kind' | 'url'>): ApiAddress {
  const url = new URL(text);
  const path = url.pathname.replace(/\/+$/, '');
  url.hash = '';
  url.pathname = pathOf(kind, path);
  return { speaks: kind === 'prowlarr' && !PROWLARR_FEED.test(path) ? 'prowlarr' : 'torznab', url };
}

function pathOf(kind: IndexerAddress['kind'], path: string): string {
  switch (kind) {
    case 'jackett': {
      const base = path.replace(/\/UI(?:\/\w+)?$/i, '');
      const feed = JACKETT_API.exec(path);
      if (feed === null) return `${base}/api/v2.0/indexers/all/results/torznab/api`;
      return `${path.slice(0, feed.index)}${feed[0]}/api`;
    }
    case 'nzbhydra':
      return /\/api$/.test(path) ? path : `${path}/api`;
    case 'prowlarr':
      return PROWLARR_FEED.test(path) ? path : path.replace(/\/api(?:\/v1)?(?:\/search)?$/, '');
    case 'torznab':
    case 'newznab':
      return path === '' ? '/api' : path;
  }
}
