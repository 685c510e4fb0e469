import { describe, expect, it } from '@jest/globals';
import { apiAddressOf } from '../../../../backend/discovery/indexers/api-address.js';

describe('API address', () => {
  it.each([
    ['jackett', 'http://h:9117', 'torznab', 'http://h:9117/api/v2.0/indexers/all/results/torznab/api'],
    [
      'jackett',
      'http://h:9117/UI/Dashboard#search',
      'torznab',
      'http://h:9117/api/v2.0/indexers/all/results/torznab/api',
    ],
    ['jackett', 'http://h/jackett/', 'torznab', 'http://h/jackett/api/v2.0/indexers/all/results/torznab/api'],
    [
      'jackett',
      'http://h/api/v2.0/indexers/quay/results/torznab/',
      'torznab',
      'http://h/api/v2.0/indexers/quay/results/torznab/api',
    ],
    [
      'jackett',
      'http://h/api/v2.0/indexers/quay/results/torznab/api',
      'torznab',
      'http://h/api/v2.0/indexers/quay/results/torznab/api',
    ],
    ['nzbhydra', 'http://h:5076', 'torznab', 'http://h:5076/api'],
    ['nzbhydra', 'http://h:5076/hydra/', 'torznab', 'http://h:5076/hydra/api'],
    ['nzbhydra', 'http://h:5076/torznab/api', 'torznab', 'http://h:5076/torznab/api'],
    ['prowlarr', 'http://h:9696/', 'prowlarr', 'http://h:9696/'],
    ['prowlarr', 'http://h/prowlarr/api/v1/search', 'prowlarr', 'http://h/prowlarr'],
    ['prowlarr', 'http://h:9696/1/api', 'torznab', 'http://h:9696/1/api'],
    ['prowlarr', 'http://h:9696/api/v1/indexer/3/newznab', 'torznab', 'http://h:9696/api/v1/indexer/3/newznab'],
    ['newznab', 'https://q.example', 'torznab', 'https://q.example/api'],
    ['newznab', 'https://q.example/api?o=xml', 'torznab', 'https://q.example/api?o=xml'],
    ['torznab', 'https://q.example/feed/torznab/', 'torznab', 'https://q.example/feed/torznab'],
  ] as const)('%s at %s - speaks %s at %s', (kind, url, speaks, expected) => {
    const address = apiAddressOf({ kind, url });
    expect([address.speaks, address.url.href]).toEqual([speaks, expected]);
  });
});
